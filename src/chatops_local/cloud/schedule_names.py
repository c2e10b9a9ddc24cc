"""Finds a schedule by whatever people call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chatops_local.cloud.schedules import Schedule


class NoSuchScheduleError(LookupError):
    """No schedule of that name, or several. The text lists those that there are."""


def schedule_named(name: str | None, schedules: Sequence[Schedule]) -> Schedule:
    """The schedule that is meant.

    Args:
        name: Its name, the path of its construct, one or more ids of that path such as `NightlyBatch`, or the end of
            its name. Default: the only schedule.
        schedules: All schedules.

    Raises:
        NoSuchScheduleError: None or several are meant.
    """
    if not schedules:
        raise NoSuchScheduleError("there are no schedules: deploy an app that has one, such as a ScheduledRunCommand")
    if name is None:
        return _only(schedules, f"there are {len(schedules)} schedules: say which one")
    for is_meant in _WAYS:
        if meant := [schedule for schedule in schedules if is_meant(schedule, name)]:
            return _only(meant, f"schedule {name!r} could be one of {len(meant)}: say which one")
    raise NoSuchScheduleError(f"there is no schedule {name!r}; there {_listed(schedules)}")


def _only(meant: Sequence[Schedule], otherwise: str) -> Schedule:
    if len(meant) != 1:
        raise NoSuchScheduleError(f"{otherwise}; there {_listed(meant)}")
    return meant[0]


def _listed(schedules: Sequence[Schedule]) -> str:
    return ("is " if len(schedules) == 1 else "are ") + ", ".join(schedule.title for schedule in schedules)


def _has_ids(schedule: Schedule, name: str) -> bool:
    return f"/{name.strip('/')}/" in f"/{schedule.path}/"


_WAYS: tuple[Callable[[Schedule, str], bool], ...] = (
    lambda schedule, name: name in (schedule.name, schedule.arn, schedule.path),
    _has_ids,
    lambda schedule, name: bool(name) and schedule.name.endswith(name),
)
