"""One event that was delivered, perhaps several times, and what came of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops_local.slack.event import channel_of, user_of
from chatops_local.slack.sent_command import ACK_LIMIT_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.delivery import HttpAnswer
    from chatops_local.slack.message import Message
    from chatops_local.slack.record import Record
    from chatops_local.slack.signing import SignedRequest

RETRIES_AFTER_SECONDS = (0, 60, 300)
"""https://docs.slack.dev/apis/events-api#retries: "nearly immediately", after one minute, after five minutes. From when
the minutes count is not said: here from the attempt before."""

HTTP_TIMEOUT = "http_timeout"
HTTP_ERROR = "http_error"
CONNECTION_FAILED = "connection_failed"
NO_RETRY = "x-slack-no-retry"


@dataclass(frozen=True)
class EventAck:
    """The endpoint's answer to one delivery, as Slack takes it: 2xx within three seconds."""

    status: int | None
    """The HTTP status; `None`: no answer."""
    ms: float
    error: str | None = None
    """Why Slack delivers again, as the next delivery's `X-Slack-Retry-Reason` says: `http_timeout`, `http_error` or
    `connection_failed`."""
    problem: str = ""
    """More about the error, which Slack would not tell."""
    body: bytes = field(default=b"", repr=False)
    no_retry: bool = False
    """The answer asks for no further delivery, with `X-Slack-No-Retry: 1`."""

    @property
    def text(self) -> str:
        """What people see of it: nothing."""
        return ""

    @property
    def ok(self) -> bool:
        """Whether Slack accepts the answer."""
        return self.error is None

    @classmethod
    def judge(cls, answer: HttpAnswer) -> EventAck:
        """What Slack makes of `answer` (https://docs.slack.dev/apis/events-api#responding).

        Slack follows two redirects; here one is an error, since an endpoint has no reason to redirect.
        """
        no_retry = answer.headers.get(NO_RETRY) == "1"
        if answer.ms > ACK_LIMIT_MS:
            problem = answer.problem or f"the answer took {answer.ms:,.0f} ms, {ACK_LIMIT_MS:,} ms are allowed"
            return cls(answer.status, answer.ms, HTTP_TIMEOUT, problem, answer.body, no_retry)
        if answer.status is None:
            return cls(None, answer.ms, CONNECTION_FAILED, answer.problem)
        if not 200 <= answer.status < 300:
            return cls(answer.status, answer.ms, HTTP_ERROR, f"HTTP {answer.status}", answer.body, no_retry)
        return cls(answer.status, answer.ms, body=answer.body)


@dataclass(frozen=True)
class EventDelivery:
    """One delivery of an event."""

    request: SignedRequest
    ack: EventAck
    retry: int = 0
    """`X-Slack-Retry-Num`; 0 for the first delivery, which has none."""


class SentEvent:
    """An event that was delivered with `SlackDouble.event`.

    Attributes:
        event: The event itself, without its envelope.
        event_id: Its id, the same in every delivery.
        endpoint: The name of the endpoint that it was delivered to.
        app_id: The app that it was for.
        deliveries: Every delivery so far.
        sent_at: When the first was made, Unix time.
        response_url: An event has none.
    """

    response_url = None

    def __init__(
        self,
        event: dict[str, Any],
        event_id: str,
        endpoint: str,
        app_id: str,
        record: Record,
        is_over: Callable[[SentEvent], bool],
        deliver_again: Callable[[SentEvent], EventDelivery],
    ) -> None:
        """Prepare an event; `SlackDouble.event` makes and delivers these."""
        self.event = event
        self.event_id = event_id
        self.endpoint = endpoint
        self.app_id = app_id
        self.deliveries: list[EventDelivery] = []
        self.sent_at = time.time()
        self._record = record
        self._is_over = is_over
        self._deliver_again = deliver_again

    @property
    def ack(self) -> EventAck:
        """The answer to the latest delivery."""
        return self.deliveries[-1].ack

    @property
    def request(self) -> SignedRequest:
        """The exact bytes of the first delivery: deliver them again for a replay."""
        return self.deliveries[0].request

    @property
    def execution_name(self) -> str:
        """How the execution is called that it starts."""
        return self.event_id

    @property
    def is_given_up(self) -> bool:
        """Whether Slack makes no further delivery: it was accepted, or refused often enough, or asked not to."""
        return self.ack.ok or self.ack.no_retry or len(self.deliveries) > len(RETRIES_AFTER_SECONDS)

    def redeliver(self) -> EventDelivery | None:
        """Make the next redelivery now, however long that should take; `None` if Slack makes no further one."""
        return None if self.is_given_up else self._deliver_again(self)

    @property
    def user_id(self) -> str:
        """Who did what it tells of; empty if nobody did."""
        return user_of(self.event)

    @property
    def channel_id(self) -> str:
        """The conversation that it is about; empty if it is about none."""
        return channel_of(self.event)

    @property
    def thread(self) -> str | None:
        """The `ts` of the first message of the thread that an answer in a thread goes to."""
        item = self.event.get("item") or {}
        ts = self.event.get("thread_ts") or self.event.get("ts") or item.get("ts")
        return None if ts is None else str(ts)

    @property
    def messages(self) -> list[Message]:
        """The app's messages since, where an answer belongs: in the event's thread, its channel, or with its user.

        Nothing in a message says which event it is about, so those of another event in the same channel count, too.
        """
        conversations = {self.channel_id, "D" + self.user_id[1:]}
        return [
            message
            for message in self._record.messages
            if message.app_id == self.app_id
            and message.at >= self.sent_at
            and message.response_url is None
            and message.channel in conversations
            and message.thread_ts in (None, self.thread)
        ]

    @property
    def is_answered(self) -> bool:
        """Whether the app has posted something since, where an answer belongs."""
        return bool(self.messages)

    def wait(self, timeout: float = 30.0) -> list[Message]:
        """Wait until whatever it has started is over; the messages that came of it.

        Raises:
            TimeoutError: It is not over after `timeout` seconds.
        """
        if not self._record.wait(lambda: self._is_over(self), timeout):
            raise TimeoutError(f"event {self.event_id} ({self.event['type']}) is not over after {timeout:g} s")
        return self.messages
