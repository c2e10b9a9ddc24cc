"""Files in Slack's three steps: a URL, the bytes, the sharing.

https://docs.slack.dev/messaging/working-with-files#upload,
https://docs.slack.dev/reference/methods/files.getUploadURLExternal,
https://docs.slack.dev/reference/methods/files.completeUploadExternal
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chatops_local.slack.content import RejectedError
from chatops_local.slack.file import File
from chatops_local.slack.http_message import Request, Response
from chatops_local.slack.ids import new_word

if TYPE_CHECKING:
    from chatops_local.slack.record import Record

HOST = "files.slack.com"

MAX_SNIPPET = 1_048_576
"""`snippet_too_large`: "larger than 1MB" (https://docs.slack.dev/reference/methods/files.getUploadURLExternal#errors)."""
MAX_ALT_TEXT = 1_000


@dataclass(frozen=True)
class _Ticket:
    app_id: str
    length: int
    file: File
    is_uploaded: bool = False


class Uploads:
    """Files on their way, and the site that takes their bytes. Each is completed once."""

    def __init__(self, record: Record) -> None:
        """Note in `record` what goes wrong."""
        self._record = record
        self._tickets: dict[str, _Ticket] = {}
        self._paths: dict[str, str] = {}
        self._lock = threading.Lock()

    def ticket(self, app_id: str, arguments: dict[str, Any], host: str) -> dict[str, Any]:
        """The answer to files.getUploadURLExternal.

        Raises:
            RejectedError: `missing_argument`, also for an empty file, `snippet_too_large` or `alt_txt_too_large`.
        """
        name, length = str(arguments.get("filename") or ""), str(arguments.get("length") or "")
        if not name or not length.isascii() or not length.isdigit() or not int(length):
            raise RejectedError("missing_argument")
        snippet_type = str(arguments.get("snippet_type") or "")
        if snippet_type and int(length) > MAX_SNIPPET:
            raise RejectedError("snippet_too_large")
        if len(str(arguments.get("alt_txt") or "")) > MAX_ALT_TEXT:
            raise RejectedError("alt_txt_too_large")
        file = File("F" + new_word(10).upper(), name, name, snippet_type, b"")
        path = f"/upload/v1/{new_word(40)}"
        with self._lock:
            self._tickets[file.id] = _Ticket(app_id, int(length), file)
            self._paths[path] = file.id
        return {"upload_url": f"https://{host}{path}", "file_id": file.id}

    def answer(self, request: Request) -> Response:
        """The answer of files.slack.com to a file's bytes. What another number of bytes leads to is not documented."""
        with self._lock:
            file_id = self._paths.get(request.path)
            ticket = self._tickets.get(file_id) if file_id else None
            if request.method != "POST" or file_id is None or ticket is None:
                return Response.text("not found", status=404)
            if len(request.body) != ticket.length:
                self._record.note(f"{ticket.file.name}: {len(request.body)} bytes came, {ticket.length} were announced")
                return Response.text("length mismatch", status=400)
            file = replace(ticket.file, content=request.body)
            self._tickets[file_id] = replace(ticket, file=file, is_uploaded=True)
        return Response.text(f"OK - {ticket.length}")

    def complete(self, app_id: str, arguments: dict[str, Any]) -> tuple[File, ...]:
        """The files that files.completeUploadExternal names.

        Raises:
            RejectedError: `missing_argument`, `invalid_arguments`, or `file_not_found`: of another app, without its
                bytes, or completed before.
        """
        if not arguments.get("files"):
            raise RejectedError("missing_argument")
        wanted = _wanted(arguments["files"])
        with self._lock:
            tickets = [self._tickets.get(str(each.get("id"))) for each in wanted]
            found = [ticket for ticket in tickets if ticket and ticket.is_uploaded and ticket.app_id == app_id]
            if len(found) < len(wanted):
                raise RejectedError("file_not_found")
            for ticket in found:
                del self._tickets[ticket.file.id]
        titles = (str(each.get("title") or "") for each in wanted)
        return tuple(
            replace(ticket.file, title=title or ticket.file.name) for ticket, title in zip(found, titles, strict=True)
        )


def _wanted(files: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    """A list in JSON; in a form, the list as JSON."""
    try:
        wanted = json.loads(files) if isinstance(files, str) else files
    except ValueError:
        raise RejectedError("invalid_arguments") from None
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) for each in wanted):
        raise RejectedError("invalid_arguments")
    return wanted
