"""StartExecution: what a name may be, what happens when it was used before, and Express executions.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
"""

from __future__ import annotations

import json
import re
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines.records import is_express, new_record

if TYPE_CHECKING:
    from collections.abc import Mapping


_start_execution = private("services.stepfunctions:_start_execution", "data")
_resolve_state_machine_arn = private("services.stepfunctions:_resolve_state_machine_arn", "arn")
_run_execution = private("services.stepfunctions:_run_execution", "exec_arn")
_emit_status = private("services.stepfunctions:_emit_execution_status_event", "execution")
_executions = private("services.stepfunctions:_executions")
_state_machines = private("services.stepfunctions:_state_machines")
_json_response = private("core.responses:json_response", "data, status, content_type")
_error_response = private(
    "core.responses:error_response_json", "code, message, status, extra, message_key, content_type"
)
_new_uuid = private("services.stepfunctions:new_uuid", "")

_NAME = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}")
_MAXIMUM_INPUT_BYTES = 262_144


class _RefusedError(Exception):
    """AWS's answer to a start that it refuses: the code and the message."""


def apply() -> None:
    """Start executions as AWS does."""
    starting = threading.Lock()

    def start_execution(data: Mapping[str, Any]) -> Untyped:
        try:
            # Tasks start executions from threads of their own.
            with starting:
                record, is_new = _record(data)
        except _RefusedError as refusal:
            return _error_response.get()(*refusal.args, 400)
        if is_new:
            _emit_status.get()(record)
            # MiniStack keeps the account and the region in context variables.
            arguments = (_run_execution.get(), record["executionArn"])
            threading.Thread(target=copy_context().run, args=arguments, daemon=True).start()
        return _json_response.get()({"executionArn": record["executionArn"], "startDate": record["startDate"]})

    _start_execution.wrap(lambda _original: start_execution)


def _record(data: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The execution that the request means, and whether it is a new one."""
    _check(data)
    machine_arn = _resolve_state_machine_arn.get()(data.get("stateMachineArn", ""))
    if machine_arn is None:
        arn = data.get("stateMachineArn")
        raise _RefusedError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
    machine = _state_machines.get()[machine_arn]
    name, given = data.get("name") or _new_uuid.get()(), data.get("input", "{}")
    resource = f"execution:{machine['name']}:{name}"
    if is_express(machine):
        # A name may be used again, at any time: every start is another execution.
        resource = f"express:{machine['name']}:{name}:{_new_uuid.get()()}"
    arn = f"{machine_arn.partition(':stateMachine:')[0]}:{resource}"
    existing: dict[str, Any] | None = _executions.get().get(arn)
    if existing is None:
        _executions.get()[arn] = record = new_record(arn, machine, name, given)
        return record, True
    if existing["status"] != "RUNNING" or existing["input"] != given:
        raise _RefusedError("ExecutionAlreadyExists", f"Execution Already Exists: '{arn}'")
    return existing, False


def _check(data: Mapping[str, Any]) -> None:
    name = data.get("name")
    if name is not None and not _NAME.fullmatch(name):
        raise _RefusedError("InvalidName", f"Invalid Name: '{name}'")
    text = data.get("input", "{}")
    if not isinstance(text, str):
        raise _RefusedError("SerializationException", "input has to be a text of JSON")
    if len(text.encode()) > _MAXIMUM_INPUT_BYTES:
        problem = f"input has {len(text.encode())} bytes; {_MAXIMUM_INPUT_BYTES} are allowed"
        raise _RefusedError("ValidationException", problem)
    try:
        json.loads(text)
    except ValueError as error:
        raise _RefusedError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from None
