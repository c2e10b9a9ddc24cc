"""Executions as MiniStack stores them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

_now_iso = private("services.stepfunctions:now_iso", "")
_state_machines = private("services.stepfunctions:_state_machines")

RUNNING = "RUNNING"


def new_record(arn: str, machine: Mapping[str, Any], name: str, given: str) -> dict[str, Any]:
    """An execution that starts now."""
    started = _now_iso.get()()
    event = {"id": 1, "previousEventId": 0, "type": "ExecutionStarted", "timestamp": started}
    details = {"input": given, "inputDetails": {"truncated": False}, "roleArn": machine["roleArn"]}
    return {
        "executionArn": arn,
        "stateMachineArn": machine["stateMachineArn"],
        "name": name,
        "status": RUNNING,
        "startDate": started,
        "stopDate": None,
        "input": given,
        "inputDetails": {"included": True},
        "output": None,
        "outputDetails": {"included": True},
        "testCase": "",
        "mockAttempts": {},
        "events": [{**event, "executionStartedEventDetails": details}],
        # Ours: on the monotonic clock.
        "begun": time.monotonic(),
        "ended": None,
    }


def is_express(machine: Mapping[str, Any]) -> bool:
    """Whether a state machine is an Express one."""
    return bool(machine.get("type") == "EXPRESS")


def is_express_execution(record: Mapping[str, Any]) -> bool:
    """Whether an execution is one of an Express state machine, which may be gone by now."""
    machine: Mapping[str, Any] = _state_machines.get().get(record["stateMachineArn"], {})
    return ":express:" in record["executionArn"] or is_express(machine)
