"""What dispatch answers to a request: a refusal in HTTP's terms, or a message in Slack's.

Whatever concerns the user is status 200 with an ephemeral text: Slack shows nothing of an answer with another status
(https://docs.slack.dev/interactivity/implementing-slash-commands).
"""

from __future__ import annotations

import json

from chatops_runtime.contracts import request_log
from chatops_runtime.contracts.commands_table import VISIBLE_TO_CHANNEL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    405: "Method Not Allowed",
    413: "Content Too Large",
    503: "Service Unavailable",
}


_FINAL = (400, 403, 413)
"""However often an event is delivered."""


class RefusedError(Exception):
    """The request is not one to answer in Slack's terms: not Slack's, not a slash command, or not for this endpoint."""

    def __init__(self, status: int, reason: str) -> None:
        """With an HTTP status, and the reason's name for the log."""
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Answer:
    """An HTTP answer, and the name of the outcome for the log."""

    def __init__(
        self,
        outcome: str,
        message: dict[str, Any] | None = None,
        *,
        status: int = 200,
        cancel: str = "",
        is_modal: bool = False,
    ) -> None:
        """Of an outcome.

        Args:
            outcome: The outcome's name.
            message: Slack's JSON; without one the body is empty or names the status.
            status: The HTTP status.
            cancel: The handle for a Cancel button below the message; empty for none.
            is_modal: Whether the message is for the modal that somebody has submitted.
        """
        self.outcome = outcome
        self.status = status
        self.cancel = cancel
        self._message = message
        self._is_modal = is_modal
        self._is_final = False

    @classmethod
    def ephemeral(cls, outcome: str, text: str) -> Answer:
        """A message that only the user sees."""
        return cls(outcome, {"response_type": "ephemeral", "text": text})

    @classmethod
    def acknowledgement(cls, outcome: str, text: str, visible: str, cancel: str = "") -> Answer:
        """A message to whom the command is visible; in the channel, Slack shows what the user typed as well."""
        in_channel = visible == VISIBLE_TO_CHANNEL
        message = {"response_type": "in_channel" if in_channel else "ephemeral", "text": text}
        return cls(outcome, message, cancel=cancel)

    @classmethod
    def refused(cls, refusal: RefusedError) -> Answer:
        """No more than the status: why is in the log, not for strangers."""
        return cls(refusal.reason, status=refusal.status)

    @property
    def text(self) -> str:
        """The message's; empty without one."""
        return self._message["text"] if self._message is not None else ""

    def of_a_click(self) -> Answer:
        """The same as a click is answered: Slack shows nothing of it, but marks the control if the status is bad.

        What is for a modal, it shows there.
        """
        if self._is_modal:
            return self
        is_lost = self.status == 200 and self.outcome in request_log.LEVEL_ERROR
        return Answer(self.outcome, status=503 if is_lost else self.status)

    def of_an_event(self) -> Answer:
        """The same as an event is answered: Slack delivers it again if the status is bad, unless told not to.

        https://docs.slack.dev/apis/events-api#retries. A signature that is wrong now may be right a minute later, when
        a secret that was changed is stored.
        """
        if self.outcome in request_log.REDELIVERED:
            return Answer(self.outcome, status=503)
        self._is_final = self.status in _FINAL
        return self

    def as_http(self) -> dict[str, Any]:
        """The answer as Lambda hands it to an HTTP API or a Function URL."""
        if self._message is not None:
            headers, body = (
                {"content-type": "application/json; charset=utf-8"},
                json.dumps(self._content(self._message)),
            )
        else:
            headers, body = {"content-type": "text/plain; charset=utf-8"}, _REASONS.get(self.status, "")
        if self.status == 405:
            headers["allow"] = "POST"
        if self._is_final:
            headers["x-slack-no-retry"] = "1"
        return {"statusCode": self.status, "headers": headers, "body": body}

    def _content(self, message: dict[str, Any]) -> dict[str, Any]:
        if not self.cancel:
            return message
        from chatops_runtime.dispatch import cancel_button  # noqa: PLC0415 - of some commands only

        return {**message, "blocks": cancel_button.below(message["text"], self.cancel)}
