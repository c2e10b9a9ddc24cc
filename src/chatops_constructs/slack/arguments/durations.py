"""Durations as people type them: in minutes, hours and days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration

from chatops_constructs._durations import in_seconds

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems

MINUTE = 60
LONGEST = 366 * 24 * 60 * MINUTE
"""In seconds, of one that has no other limit: a year."""

COMMON = 3 * 60 * MINUTE
"""In seconds, of one that stands for any other in a usage."""

_UNITS = (("d", 24 * 60 * MINUTE), ("h", 60 * MINUTE))


def seconds_of(duration: Duration | None) -> int | None:
    """In whole seconds."""
    return None if duration is None else int(in_seconds(duration))


def typed(seconds: int) -> str:
    """As one types it, in one unit: `3h`, `90m`."""
    for unit, length in _UNITS:
        if seconds and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds // MINUTE}m"


def check_limit(problems: Problems, parameter: str, value: Duration | None) -> None:
    """Note a problem unless `value` is None or a duration that can be typed, known at synthesis.

    Args:
        problems: Where it is noted.
        parameter: The parameter's name as the caller wrote it.
        value: What the caller gave.
    """
    known = isinstance(value, Duration) and not value.is_unresolved()
    seconds = in_seconds(value) if known and value is not None else None
    problems.check(
        value is None or (seconds is not None and 0 <= seconds <= LONGEST and seconds % MINUTE == 0),
        parameter,
        value.to_human_string() if known and value is not None else value,
        f"a Duration of up to {typed(LONGEST)}, in whole minutes, known at synthesis",
        "people type minutes, hours and days",
    )
