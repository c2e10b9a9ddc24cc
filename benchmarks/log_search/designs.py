"""Ours, and what it is compared with."""

from __future__ import annotations

from typing import Any

from benchmarks.log_search import corpus
from chatops_runtime.contracts import log_search as contract
from chatops_runtime.log_search.patience import Patience
from chatops_runtime.log_search.search import Search
from chatops_runtime.log_search.window import Window

OURS = "ours"
OURS_WITHOUT_KEYS = "ours, without trace ids"
PRIOR = "prior system"
SEQUENTIAL = "one after the other, complete"

DESIGNS = (OURS, OURS_WITHOUT_KEYS, PRIOR, SEQUENTIAL)

WINDOW = Window(corpus.MIDNIGHT - 3_600_000, corpus.MIDNIGHT + 600_000)
X_RAY = "1-[0-9a-f]{8}-[0-9a-f]{24}"
SECONDS = 60.0


def search(design: str, client: Any, names: list[str]) -> list[str]:  # noqa: ANN401 - boto3's clients have no type
    """The lines that a design finds, in the order in which it says them."""
    if design == PRIOR:
        return _prior(client, names)
    if design == SEQUENTIAL:
        return _sequential(client, names)
    return _ours(client, names, keys=design == OURS)


def _prior(client: Any, names: list[str]) -> list[str]:  # noqa: ANN401
    """As it was written: today's streams, the first 20 events, and a sort whose result was thrown away."""
    lines: list[tuple[int, str]] = []
    for name in names:
        answer = client.filter_log_events(
            logGroupName=name, logStreamNamePrefix=corpus.TODAY, filterPattern=f'"{corpus.REQUEST}"', limit=20
        )
        lines += [(event["timestamp"], event["message"]) for event in answer["events"]]
    sorted(lines)
    return [message for _, message in lines]


def _sequential(client: Any, names: list[str]) -> list[str]:  # noqa: ANN401
    """The same loop with every page of all streams, sorted."""
    lines: list[tuple[int, str]] = []
    for name in names:
        token: dict[str, str] = {}
        while True:
            answer = client.filter_log_events(
                logGroupName=name,
                filterPattern=f'"{corpus.REQUEST}"',
                startTime=WINDOW.since,
                endTime=WINDOW.until,
                **token,
            )
            lines += [(event["timestamp"], event["message"]) for event in answer["events"]]
            if "nextToken" not in answer:
                break
            token = {"nextToken": answer["nextToken"]}
    return [message for _, message in sorted(lines, key=lambda line: line[0])]


def _ours(client: Any, names: list[str], *, keys: bool) -> list[str]:  # noqa: ANN401
    event = {
        "groups": [{"name": name, "label": name} for name in names],
        "arguments": {contract.TERM: corpus.REQUEST},
        "correlation": [X_RAY] if keys else [],
        "insights_above": {"groups": len(names), "bytes": 0},
    }
    made = Search(event, client, Patience(SECONDS), WINDOW)
    made.run()
    return [line["text"] for line in made.result()["lines"]]
