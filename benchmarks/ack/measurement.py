"""Runs the functions, one after the other and again, so that a busy minute of the machine falls on all of them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.ack.cpu_share import held_to

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.ack.process import FunctionProcess
    from benchmarks.ack.subjects import Subject

SLACK_SECONDS = 3.0
"""https://docs.slack.dev/interactivity/implementing-slash-commands"""


@dataclass(frozen=True)
class ColdStart:
    """A process, from its start to its end.

    Attributes:
        subject: The function's name.
        seconds: From the start of the process to the acknowledgement.
        cpu_seconds: Processor time until then.
        warm_seconds: Each acknowledgement after that.
        warm_cpu_seconds: Processor time of all of those together.
        peak_bytes: The most memory that it had.
    """

    subject: str
    seconds: float
    cpu_seconds: float
    warm_seconds: tuple[float, ...]
    warm_cpu_seconds: float
    peak_bytes: int


def cold_start(subject: Subject, start: Callable[[Subject], FunctionProcess], *, warm: int) -> ColdStart:
    """Start a function, let it acknowledge one slash command, and then `warm` more."""
    began = time.perf_counter()
    with start(subject) as process:
        seconds = process.acknowledge() - began
        cpu = process.cpu_seconds
        lasted = []
        for _ in range(warm):
            given = time.perf_counter()
            lasted.append(process.acknowledge() - given)
        return ColdStart(subject.name, seconds, cpu, tuple(lasted), process.cpu_seconds - cpu, process.peak_bytes)


def in_turn(
    subjects: Sequence[Subject], start: Callable[[Subject], FunctionProcess], *, rounds: int, warm: int
) -> list[ColdStart]:
    """Measure all subjects `rounds` times; each round begins with another one."""
    order = list(subjects)
    found = []
    for _ in range(rounds):
        found += [cold_start(subject, start, warm=warm) for subject in order]
        order = [*order[1:], order[0]]
    return found


def at_share(subject: Subject, start: Callable[[Subject], FunctionProcess], share: float, *, rounds: int) -> float:
    """The median cold start, in seconds, with a share of a processor."""
    return median(_held_start(subject, start, share) for _ in range(rounds))


def _held_start(subject: Subject, start: Callable[[Subject], FunctionProcess], share: float) -> float:
    began = time.perf_counter()
    with start(subject) as process, held_to(share, process.pid):
        return process.acknowledge() - began
