"""A message that was typed on the page, and that an app is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.cloud.verdict import problems_of_event
from chatops_local.page.run import Run

if TYPE_CHECKING:
    from chatops_local.cloud import Execution, LocalCloud
    from chatops_local.page.listeners import Listener
    from chatops_local.slack import Message, SentEvent


class MessageRun(Run):
    """A message.

    Attributes:
        sent: What came of telling the app; `None` as long as there is no ack.
    """

    sent: SentEvent | None

    def __init__(self, number: int, typed: str, message: Message, listener: Listener) -> None:
        """Prepare to tell `listener` of a message."""
        super().__init__(number, typed, message.author, message.channel, listener.app)
        self._message = message
        self._endpoint = listener.endpoint

    def _sent_by(self, cloud: LocalCloud) -> SentEvent:
        return cloud.slack.tell(self._message, endpoint=self._endpoint)

    def _is_over(self, cloud: LocalCloud) -> bool:
        return self.sent is not None and cloud.slack.is_event_over(self.sent)

    def _problems(self, cloud: LocalCloud, executions: list[Execution]) -> list[str]:
        """That the app does nothing about most messages is no problem."""
        del cloud
        return problems_of_event(self.sent, executions) if self.sent else []
