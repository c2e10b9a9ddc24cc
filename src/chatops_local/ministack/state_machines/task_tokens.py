"""Tasks that wait for their token, and the calls that return one.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
MiniStack keeps the same token for every attempt of a task, takes a token twice, and cannot end a wait from outside.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines import scopes, task_events
from chatops_local.ministack.state_machines.callbacks import Callback, Callbacks, Reply, new_token
from chatops_local.ministack.state_machines.running import running

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_apply_jsonata_arguments = private("services.stepfunctions:_apply_jsonata_arguments", "state_def, raw_input, ctx")
_apply_parameters = private("services.stepfunctions:_apply_parameters", "state_def, data, ctx")
_invoke_resource = private("services.stepfunctions:_invoke_resource", "resource, input_data")
_invoke_with_callback = private(
    "services.stepfunctions:_invoke_with_callback", "resource, input_data, token, state_def"
)
_send_task_success = private("services.stepfunctions:_send_task_success", "data")
_send_task_failure = private("services.stepfunctions:_send_task_failure", "data")
_send_task_heartbeat = private("services.stepfunctions:_send_task_heartbeat", "data")
_json_response = private("core.responses:json_response", "data, status, content_type")
_error_response = private(
    "core.responses:error_response_json", "code, message, status, extra, message_key, content_type"
)
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")

_PATTERN = ".waitForTaskToken"


def apply(callbacks: Callbacks) -> None:
    """Wait with the callbacks of this emulator."""
    _apply_jsonata_arguments.wrap(_with_a_token_for_each_attempt)
    _apply_parameters.wrap(_with_a_token_for_each_attempt)
    _invoke_with_callback.wrap(lambda _original: _waiting(callbacks))
    _send_task_success.wrap(lambda _original: _returning(callbacks, _success))
    _send_task_failure.wrap(lambda _original: _returning(callbacks, _failure))
    _send_task_heartbeat.wrap(lambda _original: _returning(callbacks, lambda _data: None))


def _with_a_token_for_each_attempt(original: Untyped) -> Untyped:
    def apply_arguments(state_def: Mapping[str, Any], data: object, ctx: Untyped = None) -> Untyped:
        if ctx is not None and _PATTERN in state_def.get("Resource", ""):
            ctx["Task"] = {"Token": new_token()}
        return original(state_def, data, ctx)

    return apply_arguments


def _waiting(callbacks: Callbacks) -> Untyped:
    def invoke_with_callback(resource: str, input_data: object, token: str, state_def: Mapping[str, Any]) -> Untyped:
        execution = running()
        if execution is None:
            raise _ExecutionError.get()("States.Runtime", "only the task of an execution can wait for a token")
        limit = state_def.get("TimeoutSeconds")
        deadline = None if limit is None else time.monotonic() + limit
        callback = callbacks.open(token, execution.state_machine)
        # Whoever stops this task finds its token closed when that is done, not some time later.
        with scopes.current().on_stop(lambda: callbacks.close(token)):
            try:
                answer = _invoke_resource.get()(resource.replace(_PATTERN, ""), input_data)
                task_events.submitted(resource, answer)
                return _result(_reply(callbacks, callback, deadline))
            finally:
                callbacks.close(token)

    return invoke_with_callback


def _reply(callbacks: Callbacks, callback: Callback, deadline: float | None) -> Reply:
    try:
        return callback.wait(None if deadline is None else max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        if callbacks.close(callback.token) is not None:
            raise _ExecutionError.get()("States.Timeout", "") from None
        # Somebody has closed it in the meantime: the reply is on its way.
        return callback.wait(None)


def _result(reply: Reply) -> object:
    if reply.error is not None:
        raise _ExecutionError.get()(reply.error, reply.cause)
    return json.loads(reply.output)


def _returning(callbacks: Callbacks, read: Callable[[Mapping[str, Any]], Reply | None]) -> Untyped:
    def send_task(data: Mapping[str, Any]) -> Untyped:
        token = data.get("taskToken", "")
        if callbacks.state_machine_of(token) is None:
            return _error_response.get()("InvalidToken", "Invalid Token: 'Invalid token'", 400)
        try:
            reply = read(data)
        except ValueError as error:
            return _error_response.get()("InvalidOutput", f"Invalid Output: '{error}'", 400)
        # A heartbeat leaves the task waiting; HeartbeatSeconds itself is refused before anything is deployed.
        closed = callbacks.is_open(token) if reply is None else _close(callbacks, token, reply)
        if not closed:
            message = "Task Timed Out: 'Provided task does not exist anymore'"
            return _error_response.get()("TaskTimedOut", message, 400)
        return _json_response.get()({})

    return send_task


def _close(callbacks: Callbacks, token: str, reply: Reply) -> bool:
    callback = callbacks.close(token)
    if callback is not None:
        callback.reply(reply)
    return callback is not None


def _success(data: Mapping[str, Any]) -> Reply:
    output = data.get("output")
    if not isinstance(output, str):
        raise ValueError("output has to be a text of JSON")  # noqa: TRY004 - all its refusals have one name
    json.loads(output)
    return Reply(output=output)


def _failure(data: Mapping[str, Any]) -> Reply:
    return Reply(error=data.get("error") or "TaskFailed", cause=data.get("cause") or "")
