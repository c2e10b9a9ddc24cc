"""`status_action()` and `history_action()`: one function, created when it is needed, that may read what it shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_kms as kms

from chatops_constructs import Allow, Approval, InvokeFunction, SlackCredentials
from chatops_constructs.slack.command_status import MACHINES_IN_A_POLICY
from chatops_runtime.contracts import commands_table, status
from tests.constructs.stacks import Synthesised, add, endpoint, hello_function, new_stack, text_of
from tests.constructs.states_language import machines_of

if TYPE_CHECKING:
    import aws_cdk as cdk

    from chatops_constructs import SlackCommandEndpoint


def with_views(stack: cdk.Stack, **options: Any) -> SlackCommandEndpoint:
    """An endpoint with `/ps` and both views."""
    slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops", bot_token=True), **options)
    add(slack, "/ps")
    add(slack, "/ops status", slack.status_action())
    add(slack, "/ops history", slack.history_action())
    return slack


def asking(stack: cdk.Stack, slack: SlackCommandEndpoint) -> None:
    """Two commands that wait for somebody."""
    hello = InvokeFunction(hello_function(stack))
    add(slack, "/hello", hello, approval=Approval(by=Allow.workspace(), channel="C0123OPS"))
    add(slack, "/bye", hello, confirm=True)


def statements(synthesised: Synthesised) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for one in synthesised.statements("StatusPolicies")}


def machines(synthesised: Synthesised, *parts: str) -> list[str]:
    names = [name for name in synthesised.definitions() if any(f"_Commands_{part}_Machine" in name for part in parts)]
    return sorted(names)


def test_nothing_is_created_without(minimal: Synthesised) -> None:
    assert not [id for id in minimal.template["Resources"] if "Status" in id]


def test_both_share_one_function_with_the_commands_table() -> None:
    app, stack = new_stack()
    with_views(stack)
    synthesised = Synthesised.of(app, stack)
    function = synthesised.only("Lambda::Function", "SlackStatus")
    assert function["Handler"] == "chatops_runtime.status.handler.handler"
    assert len(function["Layers"]) == 1
    for name, view in (("OpsStatus", status.STATUS), ("OpsHistory", status.HISTORY)):
        definition = synthesised.definition(f"_{name}_Machine")
        (branch,) = definition["States"]["Action"]["Branches"]
        assert branch["States"]["Invoke the function"]["Arguments"]["Payload"]["view"] == view


def test_it_lists_and_sees_executions_of_the_commands_alone() -> None:
    app, stack = new_stack()
    with_views(stack)
    synthesised = Synthesised.of(app, stack)
    allowed = statements(synthesised)
    assert {sid: one["Action"] for sid, one in allowed.items()} == {
        "ListCommands": "states:ListExecutions",
        "SeeCommands": "states:DescribeExecution",
    }
    commands = machines(synthesised, "Ps", "OpsStatus", "OpsHistory")
    assert sorted(text_of(one).rpartition(":")[2] for one in allowed["ListCommands"]["Resource"]) == commands
    assert sorted(text_of(one).split(":")[-2:] for one in allowed["SeeCommands"]["Resource"]) == [
        [name, "*"] for name in commands
    ]


def test_it_reads_histories_of_commands_that_ask_only() -> None:
    app, stack = new_stack()
    asking(stack, with_views(stack))
    synthesised = Synthesised.of(app, stack)
    read = statements(synthesised)["SeeWaits"]
    assert read["Action"] == "states:GetExecutionHistory"
    assert sorted(text_of(one).split(":")[-2] for one in read["Resource"]) == machines(synthesised, "Hello", "Bye")


def test_the_states_that_it_knows_are_those_that_wait() -> None:
    app, stack = new_stack()
    asking(stack, with_views(stack))
    synthesised = Synthesised.of(app, stack)
    for name, state in (("Hello", status.WAITS_FOR_APPROVAL), ("Bye", status.WAITS_FOR_CONFIRMATION)):
        states = {
            name: state
            for machine in machines_of(synthesised.definition(f"_{name}_Machine"))
            for name, state in machine["States"].items()
        }
        assert states[state]["Resource"].endswith(":lambda:invoke.waitForTaskToken")


def test_executions_that_are_encrypted_are_decrypted() -> None:
    app, stack = new_stack()
    with_views(stack, encryption_key=kms.Key(stack, "Key"))
    synthesised = Synthesised.of(app, stack)
    decrypt = statements(synthesised)["DecryptExecutions"]
    assert decrypt["Action"] == "kms:Decrypt"
    (names,) = decrypt["Condition"]["StringEquals"].values()
    assert sorted(text_of(one).rpartition(":")[2] for one in names) == machines(
        synthesised, "Ps", "OpsStatus", "OpsHistory"
    )


def test_many_commands_take_several_policies() -> None:
    app, stack = new_stack()
    slack = with_views(stack)
    hello = InvokeFunction(hello_function(stack))
    for number in range(2 * MACHINES_IN_A_POLICY):
        add(slack, f"/bot hello{number}", hello)
    policies = {
        id: policy
        for id, policy in Synthesised.of(app, stack).resources("IAM::ManagedPolicy").items()
        if "StatusPol" in id
    }
    assert len(policies) == 3
    assert all(len(json.dumps(policy["PolicyDocument"])) < 6_144 for policy in policies.values())


@pytest.mark.parametrize(("name", "usage"), [("/ops status", "/ops status"), ("/ops history", "/ops history [")])
def test_what_may_be_typed(name: str, usage: str) -> None:
    _, stack = new_stack()
    slack = with_views(stack)
    entry: commands_table.CommandEntry = slack.commands[name].entry
    assert entry["usage"].startswith(usage)
    names = [each["name"] for each in entry.get("arguments", [])]
    assert names == ([status.COMMAND, status.SINCE] if name == "/ops history" else [])
    assert entry["accepts_text"] is bool(names)
