"""A mention of an app that was typed on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.page.run import Run
from chatops_local.slack import mrkdwn

if TYPE_CHECKING:
    from chatops_local.cloud import Execution, LocalCloud
    from chatops_local.page.mentions import Mentionable
    from chatops_local.slack import SentEvent


class MentionRun(Run):
    """A mention.

    Attributes:
        sent: What came of it; `None` as long as there is no ack.
    """

    sent: SentEvent | None

    def __init__(
        self, number: int, typed: str, user: str, channel: str, thread: str | None, app: Mentionable, text: str
    ) -> None:
        """Prepare a mention of `app` with a text, in the channel, or in the thread of a message's `ts`."""
        super().__init__(number, typed, user, channel, app.app)
        self._thread = thread
        self._endpoint = app.endpoint
        self._text = mrkdwn.escaped(text)

    def _sent_by(self, cloud: LocalCloud) -> SentEvent:
        return cloud.slack.mention(
            self._text, user=self.user, channel=self.channel, thread=self._thread, endpoint=self._endpoint
        )

    def _is_over(self, cloud: LocalCloud) -> bool:
        return self.sent is not None and cloud.slack.is_event_over(self.sent)

    def _problems(self, cloud: LocalCloud, executions: list[Execution]) -> list[str]:
        del executions
        return cloud.problems_of(self.sent) if self.sent else []
