"""The clocks that show simulated time: the emulated AWS's, and that of Slack, whose signatures functions check."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_local.server import Server
    from chatops_local.slack import SlackDouble


class WallClocks:
    """They show simulated time, and how long this machine has been at work since the start.

    So they go on between two calls of `advance`, as clocks do, and are never behind simulated time.

    Attributes:
        started: When they began, as a time of this machine.
    """

    def __init__(self, server: Server, slack: SlackDouble) -> None:
        """Let them show this machine's time."""
        self._server = server
        self._slack = slack
        self.started = datetime.now(timezone.utc)

    def show(self, moment: datetime) -> None:
        """Put them forward, so that they show the simulated time `moment` and what has passed since the start."""
        ahead = (moment - self.started).total_seconds()
        self._server.shift_clocks(ahead)
        self._slack.clock_shift = ahead
