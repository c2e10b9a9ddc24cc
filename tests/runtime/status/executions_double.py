"""As much of Step Functions as the status function asks: lists in pages, descriptions, and the newest events."""

# ruff: noqa: N803 - the names are boto3's

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=timezone.utc)
MACHINES = "arn:aws:states:eu-central-1:123456789012:stateMachine:"


@dataclass
class StepFunctions:
    """Executions by machine.

    Attributes:
        page: How many executions a page has at most, whatever was asked for.
        calls: What was asked, with its arguments.
    """

    page: int = 1000
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _executions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _states: dict[str, list[str]] = field(default_factory=dict)

    def add(
        self,
        machine: str,
        name: str,
        *,
        minutes_ago: float,
        status: str = "SUCCEEDED",
        seconds: float = 5,
        states: list[str] | None = None,
        error: str = "",
        cause: str = "",
        **request: Any,
    ) -> None:
        """An execution that began so long ago and took so many seconds."""
        began = NOW - timedelta(minutes=minutes_ago)
        arn = f"{MACHINES.replace(':stateMachine:', ':execution:')}{machine}:{name}"
        defaults = {
            "text": "",
            "user_id": "U1",
            "channel_id": "C1",
            "visible": "user",
            "response_url": "https://secret",
        }
        execution = {
            "executionArn": arn,
            "name": name,
            "status": status,
            "startDate": began,
            "input": json.dumps({**defaults, **request}),
            "error": error,
            "cause": cause,
        }
        if status != "RUNNING":
            execution["stopDate"] = began + timedelta(seconds=seconds)
        self._executions.setdefault(machine, []).append(execution)
        self._states[arn] = states or []

    def get_paginator(self, operation: str) -> StepFunctions:
        assert operation == "list_executions"
        return self

    def paginate(
        self, *, stateMachineArn: str, PaginationConfig: dict[str, int], statusFilter: str = ""
    ) -> Iterator[dict[str, Any]]:
        self.calls.append(("ListExecutions", {"stateMachineArn": stateMachineArn, "statusFilter": statusFilter}))
        found = self._executions.get(stateMachineArn.removeprefix(MACHINES), [])
        found = [each for each in found if not statusFilter or each["status"] == statusFilter]
        found = sorted(found, key=lambda each: each["startDate"], reverse=True)[: PaginationConfig["MaxItems"]]
        size = min(self.page, PaginationConfig["PageSize"])
        shown = ("executionArn", "name", "status", "startDate", "stopDate")
        for first in range(0, len(found), size):
            items = found[first : first + size]
            yield {"executions": [{key: each[key] for key in shown if key in each} for each in items]}

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:
        self.calls.append(("DescribeExecution", {"executionArn": executionArn}))
        return next(each for of in self._executions.values() for each in of if each["executionArn"] == executionArn)

    def get_execution_history(
        self, *, executionArn: str, reverseOrder: bool, maxResults: int, includeExecutionData: bool
    ) -> dict[str, Any]:
        assert reverseOrder
        assert not includeExecutionData, "there are tokens in it"
        self.calls.append(("GetExecutionHistory", {"executionArn": executionArn}))
        entered = [
            {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": name}}
            for name in reversed(self._states[executionArn])
        ]
        return {"events": [{"type": "TaskSubmitted"}, {"type": "TaskScheduled"}, *entered][:maxResults]}
