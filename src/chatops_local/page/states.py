"""The states that an execution has been in, read from its history.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import asking

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_ENTERED = "StateEntered"
_EXITED = "StateExited"
_AROUND_OTHERS = ("Parallel", "Map")
_FAILURES = ("Failed", "TimedOut", "StartFailed", "SubmitFailed", "ScheduleFailed")
_AWAITED = {
    asking.APPROVAL: "a decision",
    asking.CONFIRM: "a confirmation",
    asking.CHOICE: "a choice",
    asking.INSTANCES: "a choice",
}
_ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")

RUNNING = "running"
DONE = "done"
FAILED = "failed"
WAITING = "waiting"
"""It runs, and goes on when somebody has clicked."""
STOPPED = "stopped"
"""It ended since what was around it did, as the other branch of a Parallel state."""


@dataclass
class State:
    """One stay in a state.

    Args:
        name: the state's name.
        kind: its type, such as `Task`.
        depth: in how many Parallel and Map states it is.
        entered: Unix time.
        left: Unix time; `None` while it runs.
        status: `running`, `waiting`, `done`, `failed` or `stopped`.
        resource: what a task calls, such as `ssm:sendCommand`.
        error: what failed in it, if anything did.
        cause: what goes with the error.
        awaits: whom or what it waits for, or has waited for, such as a decision; empty if for nobody.
        until: until when, as the question says it.
    """

    name: str
    kind: str
    depth: int
    entered: float
    left: float | None = None
    status: str = RUNNING
    resource: str = ""
    error: str = ""
    cause: str = ""
    awaits: str = ""
    until: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the browser."""
        return asdict(self)

    def leave(self, at: float, status: str) -> None:
        """It is over."""
        self.left = at
        self.status = status


def states_in(history: Iterable[dict[str, Any]]) -> list[State]:
    """The states in the order in which they were entered."""
    states: list[State] = []
    for event in history:
        _read(event, states)
    return states


def _read(event: dict[str, Any], states: list[State]) -> None:
    kind, at = str(event["type"]), _seconds(event["timestamp"])
    if kind.endswith(_ENTERED):
        states.append(_entered(kind, event["stateEnteredEventDetails"]["name"], at, states))
    elif kind.endswith(_EXITED):
        _leave(event["stateExitedEventDetails"]["name"], at, states)
    elif kind in _ENDS:
        failed = ("Fail",) if kind == "ExecutionFailed" else ()
        for state in _running(states):
            _end(state, states, at, done=("Succeed",), failed=failed)
    else:
        _note_task(kind, event, states)


def _entered(kind: str, name: str, at: float, states: list[State]) -> State:
    depth = sum(state.kind in _AROUND_OTHERS for state in _running(states))
    return State(name, kind.removesuffix(_ENTERED), depth, at)


def _leave(name: str, at: float, states: list[State]) -> None:
    """The one entered first, if several of that name run, as in a Map state."""
    left = next((state for state in _running(states) if state.name == name), None)
    if left is None:
        return
    if left.kind in _AROUND_OTHERS:
        for inner in _running(states[states.index(left) + 1 :]):
            _end(inner, states, at, done=("Fail", "Succeed"), failed=())
    # What was caught or retried is over all the same; the error stays to be read.
    left.leave(at, DONE)


def _end(state: State, states: list[State], at: float, *, done: tuple[str, ...], failed: tuple[str, ...]) -> None:
    """It was not left, what is around it is over: since it failed, or something in it did, or something beside it."""
    later = states[states.index(state) + 1 :]
    inside = itertools.takewhile(lambda each: each.depth > state.depth, later)
    if state.kind in failed or state.error or any(each.status == FAILED or each.error for each in inside):
        state.leave(at, FAILED)
    else:
        state.leave(at, DONE if state.kind in done else STOPPED)


def _note_task(kind: str, event: dict[str, Any], states: list[State]) -> None:
    """What a task calls and how it fails; of several that run, the latest that does not know it yet."""
    task = next((state for state in reversed(_running(states)) if state.kind == "Task"), None)
    details: dict[str, Any] = next((value for name, value in event.items() if name.endswith("EventDetails")), {})
    if task is None:
        return
    if kind == "TaskScheduled":
        task.resource = f"{details['resourceType']}:{details['resource']}".removeprefix("aws-sdk:")
        _note_question(task, str(details.get("parameters")))
    elif kind.endswith(_FAILURES):
        task.error = str(details.get("error") or kind)
        task.cause = str(details.get("cause") or "")


def _note_question(task: State, parameters: str) -> None:
    """Whether a task waits for a person's click, as `chatops_runtime.contracts.asking` says."""
    try:
        payload = json.loads(parameters)["Payload"]
        kind, until = payload["question"]["kind"], payload["question"].get("until")
    except (KeyError, TypeError, ValueError):
        return
    if payload.get("event") == asking.WAIT:
        task.status, task.awaits, task.until = WAITING, _AWAITED.get(kind, "an answer"), str(until or "")


def _running(states: list[State]) -> list[State]:
    return [state for state in states if state.status in (RUNNING, WAITING)]


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
