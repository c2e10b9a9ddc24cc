"""What a firing has led to: executions that Scheduler started, that they started and so on, and functions invoked."""

from __future__ import annotations

import json
import threading
from collections import Counter
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops_local.ministack.functions.asynchronous import AsynchronousInvocation, AsynchronousInvocations

_start_execution = private("services.stepfunctions:_start_execution", "data")
_run_execution = private("services.stepfunctions:_run_execution", "exec_arn")
_resolve_state_machine_arn = private("services.stepfunctions:_resolve_state_machine_arn")
_executions = private("services.stepfunctions:_executions")
_state_machines = private("services.stepfunctions:_state_machines")

_ALREADY_EXISTS = "ExecutionAlreadyExists"
_OK = 200


@dataclass
class _Started:
    """What one firing has led to.

    Args:
        starts: the execution of each start, in the order in which they were asked for; None until it is known, and if
            it was refused. An execution is in it more than once if its name was taken.
        invocations: the functions that were invoked asynchronously.
    """

    starts: list[str | None] = field(default_factory=list)
    invocations: list[AsynchronousInvocation] = field(default_factory=list)


_firing: ContextVar[_Started | None] = ContextVar("chatops_local_firing", default=None)
"""The firing that this thread works for. MiniStack runs each execution in a copy of the context that started it."""


class Consequences:
    """What came of each firing."""

    def __init__(self) -> None:
        """Know no firing yet."""
        self._firings: list[_Started] = []
        self._over: set[str] = set()
        self._lock = threading.Lock()

    def apply(self, functions: AsynchronousInvocations) -> None:
        """Note every start of an execution, every end, and every invocation by `functions`."""
        functions.observers.append(self._note_invocation)
        _start_execution.wrap(self._noting_start)
        _run_execution.wrap(self._noting_end)

    @contextmanager
    def of_new_firing(self) -> Iterator[int]:
        """Note what the block leads to, under the number that it gets."""
        started = _Started()
        with self._lock:
            self._firings.append(started)
            number = len(self._firings) - 1
        token = _firing.set(started)
        try:
            yield number
        finally:
            _firing.reset(token)

    def executions(self, number: int) -> list[dict[str, Any]]:
        """The executions of a firing, in the order in which they were started."""
        started = self._firings[number]
        with self._lock:
            times = Counter(arn for arn in started.starts if arn is not None)
            return [_described(arn, count, is_over=arn in self._over) for arn, count in times.items()]

    def invocations(self, number: int) -> list[dict[str, Any]]:
        """The functions that a firing has invoked asynchronously, in order."""
        with self._lock:
            return [invocation.described() for invocation in self._firings[number].invocations]

    def _note_invocation(self, invocation: AsynchronousInvocation) -> None:
        started = _firing.get()
        if started is not None:
            with self._lock:
                started.invocations.append(invocation)

    def _noting_start(self, original: Untyped) -> Untyped:
        def start_execution(data: Mapping[str, Any]) -> Untyped:
            started = _firing.get()
            if started is None:
                return original(data)
            with self._lock:
                # Its place: what it starts in turn comes after it, even if that is sooner done.
                place = len(started.starts)
                started.starts.append(None)
            answer = original(data)
            started.starts[place] = _arn_of(data, answer)
            return answer

        return start_execution

    def _noting_end(self, original: Untyped) -> Untyped:
        def run_execution(exec_arn: str) -> None:
            try:
                original(exec_arn)
            finally:
                # With what its ending has led to. Whoever started it: another firing may meet its name.
                with self._lock:
                    self._over.add(exec_arn)

        return run_execution


def _arn_of(data: Mapping[str, Any], answer: tuple[int, object, bytes]) -> str | None:
    """The execution that was started, or whose name was taken; None if the start was refused."""
    status, _, body = answer
    content = json.loads(body)
    if status == _OK:
        return str(content["executionArn"])
    if content.get("__type", "").endswith(_ALREADY_EXISTS):
        machine = _resolve_state_machine_arn.get()(data["stateMachineArn"])
        return f"{machine.replace(':stateMachine:', ':execution:')}:{data['name']}"
    return None


def _described(arn: str, times: int, *, is_over: bool) -> dict[str, Any]:
    _, _, _, region, account, *_ = arn.split(":")
    execution = _executions.get().get_scoped(account, region, arn)
    machine = _state_machines.get().get_scoped(account, region, execution["stateMachineArn"], {})
    return {
        "arn": arn,
        "state_machine_arn": execution["stateMachineArn"],
        "express": machine.get("type") == "EXPRESS",
        "status": execution["status"],
        "input": execution["input"],
        "output": execution["output"] or "",
        "error": execution.get("error") or "",
        "cause": execution.get("cause") or "",
        "started_at": _seconds(execution["startDate"]),
        "ended_at": _seconds(execution["stopDate"]),
        "starts": times,
        "is_over": is_over,
    }


def _seconds(moment: str | None) -> float | None:
    return None if moment is None else datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()
