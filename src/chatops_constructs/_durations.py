"""Checks of durations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Duration

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems


def check_duration(problems: Problems, parameter: str, value: object, *, least: float, most: float) -> None:
    """Note a problem unless `value` is a duration in whole seconds within limits, known at synthesis.

    Args:
        problems: Where it is noted.
        parameter: The parameter's name as the caller wrote it.
        value: What the caller gave.
        least: In seconds.
        most: In seconds.
    """
    known = isinstance(value, Duration) and not value.is_unresolved()
    seconds: Any = value.to_seconds(integral=False) if known else 0  # type: ignore[attr-defined]
    problems.check(
        known and least <= seconds <= most and seconds == int(seconds),
        parameter,
        value.to_human_string() if isinstance(value, Duration) else value,
        f"a Duration of {Duration.seconds(least).to_human_string()} to {Duration.seconds(most).to_human_string()}",
        "choose a duration in between, in whole seconds",
    )
