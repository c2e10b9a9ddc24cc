"""Whether the site is closed, as numbers in a line of the log from which CloudWatch makes metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime import embedded_metrics
from chatops_runtime.contracts import maintenance as contract

if TYPE_CHECKING:
    from chatops_runtime.maintenance.state import State


def perhaps_closed(state: State, now: float, *, followed: bool) -> bool:
    """Whether end users may be seeing the page.

    Args:
        state: As stored.
        now: Unix time in seconds.
        followed: Whether the IP sets were just brought in line.
    """
    if followed or state.closed(now):
        return state.closed(now)
    # They are behind: as they were left, or anything in between.
    return bool(state.changes)


def overdue(state: State, now: float, *, followed: bool, longest: float) -> bool:
    """Whether the site is closed though it should be open, or without an end for longer than `longest` seconds."""
    closing = state.closing(now)
    if closing is None:
        return perhaps_closed(state, now, followed=followed)
    return closing.until is None and now - (closing.since or closing.at) > longest


def embedded(name: str, state: State, now: float, *, followed: bool, longest: float) -> dict[str, object]:
    """The two metrics, as facts of a line of the log."""
    values = {
        contract.METRIC_ON: perhaps_closed(state, now, followed=followed),
        contract.METRIC_OVERDUE: overdue(state, now, followed=followed, longest=longest),
    }
    return embedded_metrics.facts(
        values, namespace=contract.NAMESPACE, dimension=contract.DIMENSION, name=name, now=now
    )
