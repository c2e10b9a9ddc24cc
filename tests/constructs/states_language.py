"""State machine definitions: looked at state by state, and run on made-up answers of the services in simulated time.

Only what our definitions use of the Amazon States Language with JSONata, and that strictly: an expression without a
value is an error, as it is in Step Functions
(https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html), and so is a payload that is too large.
"""

from __future__ import annotations

import json
import math
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from jsonata import Jsonata  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

Json = Any
States = dict[str, dict[str, Any]]

MOST_PAYLOAD = 262_144
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html."""

# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: what wildcards leave out.
NOT_IN_ALL = {"States.DataLimitExceeded", "States.Runtime"}
NOT_IN_TASK_FAILED = {*NOT_IN_ALL, "States.Timeout"}

STARTED = datetime(2026, 11, 22, 1, 3, 50, 123_000, tzinfo=timezone.utc)
MACHINE_ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:Machine"
TOKEN = "AQ8AAAAqAAAAAwAA+/=="

Process: TypeAlias = "Generator[float, None, Any]"
"""Something that is under way in simulated time: it hands out the times at which it goes on."""


class StateError(Exception):
    """An error that a task or a Fail state raises, by its name; a timeout has no cause."""

    def __init__(self, error: str, cause: str | None = "") -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause

    @property
    def output(self) -> dict[str, str]:
        """What `$states.errorOutput` is."""
        return {"Error": self.error, **({} if self.cause is None else {"Cause": self.cause})}

    def is_one_of(self, names: list[str]) -> bool:
        if "States.ALL" in names:
            return self.error not in NOT_IN_ALL
        return self.error in names or ("States.TaskFailed" in names and self.error not in NOT_IN_TASK_FAILED)


@dataclass
class Clock:
    """Seconds since the execution began.

    Attributes:
        now: So many.
        started: When it began itself, in seconds after `STARTED`.
    """

    now: float = 0
    started: float = 0

    def timestamp(self, at: float) -> str:
        """As Step Functions writes times."""
        return (
            (STARTED + timedelta(seconds=self.started + at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        )


@dataclass(frozen=True)
class Signal:
    """The answer to a call that waits for a task token: when the token comes back, and with what."""

    at: float = math.inf
    output: Json = None


def evaluate(jsonata: str, variables: dict[str, Json]) -> Json:
    """The value of an expression; nothing is an error."""
    expression = _parsed(jsonata)
    frame = expression.create_frame()
    for name, value in variables.items():
        frame.bind(name, value)
    found = expression.evaluate(None, frame)
    if "value" not in found:
        raise StateError("States.QueryEvaluationError", f"{jsonata} is nothing")
    return json.loads(json.dumps(found["value"]))


@cache
def _parsed(jsonata: str) -> Jsonata:
    # In an object, since only there "nothing" can be told from null.
    expression = Jsonata(f"{{'value': ({jsonata})}}")
    # https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
    expression.register_lambda("parse", json.loads)
    expression.register_lambda("uuid", lambda: str(uuid.uuid4()))
    return expression


def expressions(value: Json) -> Iterator[str]:
    """All JSONata expressions in a definition."""
    if isinstance(value, dict):
        for item in value.values():
            yield from expressions(item)
    elif isinstance(value, list):
        for item in value:
            yield from expressions(item)
    elif isinstance(value, str) and value.startswith("{%"):
        assert value.endswith("%}"), value
        yield value[2:-2].strip()


def inner_machines(state: dict[str, Any]) -> list[dict[str, Any]]:
    """The branches of a Parallel state, the processor of a Map."""
    return [*state.get("Branches", []), *([state["ItemProcessor"]] if "ItemProcessor" in state else [])]


def machines_of(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A definition and every definition in it."""
    yield definition
    for state in definition["States"].values():
        for inner in inner_machines(state):
            yield from machines_of(inner)


