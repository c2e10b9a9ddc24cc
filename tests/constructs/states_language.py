"""State machine definitions: looked at state by state, and run on made-up answers of the services.

Only what our definitions use of the Amazon States Language with JSONata, and that strictly: an expression without a
value is an error, as it is in Step Functions
(https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonata import Jsonata  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = Any
States = dict[str, dict[str, Any]]

MOST_PAYLOAD = 262_144
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html."""


class StateError(Exception):
    """An error that a task or a Fail state raises, by its name."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause


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
    return Jsonata(f"{{'value': ({jsonata})}}")


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


def machines_of(definition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A definition and every definition in it: the branches of Parallel and the processor of Map."""
    yield definition
    for state in definition["States"].values():
        for inner in [*state.get("Branches", []), *([state["ItemProcessor"]] if "ItemProcessor" in state else [])]:
            yield from machines_of(inner)


def successors(state: dict[str, Any]) -> set[str]:
    """The names of all states that may follow."""
    rules = [*state.get("Choices", []), *state.get("Catch", []), state]
    return {rule[key] for rule in rules for key in ("Next", "Default") if key in rule}


@dataclass
class Execution:
    """Runs a definition.

    Attributes:
        tasks: Answers a call: gets the resource's last part and the arguments; raises StateError.
        input: The execution's input.
        visited: The names of the states in their order.
        waited: Seconds that Wait states took, all together.
        largest: The largest payload so far, in bytes.
    """

    tasks: Callable[[str, Json], Json]
    input: Json = field(default_factory=dict)
    visited: list[str] = field(default_factory=list)
    waited: float = 0
    largest: int = 0

    def run(self, machine: dict[str, Any], variables: dict[str, Json] | None = None, data: Json = None) -> Json:
        variables = dict(variables or {})
        data = self.input if data is None else data
        name = machine["StartAt"]
        while True:
            self.visited.append(name)
            assert len(self.visited) < 20_000, "it does not end"
            state = machine["States"][name]
            data, following = self._step(state, variables, data)
            self.largest = max(self.largest, len(json.dumps(data, ensure_ascii=False).encode()))
            if following is None:
                return data
            name = following

    def _step(self, state: dict[str, Any], variables: dict[str, Json], data: Json) -> tuple[Json, str | None]:
        states = {"input": data, "context": self._context()}
        try:
            result = getattr(self, f"_{state['Type'].lower()}")(state, variables, states)
        except StateError as error:
            for rule in state.get("Catch", []):
                if error.error in rule["ErrorEquals"] or "States.ALL" in rule["ErrorEquals"]:
                    told = {**states, "errorOutput": {"Error": error.error, "Cause": error.cause}}
                    self._assign(rule, variables, told)
                    return told["errorOutput"], rule["Next"]
            raise
        if state["Type"] == "Choice":
            return data, result
        told = {**states, "result": result}
        output = self._fill(state["Output"], variables, told) if "Output" in state else result
        self._assign(state, variables, told)
        return output, None if state.get("End") or state["Type"] == "Succeed" else state["Next"]

    def _context(self) -> Json:
        execution = {
            "Name": "a1b2c3",
            "StartTime": "2026-11-22T01:03:50.123Z",
            "Input": self.input,
            "Id": "arn:execution",
        }
        return {"Execution": execution}

    def _fill(self, template: Json, variables: dict[str, Json], states: Json) -> Json:
        if isinstance(template, dict):
            return {key: self._fill(value, variables, states) for key, value in template.items()}
        if isinstance(template, list):
            return [self._fill(value, variables, states) for value in template]
        if isinstance(template, str) and template.startswith("{%"):
            return evaluate(template[2:-2], {**variables, "states": states})
        return template

    def _assign(self, rule: dict[str, Any], variables: dict[str, Json], states: Json) -> None:
        # All at once: each expression sees the values from before.
        variables.update(self._fill(rule.get("Assign", {}), variables, states))
        for value in variables.values():
            self.largest = max(self.largest, len(json.dumps(value, ensure_ascii=False).encode()))

    def _task(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Json:
        arguments = self._fill(state.get("Arguments", {}), variables, states)
        return self.tasks(state["Resource"].partition(":states:::")[2], arguments)

    def _pass(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Json:
        del state, variables
        return states["input"]

    def _succeed(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Json:
        return self._pass(state, variables, states)

    def _wait(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Json:
        self.waited += self._fill(state["Seconds"], variables, states)
        return states["input"]

    def _choice(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> str:
        for rule in state["Choices"]:
            decided = self._fill(rule["Condition"], variables, states)
            assert isinstance(decided, bool), f"{rule['Condition']} is {decided!r}"
            if decided:
                return str(rule["Next"])
        return str(state["Default"])

    def _fail(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Json:
        raise StateError(
            self._fill(state["Error"], variables, states), self._fill(state.get("Cause", ""), variables, states)
        )

    def _map(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Json:
        items = self._fill(state["Items"], variables, states)
        assert isinstance(items, list), f"{state['Items']} is no array"
        return [self.run(state["ItemProcessor"], variables, item) for item in items]

    def _parallel(self, state: dict[str, Any], variables: dict[str, Json], states: Json) -> Json:
        return [self.run(branch, variables, states["input"]) for branch in state["Branches"]]
