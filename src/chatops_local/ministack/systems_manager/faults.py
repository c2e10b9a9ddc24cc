"""What a test can do to calls of Run Command."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops_local.ministack.systems_manager.holds import Holds
from chatops_local.ministack.systems_manager.lost_answers import LostAnswers
from chatops_local.ministack.systems_manager.throttles import Throttles

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


@dataclass(frozen=True)
class Faults:
    """Every call passes through these."""

    holds: Holds = field(default_factory=Holds)
    throttles: Throttles = field(default_factory=Throttles)
    lost_answers: LostAnswers = field(default_factory=LostAnswers)

    def apply(self, emulator: Emulator) -> None:
        """Let the controller set them."""
        emulator.calls.update(
            hold=self.holds.hold,
            release=self.holds.release,
            wait_until_held=self.holds.wait_until_held,
            throttle=self.throttles.throttle,
            lose_answer=self.lost_answers.lose,
        )
