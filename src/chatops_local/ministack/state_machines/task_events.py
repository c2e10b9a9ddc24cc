"""What the events of a task tell: the call with its resolved arguments, what came of it, and how it failed.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_TaskScheduledEventDetails.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_TaskSubmittedEventDetails.html
MiniStack writes neither the arguments nor the type of the resource, and a time-out like any other failure.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_apply_jsonata_arguments = private("services.stepfunctions:_apply_jsonata_arguments", "state_def, raw_input, ctx")
_apply_parameters = private("services.stepfunctions:_apply_parameters", "state_def, data, ctx")
_add_event = private("services.stepfunctions:_add_event", "execution, event_type, details")
_executions = private("services.stepfunctions:_executions")

_INTEGRATION = re.compile(r"arn:[^:]+:states:::((?:aws-sdk:)?[^:]+):(.+)")
_TIMED_OUT = "States.Timeout"


@dataclass
class Task:
    """A task while it runs.

    Args:
        timeout: its time limit in seconds, as its state has it.
        refusal: why its state cannot run, found out before its arguments were.
    """

    timeout: int | None = None
    refusal: Exception | None = None
    arguments: object = None
    """Of its latest attempt."""


_current: ContextVar[Task | None] = ContextVar("chatops_local_task", default=None)


def apply() -> None:
    """Remember the arguments of every attempt, for its events."""
    _apply_jsonata_arguments.wrap(_remembering)
    _apply_parameters.wrap(_remembering)


@contextmanager
def of(task: Task) -> Iterator[None]:
    """The events that are written inside are those of this task."""
    token = _current.set(task)
    try:
        yield
    finally:
        _current.reset(token)


def submitted(resource: str, answer: object) -> None:
    """Write that the call of a task that goes on waiting was answered."""
    execution = running()
    if execution is not None:
        details = {"resource": resource, "output": json.dumps(answer)}
        record = _executions.get()[execution.arn]
        _add_event.get()(record, "TaskSubmitted", {"taskSubmittedEventDetails": details})


def shaped(event_type: str, details: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The type and the details that AWS writes for an event of a task."""
    resource_type, resource = called(details["resource"])
    own = {"resourceType": resource_type, "resource": resource}
    if event_type == "TaskScheduled":
        return event_type, {**own, **_call()}
    if event_type == "TaskStarted":
        return event_type, own
    if event_type == "TaskFailed" and details["error"] == _TIMED_OUT:
        event_type = "TaskTimedOut"
    return event_type, {**details, **own}


def called(resource: str) -> tuple[str, str]:
    """The type and the action of a task's resource, such as `aws-sdk:ssm` and `sendCommand.waitForTaskToken`."""
    found = _INTEGRATION.fullmatch(resource)
    # The events of a function that is named by its own ARN are others on AWS; nobody here reads them.
    return (found[1], found[2]) if found else ("lambda" if ":function:" in resource else "activity", resource)


def _call() -> dict[str, Any]:
    task, execution = _current.get() or Task(), running()
    limit = {} if task.timeout is None else {"timeoutInSeconds": task.timeout}
    region = execution.principal.region if execution else ""
    return {"region": region, "parameters": json.dumps(task.arguments), **limit}


def _remembering(original: Untyped) -> Untyped:
    def apply_arguments(state_def: Mapping[str, Any], data: object, ctx: Untyped = None) -> Untyped:
        task = _current.get()
        if task is not None and task.refusal is not None:
            # Here, so that the state can catch it.
            raise task.refusal
        arguments = original(state_def, data, ctx)
        if task is not None:
            task.arguments = arguments
        return arguments

    return apply_arguments
