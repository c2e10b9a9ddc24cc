"""One slash command that was sent, what Slack showed at once, and what came later."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops_local.slack.content import Content, RejectedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.delivery import HttpAnswer
    from chatops_local.slack.message import Message
    from chatops_local.slack.record import Record
    from chatops_local.slack.signing import SignedRequest
    from chatops_local.slack.slash_command import SlashCommand

ACK_LIMIT_MS = 3_000
"""https://docs.slack.dev/interactivity/implementing-slash-commands: an app has 3,000 ms to answer."""

OPERATION_TIMEOUT = "operation_timeout"
DISPATCH_FAILED = "dispatch_failed"
INVALID_RESPONSE = "invalid_command_response"


@dataclass(frozen=True)
class Ack:
    """The endpoint's answer to a slash command, as Slack takes it."""

    status: int | None
    """The HTTP status; `None`: no answer."""
    ms: float
    error: str | None
    """What Slack tells the user instead: `operation_timeout`, `dispatch_failed` or `invalid_command_response`."""
    payload: dict[str, Any] = field(default_factory=dict)
    """The message in the answer; empty if it says nothing."""
    problem: str = ""
    """More about the error, which Slack would not tell."""

    @property
    def ok(self) -> bool:
        """Whether Slack accepts the answer."""
        return self.error is None

    @property
    def text(self) -> str:
        """The text of the answer."""
        return str(self.payload.get("text") or "")

    @classmethod
    def judge(cls, answer: HttpAnswer) -> Ack:
        """What Slack makes of `answer`: HTTP 200 in time, with nothing, text or a JSON message."""
        if answer.ms > ACK_LIMIT_MS:
            problem = answer.problem or f"the answer took {answer.ms:,.0f} ms, {ACK_LIMIT_MS:,} ms are allowed"
            return cls(answer.status, answer.ms, OPERATION_TIMEOUT, problem=problem)
        if answer.status != 200:
            problem = answer.problem or f"HTTP {answer.status}: {_excerpt(answer.body)}"
            return cls(answer.status, answer.ms, DISPATCH_FAILED, problem=problem)
        try:
            return cls(answer.status, answer.ms, None, _message_in(answer))
        except RejectedError as rejected:
            return cls(answer.status, answer.ms, INVALID_RESPONSE, problem=f"{rejected}; got {_excerpt(answer.body)}")


@dataclass(frozen=True)
class SentCommand:
    """A command that was sent with `SlackDouble.send`."""

    command: SlashCommand
    endpoint: str
    """The name of the endpoint that it was sent to."""
    request: SignedRequest
    """The exact bytes: deliver them again for a replay."""
    response_url: str = field(repr=False)
    sent_at: float
    """Unix time."""
    ack: Ack
    _record: Record = field(repr=False)
    _is_over: Callable[[SentCommand], bool] = field(repr=False)

    @property
    def user_id(self) -> str:
        """Who typed it."""
        return self.command.user_id

    @property
    def channel_id(self) -> str:
        """Where."""
        return self.command.channel_id

    @property
    def execution_name(self) -> str:
        """How the execution is called that it starts: a hash of the request's body."""
        return self.request.digest

    @property
    def messages(self) -> list[Message]:
        """The messages so far that answer this command: of the ack and through its response_url."""
        return [message for message in self._record.messages if message.response_url == self.response_url]

    @property
    def results(self) -> list[Message]:
        """The messages so far that came after the ack."""
        return [message for message in self.messages if message.via != "ack"]

    @property
    def is_answered(self) -> bool:
        """Whether something came after the ack: through the response_url, or with a token to the channel or the user.

        Nothing in a message that is posted with a token says which command it is about.
        """
        conversations = {self.command.channel_id, "D" + self.command.user_id[1:]}
        posted = (each for each in self._record.messages if each.response_url is None and each.at >= self.sent_at)
        return bool(self.results) or any(each.channel in conversations for each in posted)

    def wait(self, timeout: float = 30.0) -> list[Message]:
        """Wait until the command is over; the messages that came after the ack.

        Raises:
            TimeoutError: It is not over after `timeout` seconds.
        """
        if not self._record.wait(lambda: self._is_over(self), timeout):
            raise TimeoutError(
                f"{self.command.command} is not over after {timeout:g} s; messages after the ack: {len(self.results)}"
            )
        return self.results


def _message_in(answer: HttpAnswer) -> dict[str, Any]:
    text = answer.body.decode("utf-8", "replace")
    if not text.strip():
        return {}
    if answer.content_type != "application/json":
        return {"text": text}
    try:
        payload = json.loads(text)
    except ValueError:
        raise RejectedError("not JSON, though the Content-Type says so") from None
    if not isinstance(payload, dict):
        raise RejectedError("the JSON is no object")
    if payload.get("text") or payload.get("blocks"):
        Content.read(payload)
    return payload


def _excerpt(body: bytes) -> str:
    return repr(body[:200].decode("utf-8", "replace"))
