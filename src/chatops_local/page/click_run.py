"""A button that was clicked on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.cloud.verdict import problems_of_executions
from chatops_local.page.run import Run
from chatops_runtime.contracts.control import RUN

if TYPE_CHECKING:
    from chatops_local.cloud import Execution, LocalCloud
    from chatops_local.slack import Control, Message, SentClick


class ClickRun(Run):
    """One click.

    Attributes:
        sent: What came of it; `None` as long as there is no ack.
    """

    sent: SentClick | None

    def __init__(self, number: int, message: Message, control: Control, user: str, app: str) -> None:
        """Prepare a click of `user` on a button of `message`."""
        super().__init__(number, f"[{control.label}]", user, message.channel, app)
        self._message = message
        self._control = control
        self.is_click = control.action_id != RUN

    def _sent_by(self, cloud: LocalCloud) -> SentClick:
        return cloud.slack.click(self._message, self._control, user=self.user)

    def _is_over(self, cloud: LocalCloud) -> bool:
        return self.sent is not None and cloud.slack.is_click_over(self.sent)

    def _problems(self, cloud: LocalCloud, executions: list[Execution]) -> list[str]:
        del cloud
        if self.sent is not None and not self.sent.ack.ok:
            return [f"Slack shows a warning beside the button: {self.sent.ack.error}: {self.sent.ack.problem}"]
        return problems_of_executions(executions)
