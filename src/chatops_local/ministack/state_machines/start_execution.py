"""StartExecution: what a name may be, and what happens when it was used before.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import json
import re
import threading
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_start_execution = private("services.stepfunctions:_start_execution", "data")
_executions = private("services.stepfunctions:_executions")
_state_machines = private("services.stepfunctions:_state_machines")
_json_response = private("core.responses:json_response", "data, status, content_type")
_error_response = private(
    "core.responses:error_response_json", "code, message, status, extra, message_key, content_type"
)

_NAME = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}")
_MAXIMUM_INPUT_BYTES = 262_144


def apply(emulator: Emulator) -> None:
    """Answer a repeated start as AWS does, and refuse names and inputs that AWS refuses."""
    starting = threading.Lock()

    def as_aws(original: Untyped) -> Untyped:
        def start_execution(data: Mapping[str, Any]) -> Untyped:
            refusal = _refusal(data)
            if refusal is not None:
                return _error_response.get()(*refusal, 400)
            # Tasks start executions from threads of their own.
            with starting:
                running = _same_running_execution(data, emulator)
                if running is not None:
                    answer = {"executionArn": running["executionArn"], "startDate": running["startDate"]}
                    return _json_response.get()(answer)
                return original(data)

        return start_execution

    _start_execution.wrap(as_aws)


def _refusal(data: Mapping[str, Any]) -> tuple[str, str] | None:
    name = data.get("name")
    if name is not None and not _NAME.fullmatch(name):
        return "InvalidName", f"Invalid Name: '{name}'"
    text = data.get("input", "{}")
    if len(text.encode()) > _MAXIMUM_INPUT_BYTES:
        return "ValidationException", f"input has {len(text.encode())} bytes; {_MAXIMUM_INPUT_BYTES} are allowed"
    try:
        json.loads(text)
    except ValueError as error:
        return "InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'"
    return None


def _same_running_execution(data: Mapping[str, Any], emulator: Emulator) -> Mapping[str, Any] | None:
    """The running execution of that name and input: starting it again is the same start."""
    machine = _state_machines.get().get(data.get("stateMachineArn", ""))
    if machine is None or "name" not in data:
        return None
    arn = f"arn:aws:states:{emulator.region}:{emulator.account}:execution:{machine['name']}:{data['name']}"
    execution: Mapping[str, Any] | None = _executions.get().get(arn)
    if execution is None or execution["status"] != "RUNNING" or execution["input"] != data.get("input", "{}"):
        return None
    return execution
