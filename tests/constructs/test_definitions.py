"""Every state machine's definition is well formed, whatever the command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonata import Jsonata  # type: ignore[import-untyped]

from tests.constructs.states_language import expressions, machines_of, successors

if TYPE_CHECKING:
    from tests.constructs.stacks import Synthesised

# https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html: by type, what a state must have and
# what it may have, with JSONata.
ALWAYS = {"Type", "Comment"}
FIELDS = {
    "Task": {"Resource", "Arguments", "Output", "Assign", "Retry", "Catch", "TimeoutSeconds", "Next", "End"},
    "Pass": {"Output", "Assign", "Next", "End"},
    "Choice": {"Choices", "Default", "Assign", "Output"},
    "Wait": {"Seconds", "Output", "Assign", "Next", "End"},
    "Succeed": {"Output"},
    "Fail": {"Error", "Cause"},
    "Parallel": {"Branches", "Output", "Assign", "Retry", "Catch", "Next", "End"},
    "Map": {"Items", "ItemProcessor", "MaxConcurrency", "Output", "Assign", "Retry", "Catch", "Next", "End"},
}
# Names of variables that JSONata and Step Functions give a meaning.
GIVEN = {"states"}


@pytest.fixture(params=["minimal", "maximal", "example"])
def definitions(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    synthesised: Synthesised = request.getfixturevalue(request.param)
    found = list(synthesised.definitions().values())
    assert found
    return found


@pytest.fixture
def machines(definitions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [machine for definition in definitions for machine in machines_of(definition)]


def test_the_query_language_is_jsonata_and_there_is_a_time_limit(definitions: list[dict[str, Any]]) -> None:
    for definition in definitions:
        assert definition["QueryLanguage"] == "JSONata"
        assert definition["TimeoutSeconds"] > 0


def test_every_state_is_reached_and_every_next_state_exists(machines: list[dict[str, Any]]) -> None:
    for machine in machines:
        states = machine["States"]
        reached, todo = set(), {machine["StartAt"]}
        while todo:
            name = todo.pop()
            reached.add(name)
            todo |= successors(states[name]) - reached
        assert reached == set(states)


def test_every_state_can_come_to_an_end(machines: list[dict[str, Any]]) -> None:
    for machine in machines:
        states = machine["States"]
        ends = {name for name, state in states.items() if state.get("End") or state["Type"] in {"Succeed", "Fail"}}
        growing = True
        while growing:
            more = {name for name, state in states.items() if successors(state) & ends} - ends
            ends |= more
            growing = bool(more)
        assert ends == set(states)


def test_states_have_the_fields_of_their_type(machines: list[dict[str, Any]]) -> None:
    for machine in machines:
        for name, state in machine["States"].items():
            assert set(state) <= ALWAYS | FIELDS[state["Type"]], name
            assert len(name) <= 80
            if state["Type"] in {"Task", "Pass", "Wait", "Parallel", "Map"}:
                assert ("Next" in state) != bool(state.get("End")), name
            if state["Type"] == "Choice":
                assert "Default" in state, f"{name}: no way out when no rule holds"


def test_names_of_states_are_unique_in_a_machine(definitions: list[dict[str, Any]]) -> None:
    """Step Functions wants that of the whole definition, branches included."""
    for definition in definitions:
        names = [name for machine in machines_of(definition) for name in machine["States"]]
        assert sorted(set(names)) == sorted(names)


def test_expressions_are_jsonata(machines: list[dict[str, Any]]) -> None:
    found = {expression for machine in machines for expression in expressions(machine)}
    assert len(found) > 10
    for expression in found:
        Jsonata(expression)


def test_expressions_read_only_variables_that_are_assigned(definitions: list[dict[str, Any]]) -> None:
    for definition in definitions:
        assigned = GIVEN | {
            name
            for machine in machines_of(definition)
            for state in machine["States"].values()
            for rule in [state, *state.get("Catch", [])]
            for name in rule.get("Assign", {})
        }
        for expression in expressions(definition):
            own = set(re.findall(r"\$(\w+) :=", expression))
            without_literals = re.sub(r"'[^']*'|\"[^\"]*\"", "", expression)
            read = set(re.findall(r"\$(\w+)(?!\w*\()", without_literals))
            assert read <= assigned | own, expression


def test_permission_and_throttling_errors_end_up_in_a_report(definitions: list[dict[str, Any]]) -> None:
    """Whatever fails in the action is caught at one place and said in Slack."""
    for definition in definitions:
        action = definition["States"][definition["StartAt"]]
        assert action["Type"] == "Parallel"
        (catch,) = action["Catch"]
        assert catch["ErrorEquals"] == ["States.ALL"]
        assert catch["Next"] == action["Next"] == "Report"
        assert "SlackRetryable" in definition["States"]["Report"]["Retry"][0]["ErrorEquals"]


def test_what_may_run_twice_is_never_retried_after_it_may_have_run(machines: list[dict[str, Any]]) -> None:
    for machine in machines:
        for state in machine["States"].values():
            resource = str(state.get("Resource", ""))
            retried = {error for rule in state.get("Retry", []) for error in rule["ErrorEquals"]}
            if resource.endswith(":sendCommand"):
                assert retried == {"Ssm.ThrottlingException", "Ssm.SsmException"}
            if resource.endswith("lambda:invoke") and "Report" not in str(state["Arguments"]["FunctionName"]):
                assert retried == {"Lambda.TooManyRequestsException"}
