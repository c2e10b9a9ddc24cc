"""A file that an app shared, on the page."""

from chatops_local.page.conversation import _message
from chatops_local.slack import File, Message

TEXT = "one <!channel>\n```\nthree\nfour\nfive\nsix\n"


def test_a_file_is_shown_with_its_first_lines():
    file = File("F1", "ps.txt", "/ps", "text", TEXT.encode())
    message = Message("C1", None, "All of it", (), "files.completeUploadExternal", at=1.0, ts="1.1", files=(file,))
    shown = _message(message, {}, None)
    assert shown["text"] == "All of it"
    assert shown["files"] == [
        {
            "id": "F1",
            "name": "ps.txt",
            "title": "/ps",
            "bytes": len(TEXT),
            "lines": 6,
            "preview": "one <!channel>\n```\nthree\nfour\nfive",
            "text": TEXT,
        }
    ]
