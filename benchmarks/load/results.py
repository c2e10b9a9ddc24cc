"""The tables and the numbers of a run."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from benchmarks.goal import Goal
from benchmarks.load.memory import Memory
from benchmarks.load.tally import Answers
from benchmarks.report import Report
from benchmarks.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.load.tally import Tally

GENUINE = ("function", "sub-command", "script")
"""Requests that start something: what Slack times when it matters most."""
ACCOUNTS = (
    "commands",
    "executions",
    "work done",
    "results",
    "lost",
    "doubled",
    "astray",
    "not started",
    "other executions",
)
FAULTS = ("lost", "doubled", "astray")


@dataclass(frozen=True)
class Run:
    """How it was done.

    Attributes:
        minutes: How long requests were sent.
        parallel: By how many clients.
        opened: How many connections these opened.
    """

    minutes: float
    parallel: int
    opened: int


def report(run: Run, tally: Tally, memory: Sequence[Memory]) -> Report:
    """What is printed, written and judged."""
    numbers = {kind: _numbers(answers) for kind, answers in _by_kind(tally).items()}
    accounts = {name: tally.accounts[name] for name in ACCOUNTS}
    return Report(
        name="load",
        medians=numbers,
        ratios={},
        facts={
            **asdict(run),
            "requests_a_second": round(tally.requests / run.minutes / 60, 1),
            "accounts": accounts,
            "processors": os.cpu_count(),
            "load_average": [round(one, 1) for one in os.getloadavg()],
            "memory_mib": [asdict(look) for look in memory],
            "stories": tally.stories,
        },
        goals=[
            Goal("wrong answers", "0", f"{tally.wrong:,} of {tally.requests:,}", not tally.wrong),
            *(Goal(name, "0", f"{accounts[name]:,}", not accounts[name]) for name in FAULTS),
            Goal("commands run", "more than 0", f"{accounts['commands']:,}", accounts["commands"] > 0),
        ],
        text="\n\n".join([*_tables(run, numbers, accounts, memory), *tally.stories]),
    )


def _by_kind(tally: Tally) -> dict[str, Answers]:
    """The answers by kind, then those that start something, and all."""
    kinds = dict(sorted(tally.answers.items()))
    return {
        **kinds,
        "all that start something": _together([kinds[kind] for kind in GENUINE if kind in kinds]),
        "all": _together(list(kinds.values())),
    }


def _together(parts: Sequence[Answers]) -> Answers:
    return Answers(sum(part.wrong for part in parts), [each for part in parts for each in part.milliseconds])


def _numbers(answers: Answers) -> dict[str, int]:
    return {
        "requests": answers.count,
        "wrong": answers.wrong,
        "over 3 s": answers.late,
        "p50 ms": round(answers.percentile(50)),
        "p99 ms": round(answers.percentile(99)),
        "max ms": round(answers.percentile(100)),
    }


def _tables(
    run: Run, numbers: Mapping[str, Mapping[str, int]], accounts: Mapping[str, int], memory: Sequence[Memory]
) -> list[str]:
    heads = [field.name for field in fields(Memory)]
    looks = [memory[0], memory[len(memory) // 2], memory[-1]]
    return [
        table(
            f"{run.minutes:g} minutes, {run.parallel} in parallel, {run.opened} connections opened",
            ["", *_numbers(Answers())],
            [[kind, *(f"{each:,}" for each in row.values())] for kind, row in numbers.items()],
        ),
        table("What came of the commands", ["", "count"], [[name, f"{each:,}"] for name, each in accounts.items()]),
        table(
            "Resident memory in MiB: at the start, in the middle, at the end",
            heads,
            [[f"{each:,.0f}" for each in asdict(look).values()] for look in looks],
        ),
    ]
