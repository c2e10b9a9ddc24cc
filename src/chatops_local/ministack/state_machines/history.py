"""The history of an execution: in AWS's words, numbered in order, closed at its end, no longer than AWS lets it be.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

import json
import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines import scopes, task_events
from chatops_local.ministack.state_machines.records import RUNNING

if TYPE_CHECKING:
    from collections.abc import Mapping

_add_event = private("services.stepfunctions:_add_event", "execution, event_type, details")
_run_execution = private("services.stepfunctions:_run_execution", "exec_arn")
_get_execution_history = private("services.stepfunctions:_get_execution_history", "data")
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")

MOST_EVENTS = 25_000
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions"""

_latest: ContextVar[int] = ContextVar("chatops_local_latest_event", default=0)
"""The event that the next one of this branch follows."""

_NOT_TRUNCATED = {"truncated": False}


def apply() -> None:
    """Write histories as AWS does."""
    task_events.apply()
    _add_event.wrap(limited)
    _run_execution.wrap(_from_its_first_event)
    _get_execution_history.wrap(_without_parameters_on_request)


def limited(original: Untyped) -> Untyped:
    """Add events one after the other.

    MiniStack numbers events by their count, which threads of several branches read at the same time.
    """
    writing = threading.Lock()

    def add_event(execution: Mapping[str, Any], event_type: str, details: Mapping[str, Any] | None = None) -> None:
        with writing:
            if scopes.current().is_stopped or (_is_inside(event_type) and execution["status"] != RUNNING):
                return
            if len(execution["events"]) >= MOST_EVENTS and _is_inside(event_type):
                text = f"The execution reached the maximum number of history events ({MOST_EVENTS})."
                raise _ExecutionError.get()("States.Runtime", text)
            _add(original, execution, event_type, details or {})
            if event_type == "TaskScheduled":
                # MiniStack leaves it out; it counts.
                scheduled = (details or {})["taskScheduledEventDetails"]
                _add(original, execution, "TaskStarted", {"taskStartedEventDetails": scheduled})

    return add_event


def _is_inside(event_type: str) -> bool:
    """Whether it happens within an execution, which after its end nothing does."""
    return not event_type.startswith("Execution")


def _add(original: Untyped, execution: Mapping[str, Any], event_type: str, given: Mapping[str, Any]) -> None:
    details = dict(next(iter(given.values()), {}))
    if event_type.startswith("Task") and "resource" in details:
        event_type, details = task_events.shaped(event_type, details)
    name = f"{event_type[:1].lower()}{event_type[1:]}EventDetails"
    # Every type of state has its own entry and exit, all with the same details.
    name = next((shared for shared in given if shared.startswith("state")), name)
    original(execution, event_type, {name: _complete(details)} if given else None)
    event = execution["events"][-1]
    event["previousEventId"] = _latest.get()
    _latest.set(event["id"])


def _complete(details: Mapping[str, Any]) -> dict[str, Any]:
    told = {key: value for key, value in details.items() if key not in ("error", "cause") or value}
    return {**told, **{f"{key}Details": _NOT_TRUNCATED for key in ("input", "output") if key in told}}


def _from_its_first_event(original: Untyped) -> Untyped:
    def run_execution(exec_arn: str) -> None:
        # It may have been started by a task of another execution.
        _latest.set(0)
        original(exec_arn)

    return run_execution


def _without_parameters_on_request(original: Untyped) -> Untyped:
    """`includeExecutionData` is about "input or output of a history event"; MiniStack knows those two by name.

    That a task's parameters are among what is left out is a reading of ours, on the side of who keeps a secret.
    """

    def get_execution_history(data: Mapping[str, Any]) -> Untyped:
        status, headers, body = original(data)
        if data.get("includeExecutionData", True):
            return status, headers, body
        answer = json.loads(body)
        for event in answer.get("events", []):
            event.get("taskScheduledEventDetails", {}).pop("parameters", None)
        return status, headers, json.dumps(answer).encode()

    return get_execution_history
