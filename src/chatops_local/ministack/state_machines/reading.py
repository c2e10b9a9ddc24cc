"""ListExecutions, DescribeExecution and GetExecutionHistory: what AWS shows, when, and of which state machines.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html: "This operation is eventually
consistent. The results are best effort and may not reflect very recent updates and changes."
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.state_machines.records import RUNNING, is_express, is_express_execution

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops_local.ministack.emulator import Emulator

_list_executions = private("services.stepfunctions:_list_executions", "data")
_sort_key = private("services.stepfunctions:_execution_sort_key", "execution")
_encode_token = private("services.stepfunctions:_encode_execution_token", "execution")
_decode_token = private("services.stepfunctions:_decode_execution_token", "token")
_executions = private("services.stepfunctions:_executions")
_state_machines = private("services.stepfunctions:_state_machines")
_json_response = private("core.responses:json_response", "data, status, content_type")
_error_response = private(
    "core.responses:error_response_json", "code, message, status, extra, message_key, content_type"
)
_OF_ONE_EXECUTION = (
    private("services.stepfunctions:_describe_execution", "data"),
    private("services.stepfunctions:_get_execution_history", "data"),
    private("services.stepfunctions:_stop_execution", "data"),
)

_MOST_RESULTS = 1000


def apply(emulator: Emulator) -> None:
    """Answer as AWS does, and let the controller read what AWS does not show."""
    lists = ExecutionLists(emulator.settings.execution_list_lag * emulator.settings.time_scale)

    def list_executions(data: Mapping[str, Any]) -> Untyped:
        return lists.answer(data)

    def lag_execution_lists(seconds: float) -> None:
        lists.lag = seconds * emulator.settings.time_scale

    _list_executions.wrap(lambda _original: list_executions)
    for call in _OF_ONE_EXECUTION:
        call.wrap(_not_for_express)
    emulator.calls.update(
        lag_execution_lists=lag_execution_lists, executions=executions_of, execution_history=history_of
    )


@dataclass
class ExecutionLists:
    """ListExecutions.

    Args:
        lag: real seconds until it knows of a start or an end.
    """

    lag: float

    def answer(self, data: Mapping[str, Any]) -> Untyped:
        """The answer to a request."""
        machine = _state_machines.get().get(data.get("stateMachineArn", ""))
        if machine is None:
            text = f"State Machine Does Not Exist: '{data.get('stateMachineArn')}'"
            return _error_response.get()("StateMachineDoesNotExist", text, 400)
        if is_express(machine):
            text = "This operation is not supported by this type of state machine"
            return _error_response.get()("StateMachineTypeNotSupported", text, 400)
        after = _decode_token.get()(data["nextToken"]) if data.get("nextToken") else None
        if data.get("nextToken") and after is None:
            return _error_response.get()("InvalidToken", "Invalid Token: 'Invalid token'", 400)
        found = [
            one
            for one in self._known(machine["stateMachineArn"])
            if data.get("statusFilter") in (None, one["status"]) and (after is None or _sort_key.get()(one) < after)
        ]
        found.sort(key=_sort_key.get(), reverse=True)
        page = found[: int(data.get("maxResults") or _MOST_RESULTS)]
        more = {"nextToken": _encode_token.get()(page[-1])} if len(found) > len(page) else {}
        return _json_response.get()({"executions": page, **more})

    def _known(self, machine_arn: str) -> Iterator[dict[str, Any]]:
        known_until = time.monotonic() - self.lag
        shown = ("executionArn", "stateMachineArn", "name", "status", "startDate", "stopDate")
        for record in tuple(_executions.get().values()):
            if record["stateMachineArn"] != machine_arn or record.get("begun", 0) > known_until:
                continue
            one = {name: record[name] for name in shown}
            if (record.get("ended") or 0) > known_until:
                one.update(status=RUNNING, stopDate=None)
            yield one


def executions_of(state_machine: str) -> list[dict[str, Any]]:
    """Every execution of a state machine, of any type and at once, the latest first."""
    shown = ("name", "status", "input", "output", "error", "cause")
    return [
        {"arn": record["executionArn"], **{name: record.get(name) or "" for name in shown}}
        for record in reversed(tuple(_executions.get().all_values()))
        if record["stateMachineArn"] == state_machine
    ]


def history_of(execution: str) -> list[dict[str, Any]]:
    """Every event of an execution, of any type.

    Raises:
        KeyError: if there is none of that ARN.
    """
    _, _, _, region, account, *_ = execution.split(":")
    return list(_executions.get().get_scoped(account, region, execution)["events"])


def _not_for_express(original: Untyped) -> Untyped:
    def call(data: Mapping[str, Any]) -> Untyped:
        record = _executions.get().get(data.get("executionArn"))
        if record is not None and is_express_execution(record):
            text = "Invalid Arn: 'Resource type not valid in this context: express'"
            return _error_response.get()("InvalidArn", text, 400)
        return original(data)

    return call