def successors(state: dict[str, Any]) -> set[str]:
    """The names of all states that may follow."""
    rules = [*state.get("Choices", []), *state.get("Catch", []), state]
    return {rule[key] for rule in rules for key in ("Next", "Default") if key in rule}


def bytes_of(value: Json) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


@dataclass
class Execution:
    """Runs a definition.

    Attributes:
        tasks: Answers a call: gets the resource's last part and the arguments; raises StateError.
        input: The execution's input.
        clock: Simulated time, which the services may share.
        name: The execution's name.
        visited: The names of the states in their order.
        largest: The largest payload so far, in bytes.
    """

    tasks: Callable[[str, Json], Json]
    input: Json = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    name: str = "a1b2c3"
    visited: list[str] = field(default_factory=list)
    largest: int = 0

    def run(self, definition: dict[str, Any]) -> Json:
        """The execution's output."""
        under_way = self._machine(definition, {}, self.input, {})
        try:
            while True:
                at = next(under_way)
                if at > definition["TimeoutSeconds"]:
                    raise StateError("TIMED_OUT", "the execution's own time limit, which nothing catches")
                self.clock.now = at
        except StopIteration as end:
            return end.value

    def _machine(self, machine: dict[str, Any], variables: dict[str, Json], data: Json, context: Json) -> Process:
        variables = dict(variables)
        name: str | None = machine["StartAt"]
        while name is not None:
            self.visited.append(name)
            assert len(self.visited) < 50_000, "it does not end"
            data, name = yield from self._state(machine["States"][name], variables, data, context)
        return data

    def _state(self, state: dict[str, Any], variables: dict[str, Json], data: Json, context: Json) -> Process:
        states = {"input": data, "context": {**self._context(), **context}}
        retries: Counter[int] = Counter()
        while True:
            try:
                result = yield from self._result(state, variables, states)
                if state["Type"] == "Choice":
                    return data, result
                return self._output(state, variables, {**states, "result": result})
            except StateError as error:  # noqa: PERF203 - that is what a retry is
                pause = _pause_before_retry(state, error, retries)
                if pause is None:
                    return self._caught(state, variables, states, error)
                yield self.clock.now + pause

    def _result(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Process:
        if state["Type"] in {"Task", "Wait", "Map", "Parallel"}:
            result = yield from getattr(self, f"_{state['Type'].lower()}")(state, variables, states)
            return result
        return getattr(self, f"_{state['Type'].lower()}")(state, variables, states)

    def _output(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> tuple[Json, str | None]:
        output = self._measured(
            self._fill(state["Output"], variables, states) if "Output" in state else states["result"]
        )
        self._assign(state, variables, states)
        return output, None if state.get("End") or state["Type"] == "Succeed" else state["Next"]

    def _caught(
        self, state: dict[str, Any], variables: dict[str, Json], states: Json, error: StateError
    ) -> tuple[Json, str]:
        """What the first Catch that fits makes of an error."""
        for rule in state.get("Catch", []):
            if error.is_one_of(rule["ErrorEquals"]):
                told = {**states, "errorOutput": error.output}
                output = self._fill(rule["Output"], variables, told) if "Output" in rule else error.output
                self._assign(rule, variables, told)
                return output, rule["Next"]
        raise error

    def _context(self) -> Json:
        """https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html."""
        execution = {
            "Name": self.name,
            "StartTime": self.clock.timestamp(0),
            "Input": self.input,
            "Id": f"{MACHINE_ARN.replace(':stateMachine:', ':execution:')}:{self.name}",
        }
        return {
            "Execution": execution,
            "State": {"EnteredTime": self.clock.timestamp(self.clock.now)},
            "StateMachine": {"Id": MACHINE_ARN, "Name": "Machine"},
        }

    def _fill(self, template: Json, variables: dict[str, Json], states: Json) -> Json:
        if isinstance(template, dict):
            return {key: self._fill(value, variables, states) for key, value in template.items()}
        if isinstance(template, list):
            return [self._fill(value, variables, states) for value in template]
        if isinstance(template, str) and template.startswith("{%"):
            return evaluate(template[2:-2], {**variables, "states": states})
        return template

    def _assign(self, rule: dict[str, Any], variables: dict[str, Json], states: Json) -> None:
        # All at once: each expression sees the values from before. The limit is that of all of them together:
        # https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
        variables.update(self._measured(self._fill(rule.get("Assign", {}), variables, states)))

    def _measured(self, payload: Json) -> Json:
        size = bytes_of(payload)
        self.largest = max(self.largest, size)
        if size > MOST_PAYLOAD:
            raise StateError("States.DataLimitExceeded", f"{size} bytes")
        return payload

    def _task(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Process:
        resource = state["Resource"].partition(":states:::")[2]
        if not resource.endswith(".waitForTaskToken"):
            arguments = self._fill(state.get("Arguments", {}), variables, states)
            return self._measured(self.tasks(resource, self._measured(arguments)))
        states["context"]["Task"] = {"Token": TOKEN}
        signal = self.tasks(resource, self._measured(self._fill(state["Arguments"], variables, states)))
        seconds = self._fill(state["TimeoutSeconds"], variables, states)
        assert isinstance(seconds, int), f"{seconds!r} is no whole number"
        deadline = self.clock.now + seconds
        yield max(self.clock.now, min(signal.at, deadline))
        if signal.at > deadline:
            raise StateError("States.Timeout", None)
        return self._measured(signal.output)

    def _pass(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Json:
        del state, variables
        return states["input"]

    def _succeed(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Json:
        return self._pass(state, variables, states)

    def _wait(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Process:
        seconds = self._fill(state["Seconds"], variables, states)
        # https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
        assert isinstance(seconds, int), f"{seconds!r} is no whole number"
        assert 0 <= seconds <= 99_999_999
        yield self.clock.now + seconds
        return states["input"]

    def _choice(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> str:
        for rule in state["Choices"]:
            decided = self._fill(rule["Condition"], variables, states)
            assert isinstance(decided, bool), f"{rule['Condition']} is {decided!r}"
            if decided:
                return str(rule["Next"])
        return str(state["Default"])

    def _fail(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Json:
        error, cause = self._fill([state["Error"], state.get("Cause", "")], variables, states)
        assert isinstance(error, str)
        assert isinstance(cause, str)
        raise StateError(error, cause)

    def _map(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Process:
        items = self._measured(self._fill(state["Items"], variables, states))
        assert isinstance(items, list), f"{state['Items']} is no array"
        result = yield from self._together(
            [
                self._machine(
                    state["ItemProcessor"], variables, item, {"Map": {"Item": {"Index": index, "Value": item}}}
                )
                for index, item in enumerate(items)
            ]
        )
        return self._measured(result)

    def _parallel(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Process:
        result = yield from self._together(
            [self._machine(branch, variables, states["input"], {}) for branch in state["Branches"]]
        )
        return self._measured(result)

    def _together(self, processes: list[Process]) -> Process:
        """All of them at once: the first error is that of all, and the others are left where they are."""
        results: list[Json] = [None] * len(processes)
        due = dict.fromkeys(range(len(processes)), self.clock.now)
        while due:
            index = min(due, key=lambda each: due[each])
            yield due[index]
            try:
                due[index] = next(processes[index])
            except StopIteration as end:
                results[index] = end.value
                del due[index]
        return results


def _pause_before_retry(state: dict[str, Any], error: StateError, retries: Counter[int]) -> float | None:
    """The longest that the first Retry that fits would wait, or None.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
    """
    for number, rule in enumerate(state.get("Retry", [])):
        if error.is_one_of(rule["ErrorEquals"]):
            if retries[number] >= rule.get("MaxAttempts", 3):
                return None
            pause = rule.get("IntervalSeconds", 1) * rule.get("BackoffRate", 2.0) ** retries[number]
            retries[number] += 1
            return float(min(pause, rule.get("MaxDelaySeconds", math.inf)))
    return None
