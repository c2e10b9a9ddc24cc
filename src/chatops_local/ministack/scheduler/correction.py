"""Puts our firing of schedules in the place of MiniStack's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.private import private
from chatops_local.ministack.scheduler import schedule_resource, schedules
from chatops_local.ministack.scheduler.consequences import Consequences
from chatops_local.ministack.scheduler.firing import Firing
from chatops_local.ministack.scheduler.targets import Targets

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator

_start_scheduler = private("services.scheduler:start_scheduler", "")


def apply(emulator: Emulator) -> None:
    """Check schedules when they are made, and fire them on request only.

    MiniStack looks at its schedules every ten seconds of the wall clock, reads cron expressions in UTC whatever their
    zone, asks no role, tries once, and hands on the input as it is.
    """
    _start_scheduler.wrap(lambda _original: lambda: None)
    schedule_resource.apply()
    schedules.apply()
    consequences = Consequences()
    consequences.apply(emulator.asynchronous)
    targets = Targets(emulator.place, emulator.asynchronous)
    firing = Firing(targets, consequences)
    emulator.calls.update(
        schedules=schedules.described,
        fire_schedule=firing.fire,
        executions_of_firing=consequences.executions,
        invocations_of_firing=consequences.invocations,
        fail_schedule_targets=targets.fail_next,
    )
