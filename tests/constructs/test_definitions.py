"""Every state machine's definition is well formed, whatever the command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonata import Jsonata  # type: ignore[import-untyped]

from tests.constructs.states_language import expressions, inner_machines, machines_of, successors

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


def read_by(expression: str) -> set[str]:
    """The variables that an expression does not bind itself."""
    own = set(re.findall(r"\$(\w+) :=", expression))
    without_literals = re.sub(r"'[^']*'|\"[^\"]*\"", "", expression)
    return set(re.findall(r"\$(\w+)(?!\w*\()", without_literals)) - own


def assigned_in(machine: dict[str, Any]) -> set[str]:
    """The variables that the states of one machine assign, those of the machines in it left out."""
    return {
        name
        for state in machine["States"].values()
        for rule in [state, *state.get("Catch", []), *state.get("Choices", [])]
        for name in rule.get("Assign", {})
    }


def check_reads(machine: dict[str, Any], known: set[str]) -> None:
    """Fail if there is a way through the states on which a variable is read before it is assigned."""
    states = machine["States"]
    before: dict[str, set[str]] = {machine["StartAt"]: known}
    todo = [machine["StartAt"]]
    while todo:
        name = todo.pop()
        for rule in [states[name], *states[name].get("Catch", []), *states[name].get("Choices", [])]:
            after = before[name] | set(rule.get("Assign", {}))
            for following in successors(rule) if rule is not states[name] else onward(rule):
                narrowed = before[following] & after if following in before else after
                if following not in before or narrowed != before[following]:
                    before[following] = narrowed
                    todo.append(following)
    for name, state in states.items():
        own = {key: value for key, value in state.items() if key not in {"Branches", "ItemProcessor"}}
        for expression in expressions(own):
            missing = read_by(expression) - before[name]
            assert not missing, f"{name} reads {missing}, which may not be assigned: {expression}"
        for inner in inner_machines(state):
            check_reads(inner, before[name])


def may_succeed(machine: dict[str, Any]) -> bool:
    return any(state.get("End") or state["Type"] == "Succeed" for state in machine["States"].values())


def onward(state: dict[str, Any]) -> set[str]:
    """The states that follow without an error and without a rule; none when one branch always fails."""
    if not all(may_succeed(branch) for branch in state.get("Branches", [])):
        return set()
    return {state[key] for key in ("Next", "Default") if key in state}


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
            assert read_by(expression) <= assigned, expression


def test_variables_of_branches_have_names_of_their_own(definitions: list[dict[str, Any]]) -> None:
    """An inner scope must not assign what an outer one does.

    https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html#variable-scope
    """
    for definition in definitions:
        for machine in machines_of(definition):
            for state in machine["States"].values():
                for inner in inner_machines(state):
                    below = {name for each in machines_of(inner) for name in assigned_in(each)}
                    assert below & assigned_in(machine) == set()


def test_every_variable_is_assigned_on_every_way_to_where_it_is_read(definitions: list[dict[str, Any]]) -> None:
    for definition in definitions:
        check_reads(definition, set(GIVEN))


def test_the_check_of_variables_sees_a_way_around_an_assignment() -> None:
    states = {
        "A": {"Type": "Task", "Assign": {"x": 1}, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}], "Next": "B"},
        "B": {"Type": "Pass", "Output": "{% $x %}", "End": True},
    }
    with pytest.raises(AssertionError, match="B reads"):
        check_reads({"StartAt": "A", "States": states}, set(GIVEN))
    states["A"]["Catch"][0]["Assign"] = {"x": 2}  # type: ignore[index]
    check_reads({"StartAt": "A", "States": states}, set(GIVEN))


def test_permission_and_throttling_errors_are_told(definitions: list[dict[str, Any]]) -> None:
    """Whatever fails in the action is caught at one place and said in Slack; in a task, told its targets."""
    kinds = set()
    for definition in definitions:
        states = definition["States"]
        name, told = ("Action", "Audit") if "Action" in states else ("Run the script", "How did it go?")
        if name not in states:
            # Returns tokens or starts runs, in an Express machine; tells of endings, keeps the line of a refusal, or
            # handles clicks.
            first = {"Return the token", "Start the run", "Is it the first event?", "Audit", "Is it a click?"}
            assert definition["StartAt"] in first
            continue
        kinds.add(name)
        action = states[name]
        assert action["Type"] == "Parallel"
        (catch,) = action["Catch"]
        assert catch["ErrorEquals"] == ["States.ALL"]
        assert catch["Next"] == action["Next"]
        assert action["Next"] in {told, "Release the lock", "Give the turn back"}
        if "Admission" in states:
            (catch,) = states["Admission"]["Catch"]
            assert catch["ErrorEquals"] == ["States.ALL"]
            assert catch["Next"] == states["Decline"]["Next"] == action["Next"]
        if told == "Audit":
            for telling in ("Audit", "Report", "Keep the report", "Keep the audit line"):
                assert states[telling]["Catch"][0]["ErrorEquals"] == ["States.ALL"]
    assert kinds


def test_what_may_run_twice_is_never_retried_after_it_may_have_run(machines: list[dict[str, Any]]) -> None:
    for machine in machines:
        for state in machine["States"].values():
            resource = str(state.get("Resource", "")).removesuffix(".waitForTaskToken")
            retried = {error for rule in state.get("Retry", []) for error in rule["ErrorEquals"]}
            if resource.endswith(":sendCommand"):
                assert retried == {"Ssm.ThrottlingException", "Ssm.SsmException"}
            # What is said, who may, what a click decides, and what only reads: once more does no harm.
            ours = ("Report", "Authorize", "DecisionsDecide", "LogsearchSearch")
            function = str(state.get("Arguments", {}).get("FunctionName"))
            if resource.endswith("lambda:invoke") and not any(one in function for one in ours):
                assert retried == {"Lambda.TooManyRequestsException"}
