"""A file that an app shared, on the page."""

from chatops_local.page.conversation import _message
from chatops_local.slack import File, Message

TEXT = "one <!channel>\n```\nthree\nfour\nfive\nsix\n"


def test_a_file_is_a_snippet_that_pings_nobody_and_ends_no_fence():
    file = File("F1", "ps.txt", "/ps", "text", TEXT.encode())
    message = Message("C1", None, "All of it", (), "files.completeUploadExternal", at=1.0, ts="1.1", files=(file,))
    assert _message(message, {}, None)["text"] == (
        "All of it\n```\n[file ps.txt] /ps\none &lt;!channel&gt;\nˋˋˋ\nthree\nfour\nfive\n… 1 more lines\n```"
    )
