"""Durations as seconds and back, and checks of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aws_cdk import Duration

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems


@cache
def in_seconds(duration: Duration) -> float:
    """A duration's seconds, asked of CDK once: each question is a round trip to its process.

    A number that CDK takes for a token if the duration is known at deploy time only.
    """
    return duration.to_seconds(integral=False)


@cache
def of_seconds(seconds: float) -> Duration:
    """A duration of so many seconds, the same one each time."""
    return Duration.seconds(seconds)


def check_duration(problems: Problems, parameter: str, value: object, *, least: float, most: float) -> None:
    """Note a problem unless `value` is a duration in whole seconds within limits, known at synthesis.

    Args:
        problems: Where it is noted.
        parameter: The parameter's name as the caller wrote it.
        value: What the caller gave.
        least: In seconds.
        most: In seconds.
    """
    if isinstance(value, Duration) and not value.is_unresolved():
        seconds = in_seconds(value)
        if least <= seconds <= most and seconds == int(seconds):
            return
    problems.check(
        False,
        parameter,
        value.to_human_string() if isinstance(value, Duration) else value,
        f"a Duration of {of_seconds(least).to_human_string()} to {of_seconds(most).to_human_string()}",
        "choose a duration in between, in whole seconds",
    )
