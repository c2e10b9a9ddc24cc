"""One shortcut or modal that was sent, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.slack.message import Message
    from chatops_local.slack.record import Record
    from chatops_local.slack.sent_click import ClickAck
    from chatops_local.slack.signing import SignedRequest


@dataclass(frozen=True)
class SentInteraction:
    """A shortcut that was sent with `SlackDouble.shortcut`, or a modal with `SlackDouble.submit_view`."""

    kind: str
    """`shortcut`, `message_action` or `view_submission`."""
    callback_id: str
    user_id: str
    endpoint: str
    """The name of the endpoint that it was sent to."""
    app_id: str
    request: SignedRequest
    """The exact bytes: deliver them again for a replay."""
    response_url: str | None = field(repr=False)
    """A message shortcut has one, the others have none."""
    sent_at: float
    """Unix time."""
    ack: ClickAck
    """The endpoint's answer; of a modal its body says what becomes of it, as `{"response_action": "clear"}`."""
    _record: Record = field(repr=False)
    _is_over: Callable[[SentInteraction], bool] = field(repr=False)

    @property
    def execution_name(self) -> str:
        """How the execution is called that it starts: a hash of the request's body."""
        return self.request.digest

    @property
    def messages(self) -> list[Message]:
        """The app's messages since: through the response_url, or with a token, wherever.

        Nothing in a message that is posted with a token says what it is about, so others' count, too.
        """
        return [
            message
            for message in self._record.messages
            if message.app_id == self.app_id
            and message.at >= self.sent_at
            and message.response_url in (None, self.response_url)
        ]

    @property
    def is_answered(self) -> bool:
        """Whether the app has posted something since."""
        return bool(self.messages)

    def wait(self, timeout: float = 30.0) -> list[Message]:
        """Wait until whatever it has started is over; the messages since.

        Raises:
            TimeoutError: It is not over after `timeout` seconds.
        """
        if not self._record.wait(lambda: self._is_over(self), timeout):
            raise TimeoutError(f"{self.kind} {self.callback_id!r} is not over after {timeout:g} s")
        return self.messages
