"""A slash command that was typed on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.page.run import Run

if TYPE_CHECKING:
    from chatops_local.cloud import Execution, LocalCloud
    from chatops_local.page.commands import Command
    from chatops_local.slack import SentCommand


class CommandRun(Run):
    """A slash command that was typed.

    Attributes:
        sent: What came of typing it; `None` as long as there is no ack.
    """

    sent: SentCommand | None

    def __init__(self, number: int, typed: str, user: str, channel: str, command: Command) -> None:
        """Prepare a command."""
        super().__init__(number, typed, user, channel, command.app)
        self._endpoint = command.endpoint

    def _sent_by(self, cloud: LocalCloud) -> SentCommand:
        return cloud.slack.send(self.typed, user=self.user, channel=self.channel, endpoint=self._endpoint)

    def _is_over(self, cloud: LocalCloud) -> bool:
        return self.sent is not None and cloud.slack.is_over(self.sent)

    def _problems(self, cloud: LocalCloud, executions: list[Execution]) -> list[str]:
        del executions
        return cloud.problems_of(self.sent) if self.sent else []
