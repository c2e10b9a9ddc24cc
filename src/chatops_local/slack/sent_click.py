"""One use of a control that was sent, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops_local.slack.sent_command import ACK_LIMIT_MS, DISPATCH_FAILED, OPERATION_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.delivery import HttpAnswer
    from chatops_local.slack.message import Message
    from chatops_local.slack.record import Record
    from chatops_local.slack.signing import SignedRequest


@dataclass(frozen=True)
class ClickAck:
    """The endpoint's answer to a click: HTTP 200 within three seconds, whose body Slack shows to nobody.

    https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response
    """

    status: int | None
    """The HTTP status; `None`: no answer."""
    ms: float
    error: str | None = None
    """What went wrong, `operation_timeout` or `dispatch_failed`: Slack shows a warning triangle beside the control."""
    problem: str = ""
    """More about the error, which Slack would not tell."""
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether Slack accepts the answer."""
        return self.error is None

    @classmethod
    def judge(cls, answer: HttpAnswer) -> ClickAck:
        """What Slack makes of `answer`."""
        if answer.ms > ACK_LIMIT_MS:
            problem = answer.problem or f"the answer took {answer.ms:,.0f} ms, {ACK_LIMIT_MS:,} ms are allowed"
            return cls(answer.status, answer.ms, OPERATION_TIMEOUT, problem)
        if answer.status != 200:
            return cls(answer.status, answer.ms, DISPATCH_FAILED, answer.problem or f"HTTP {answer.status}")
        return cls(answer.status, answer.ms, body=answer.body)


@dataclass(frozen=True)
class SentClick:
    """A click that was sent with `SlackDouble.click`, or a choice with `SlackDouble.select`."""

    label: str
    """What is on the control."""
    action_id: str
    chosen: tuple[str, ...]
    """Of a menu, the labels of the options that it holds since."""
    message: Message = field(repr=False)
    """The message as it was when it was clicked on."""
    user_id: str
    endpoint: str
    """The name of the endpoint that it was sent to."""
    request: SignedRequest
    """The exact bytes: deliver them again for a replay."""
    response_url: str = field(repr=False)
    sent_at: float
    """Unix time."""
    ack: ClickAck
    _record: Record = field(repr=False)
    _is_over: Callable[[SentClick], bool] = field(repr=False)

    @property
    def execution_name(self) -> str:
        """How the execution is called that it starts: a hash of the request's body."""
        return self.request.digest

    @property
    def messages(self) -> list[Message]:
        """The messages so far that were posted through its response_url. What it has replaced is not among them."""
        return [message for message in self._record.messages if message.response_url == self.response_url]

    def wait(self, timeout: float = 30.0) -> list[Message]:
        """Wait until whatever it has started is over; the messages that answer it.

        Raises:
            TimeoutError: It is not over after `timeout` seconds.
        """
        if not self._record.wait(lambda: self._is_over(self), timeout):
            raise TimeoutError(f"the click on {self.label!r} is not over after {timeout:g} s")
        return self.messages
