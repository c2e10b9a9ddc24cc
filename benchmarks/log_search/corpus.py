"""What the log groups hold, and how their service answers: the same in every run.

One request passes through all services shortly after midnight, so that it began in yesterday's streams. Most services
write a few lines with its id; one in five writes more than a page of them. Some lines name its trace id only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

REQUEST = "8f0c2d1e-1111-4222-8333-444455556666"
TRACE = "1-6734a1b2-0123456789abcdef01234567"
MIDNIGHT = 1_763_769_600_000
"""Milliseconds: 2025-11-22T00:00:00Z."""

TODAY, YESTERDAY = "2025/11/22", "2025/11/21"
STREAMS = 4
"""Of each day."""

PAGE = 20
"""Events of a page, so that the data stay small; on AWS 10,000 or 1 MB."""

THROTTLED_EVERY = 40
"""Calls."""

LONGEST_LATENCY = 0.05
"""Seconds."""


@dataclass(frozen=True)
class Event:
    """A line in a stream of a group."""

    at: int
    stream: str
    message: str


def names(count: int) -> list[str]:
    """So many log groups."""
    return [f"/services/{number:02}" for number in range(count)]


@cache
def events(name: str) -> tuple[Event, ...]:
    """What a group holds, in order of time, from all of its streams."""
    random = Random(name)
    number = int(name[-2:])
    lines = [f"[INFO] {REQUEST} step {step} in {name}" for step in range(50 if number % 5 == 4 else 6)]
    lines += [f"[INFO] somebody-else-{step}" for step in range(30)]
    if number % 3 == 1:
        lines.append(f"[ERROR] {TRACE} failed in {name}")
    if number % 5 == 0:
        lines.append(f"START {REQUEST} Root={TRACE};Sampled=1 in {name}")
    found = []
    for line in lines:
        at = MIDNIGHT + random.randrange(-30_000, 120_000)
        day = YESTERDAY if at < MIDNIGHT else TODAY
        found.append(Event(at, f"{day}/[$LATEST]{random.randrange(STREAMS)}", line))
    return tuple(sorted(found, key=lambda event: event.at))


def transaction(count: int) -> list[Event]:
    """All lines of the request in so many groups, those with its trace id as well, in order of time."""
    found = [
        event for name in names(count) for event in events(name) if REQUEST in event.message or TRACE in event.message
    ]
    return sorted(found, key=lambda event: event.at)


def begins_with_empty_page(name: str) -> bool:
    """Whether the first page of the group is empty, though there is more."""
    return int(name[-2:]) % 4 == 3


def latency(name: str, call: int) -> float:
    """Seconds for the so-manieth call of a group."""
    return Random(f"{name} {call}").uniform(0, LONGEST_LATENCY)
