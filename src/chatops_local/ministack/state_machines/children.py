"""Executions that tasks start: `states:startExecution`, alone or followed to its end, and StartSyncExecution.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
MiniStack runs a child as a part of its parent, under a name that may have been used, and fails with the child's error.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines import scopes, task_events
from chatops_local.ministack.state_machines.records import RUNNING, is_express

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_start = private("services.stepfunctions:_invoke_nested_start_execution", "resource, input_data")
_start_and_follow = private("services.stepfunctions:_invoke_nested_start_execution_sync", "resource, input_data")
_start_sync_execution = private("services.stepfunctions:_start_sync_execution", "data")
_start_execution = private("services.stepfunctions:_start_execution", "data")
_stop_execution = private("services.stepfunctions:_stop_execution", "data")
_describe_execution = private("services.stepfunctions:_describe_execution", "data")
_request = private("services.stepfunctions:_nested_start_execution_request", "input_data")
_emit_status = private("services.stepfunctions:_emit_execution_status_event", "execution")
_executions = private("services.stepfunctions:_executions")
_state_machines = private("services.stepfunctions:_state_machines")
_json_response = private("core.responses:json_response", "data, status, content_type")
_error_response = private(
    "core.responses:error_response_json", "code, message, status, extra, message_key, content_type"
)
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")

_SUCCEEDED = "SUCCEEDED"
_SHOWN_OF_FAILURES = ("executionArn", "stateMachineArn", "name", "startDate", "stopDate", "status", "input")
_SHOWN = (*_SHOWN_OF_FAILURES, "output")
_INCLUDED = {"Included": True}


def apply() -> None:
    """Start, follow and stop children as AWS does."""
    ends = _Ends()
    _emit_status.wrap(ends.noticing)
    _start.wrap(lambda _original: lambda _resource, input_data: _started(input_data))
    _start_and_follow.wrap(lambda _original: _following(ends))
    _start_sync_execution.wrap(lambda _original: _synchronous(ends))


class _Ends:
    """Who waits for the end of which execution."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._lock = threading.Lock()
        self._waiting: dict[str, list[threading.Event]] = {}

    def noticing(self, original: Untyped) -> Untyped:
        def emit_execution_status_event(execution: Mapping[str, Any]) -> None:
            original(execution)
            if execution["status"] != RUNNING:
                with self._lock:
                    waiting = self._waiting.pop(execution["executionArn"], [])
                for one in waiting:
                    one.set()

        return emit_execution_status_event

    def wait(self, execution: Mapping[str, Any]) -> None:
        """Until it has ended, or the scope of this thread has."""
        ended = threading.Event()
        with self._lock:
            self._waiting.setdefault(execution["executionArn"], []).append(ended)
        with scopes.current().on_stop(ended.set):
            # It may have ended before anybody waited.
            if execution["status"] == RUNNING:
                ended.wait()


def _started(arguments: Mapping[str, Any]) -> dict[str, Any]:
    answer = _answer(_start_execution.get()(_request.get()(arguments)))
    return {"ExecutionArn": answer["executionArn"], "StartDate": answer["startDate"]}


def _answer(response: Untyped) -> dict[str, Any]:
    status, _, body = response
    answer: dict[str, Any] = json.loads(body)
    if status >= 400:
        code = answer["__type"].removesuffix("Exception")
        raise _ExecutionError.get()(f"StepFunctions.{code}Exception", answer.get("message", ""))
    return answer


def _following(ends: _Ends) -> Callable[[str, Mapping[str, Any]], dict[str, Any]]:
    def start_and_follow(resource: str, input_data: Mapping[str, Any]) -> dict[str, Any]:
        started = _started(input_data)
        task_events.submitted(resource, started)
        record = _executions.get()[started["ExecutionArn"]]
        ends.wait(record)
        if scopes.current().is_stopped and record["status"] == RUNNING:
            # "if an Amazon States Language states:startExecution.sync task is aborted, it will call StopExecution".
            _stop_execution.get()({"executionArn": record["executionArn"]})
            raise scopes.StoppedError
        return _ended(record, parse=resource.endswith(":2"))

    return start_and_follow


def _ended(record: Mapping[str, Any], *, parse: bool) -> dict[str, Any]:
    """What DescribeExecution says, in the words of tasks; `.sync:2` gives JSON where `.sync` gives texts of it."""
    described = _answer(_describe_execution.get()({"executionArn": record["executionArn"]}))
    told = {f"{name[:1].upper()}{name[1:]}": value for name, value in _shown(described).items()}
    told |= {f"{name}Details": _INCLUDED for name in ("Input", "Output") if name in told}
    if parse:
        told |= {name: json.loads(told[name]) for name in ("Input", "Output") if name in told}
    if record["status"] != _SUCCEEDED:
        raise _ExecutionError.get()("States.TaskFailed", json.dumps(told))
    return told


def _shown(execution: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of an execution that has ended; MiniStack writes a failure into the output too."""
    names = _SHOWN if execution["status"] == _SUCCEEDED else (*_SHOWN_OF_FAILURES, "error", "cause")
    return {name: execution[name] for name in names if execution.get(name)}


def _synchronous(ends: _Ends) -> Callable[[Mapping[str, Any]], Untyped]:
    """https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html."""

    def start_sync_execution(data: Mapping[str, Any]) -> Untyped:
        machine = _state_machines.get().get(data.get("stateMachineArn", ""))
        if machine is not None and not is_express(machine):
            text = "This operation is not supported by this type of state machine"
            return _error_response.get()("StateMachineTypeNotSupported", text, 400)
        status, headers, body = _start_execution.get()(data)
        if machine is None or status >= 400:
            return status, headers, body
        record = _executions.get()[json.loads(body)["executionArn"]]
        ends.wait(record)
        scopes.current().check()
        shown = _shown(record)
        details = {f"{name}Details": {"included": True} for name in ("input", "output") if name in shown}
        return _json_response.get()({**shown, **details})

    return start_sync_execution
