"""One row's place for an event: somebody mentions the app in a channel of the row's own."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from tests.end_to_end.faults.functions_and_parameters import function_name
from tests.end_to_end.faults.observation import Observation
from tests.end_to_end.faults.scene import BOT

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud
    from chatops_local.slack import Fault, SentEvent
    from tests.end_to_end.faults.outcome import Outcome

_SECONDS = 60.0
_ASK_AGAIN_SECONDS = 0.05


class EventScene:
    """A user and a channel, and the mention that is written there.

    Args:
        cloud: the app, deployed.
        number: of the scene; the ids are made of it.
    """

    sent: SentEvent

    def __init__(self, cloud: LocalCloud, number: int) -> None:
        self.cloud = cloud
        self.user = f"U0EVENT{number:03}"
        self.channel = f"C0EVENT{number:03}"
        # As different from each other as those of commands.
        self.id = f"Ev{hashlib.sha256(self.channel.encode()).hexdigest()[:30].upper()}"
        self._observation = Observation(cloud, self.id, user=self.user, channel=self.channel)

    def slack_fails(self, fault: Fault, *, times: int = 1) -> None:
        """Let posting to the channel go wrong, and to the user."""
        concerned = frozenset({self.user, self.channel})
        self.cloud.slack.faults.inject("chat.postMessage", fault, times=times, among=concerned)

    def run(self, words: str = "status") -> Outcome:
        """Mention the app, and wait until that is over."""
        self.mention(words)
        return self.ending()

    def mention(self, words: str = "status") -> SentEvent:
        """Mention the app: Slack delivers the event, and at once again if it is not taken."""
        bot = self.cloud.slack.workspace.endpoint(BOT).app.bot_user_id
        self.sent = self.cloud.slack.event(
            {"type": "app_mention", "user": self.user, "channel": self.channel, "text": f"<@{bot}> {words}"},
            event_id=self.id,
            endpoint=BOT,
        )
        return self.sent

    def ending(self) -> Outcome:
        """Wait until it is over; what came of it."""
        self.wait_for(0)
        return self._observation.outcome([])

    def ending_that_is_told(self) -> Outcome:
        """What came of it, once another execution has told of its ending."""
        self.wait_for(1)
        return self.ending()

    def wait_for(self, messages: int) -> None:
        """Wait until nothing runs that has to do with it, and that much is said."""
        deadline = time.monotonic() + _SECONDS
        while not self._observation.is_over() or len(self._observation.messages()) < messages:
            assert time.monotonic() < deadline, f"not so after {_SECONDS:g} s: {self._observation.outcome([])}"
            time.sleep(_ASK_AGAIN_SECONDS)

    def function(self, construct: str) -> str:
        """The name of a function, by the path of its construct without slashes."""
        return function_name(self.cloud, construct)
