"""Durations as people type them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._durations import check_duration, in_seconds

if TYPE_CHECKING:
    from aws_cdk import Duration

    from chatops_constructs._problems import Problems

LONGEST = 366 * 24 * 60 * 60
"""In seconds, of one that has no other limit: a year."""

_UNITS = (("d", 24 * 60 * 60), ("h", 60 * 60), ("m", 60))


def seconds_of(duration: Duration | None) -> int | None:
    """In whole seconds."""
    return None if duration is None else int(in_seconds(duration))


def typed(seconds: int) -> str:
    """As one types it, in one unit: `3h`, `90s`."""
    for unit, length in _UNITS:
        if seconds and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def check_limit(problems: Problems, parameter: str, value: Duration | None) -> None:
    """Note a problem unless `value` is None or a duration that can be typed.

    Args:
        problems: Where it is noted.
        parameter: The parameter's name as the caller wrote it.
        value: What the caller gave.
    """
    if value is not None:
        check_duration(problems, parameter, value, least=0, most=LONGEST)
