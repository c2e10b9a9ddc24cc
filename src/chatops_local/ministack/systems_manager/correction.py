"""Puts our Run Command in the place of MiniStack's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.systems_manager import document_resource, instances, run_command
from chatops_local.ministack.systems_manager.holds import Holds
from chatops_local.ministack.systems_manager.lost_answers import LostAnswers

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Start Run Command and route to it."""
    service = run_command.start(emulator)
    emulator.names.run_command = service
    holds = Holds()
    lost_answers = LostAnswers()
    run_command.route(service, holds, lost_answers)
    emulator.calls.update(hold=holds.hold, release=holds.release, wait_until_held=holds.wait_until_held)
    emulator.calls.update(lose_answer=lost_answers.lose)
    document_resource.apply(service)
    instances.apply(emulator, service)
