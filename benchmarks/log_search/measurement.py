"""Searches with each design in turn, timed, and held against what there is to find."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from benchmarks.log_search import corpus
from benchmarks.log_search.designs import DESIGNS, OURS, OURS_WITHOUT_KEYS, search
from chatops_runtime.log_search.logs_client import client_config

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GROUPS = (1, 10, 50)
ROUNDS = 9


@dataclass(frozen=True)
class Run:
    """One search.

    Attributes:
        design: With what.
        groups: In how many log groups.
        seconds: How long it took.
        lines: How many lines of the request there are.
        missed: How many of them were not found.
        sorted: Whether those that were came in order of time.
    """

    design: str
    groups: int
    seconds: float
    lines: int
    missed: int
    sorted: bool


def measure() -> list[Run]:
    """All designs, in turn so that whatever else this machine does meets each of them."""
    with double() as url:
        clients = {design: _client(url, design) for design in DESIGNS}
        for design in DESIGNS:
            search(design, clients[design], corpus.names(max(GROUPS)))  # connections, and what is loaded once
        return [_run(design, clients[design], count) for count in GROUPS for _ in range(ROUNDS) for design in DESIGNS]


@contextmanager
def double() -> Iterator[str]:
    """A double of CloudWatch Logs, until the end of the block: its address."""
    command = [sys.executable, "-m", "benchmarks.log_search.double"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()


def judged(design: str, groups: int, seconds: float, lines: Sequence[str]) -> Run:
    """A search, held against what there is to find. Each line is another one, so that its time is known."""
    there = corpus.transaction(groups)
    times = {event.message: event.at for event in there}
    found = [times[line] for line in lines]
    return Run(
        design=design,
        groups=groups,
        seconds=round(seconds, 4),
        lines=len(there),
        missed=len(set(times) - set(lines)),
        sorted=found == sorted(found),
    )


def _run(design: str, client: Any, groups: int) -> Run:  # noqa: ANN401 - boto3's clients have no type
    began = time.perf_counter()
    lines = search(design, client, corpus.names(groups))
    return judged(design, groups, time.perf_counter() - began, lines)


def _client(url: str, design: str) -> Any:  # noqa: ANN401
    """Each as its function makes it: the prior system's as it comes."""
    config = client_config() if design in (OURS, OURS_WITHOUT_KEYS) else None
    create: Any = boto3.client
    return create(
        "logs",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="of-a-double",
        aws_secret_access_key="of-a-double",
        config=config,
    )
