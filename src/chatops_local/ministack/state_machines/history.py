"""The history of an execution: numbered in order, closed at its end, and no longer than AWS lets it be."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines import scopes

if TYPE_CHECKING:
    from collections.abc import Mapping

_add_event = private("services.stepfunctions:_add_event", "execution, event_type, details")
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")

MOST_EVENTS = 25_000
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions"""


def apply() -> None:
    """Write histories as AWS does."""
    _add_event.wrap(limited)


def limited(original: Untyped) -> Untyped:
    """Add events one after the other.

    MiniStack numbers events by their count, which threads of several branches read at the same time.
    """
    writing = threading.Lock()

    def add_event(execution: Mapping[str, Any], event_type: str, details: Mapping[str, Any] | None = None) -> None:
        with writing:
            if scopes.current().is_stopped:
                return
            if len(execution["events"]) >= MOST_EVENTS and not event_type.startswith("Execution"):
                text = f"The execution reached the maximum number of history events ({MOST_EVENTS})."
                raise _ExecutionError.get()("States.Runtime", text)
            original(execution, event_type, details)
            if event_type == "TaskScheduled":
                # MiniStack leaves it out; it counts.
                scheduled = (details or {})["taskScheduledEventDetails"]
                original(execution, "TaskStarted", {"taskStartedEventDetails": scheduled})

    return add_event
