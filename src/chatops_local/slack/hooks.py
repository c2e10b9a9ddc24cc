"""hooks.slack.com: what an app may POST to the response_url of a slash command or of a click.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.slack.content import Content, RejectedError
from chatops_local.slack.http_message import Request, Response
from chatops_local.slack.message import audience

if TYPE_CHECKING:
    from chatops_local.slack.record import Record
    from chatops_local.slack.response_urls import ResponseUrl, ResponseUrls

NOTHING_TO_TOUCH = (
    "replace_original and delete_original change nothing at a slash command's response_url: the original is what the "
    "user typed"
)
REPLACE_UNSAID = (
    "an answer to a click says neither replace_original nor delete_original, and is shown as a new message; Slack's "
    "documentation leaves open whether it replaces the one clicked on: say replace_original, true or false"
)


class Hooks:
    """The site."""

    def __init__(self, record: Record, response_urls: ResponseUrls) -> None:
        """Post into `record` what comes to one of `response_urls`."""
        self._record = record
        self._response_urls = response_urls

    def answer(self, request: Request) -> Response:
        """Slack's answer: `ok`, or an error code."""
        if request.method != "POST":
            return Response.text("invalid_http_method", status=405)
        try:
            response_url = self._response_urls.use(request.path)
        except RejectedError as rejected:
            self._record.note(f"a POST to a response_url was refused: {rejected.code} (five uses within 30 minutes)")
            return Response.json({"ok": False, "error": rejected.code}, status=404)
        try:
            self._take(_payload(request), response_url)
        except RejectedError as rejected:
            self._record.note(f"a POST to the response_url of {response_url.about} was refused: {rejected}")
            return Response.text(rejected.code, status=400)
        return Response.text("ok")

    def _take(self, payload: dict[str, Any], response_url: ResponseUrl) -> None:
        """Do what is asked with the original, or post."""
        deletes, replaces = bool(payload.get("delete_original")), bool(payload.get("replace_original"))
        if response_url.original is None:
            if deletes or replaces:
                self._record.note(f"{response_url.about}: {NOTHING_TO_TOUCH}")
            if not deletes:
                self._post(payload, response_url)
        elif deletes:
            self._record.delete(response_url.original)
        elif replaces:
            self._record.update(response_url.original, Content.read(payload))
        else:
            if "replace_original" not in payload:
                self._record.note(f"{response_url.about}: {REPLACE_UNSAID}")
            self._post(payload, response_url)

    def _post(self, payload: dict[str, Any], response_url: ResponseUrl) -> None:
        self._record.post(
            Content.read(payload),
            via="response_url",
            channel=response_url.channel_id,
            user=audience(payload, response_url.user_id),
            app_id=response_url.app_id,
            thread_ts=payload.get("thread_ts"),
            response_url=response_url.url,
        )


def _payload(request: Request) -> dict[str, Any]:
    """JSON, or a form whose one field `payload` holds JSON."""
    fields = request.fields()
    if request.headers.get_content_type() == "application/json":
        return fields
    try:
        payload = json.loads(fields.get("payload") or request.body)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise RejectedError("invalid_payload")
    return payload
