"""What a command that is admitted may do beside its action, and what the functions behind it may."""

from __future__ import annotations

import pytest

from chatops_constructs import Allow, Approval, Choice, Concurrency, InvokeFunction, RunScript, SlackCredentials
from tests.constructs.stacks import WEB, Synthesised, add, endpoint, hello_function, new_stack, text_of

STATES = "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>"


@pytest.fixture(scope="module")
def synthesised() -> Synthesised:
    app, stack = new_stack()
    slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True))
    function = InvokeFunction(hello_function(stack))
    add(slack, "/plain", function)
    add(slack, "/one", function, concurrency=Concurrency.ONE)
    add(slack, "/grouped", function, allow=Allow.user_group("S0ADMINS"))
    add(slack, "/approved", function, approval=Approval(by=Allow.user("U0ONE"), channel="C0123OPS"))
    add(slack, "/picked", RunScript("ps", targets=WEB.pick()))
    return Synthesised.of(app, stack)


def granted(synthesised: Synthesised, role: str) -> dict[str, str | list[str]]:
    """The resources of each statement by its Sid."""
    return {
        statement["Sid"]: text_of(statement["Resource"])
        for statement in synthesised.statements(role)
        if "Sid" in statement
    }


def test_nothing_but_its_function_without_admission(synthesised: Synthesised) -> None:
    assert granted(synthesised, "PlainMachineRole") == {}


def test_turns_of_its_own(synthesised: Synthesised) -> None:
    machine = synthesised.only("StepFunctions::StateMachine", "OneMachine")["StateMachineName"]
    table = next(id for id in synthesised.resources("DynamoDB::Table"))
    assert granted(synthesised, "OneMachineRole") == {
        "TakeTurns": f"<{table}.Arn>",
        "LookAtOwnExecutions": f"{STATES}:execution:{machine}:*",
    }


def test_the_function_that_knows_groups(synthesised: Synthesised) -> None:
    authorize = next(id for id in synthesised.resources("Lambda::Function") if "Authorize" in id)
    assert granted(synthesised, "GroupedMachineRole") == {"Authorize": f"<{authorize}.Arn>"}


def test_what_was_shown_is_looked_at_again(synthesised: Synthesised) -> None:
    hello = next(id for id in synthesised.resources("Lambda::Function") if "Hello" in id)
    assert granted(synthesised, "ApprovedMachineRole") == {"LookAtTheFunction": f"<{hello}.Arn>"}


def test_picking_takes_no_further_right(synthesised: Synthesised, minimal: Synthesised) -> None:
    actions = [
        sorted(str(statement["Action"]) for statement in stack.statements(f"{name}MachineRole"))
        for stack, name in ((synthesised, "Picked"), (minimal, "Ps"))
    ]
    assert actions[0] == actions[1]


@pytest.mark.parametrize(("allow", "reads"), [("group", True), ("argument", False)])
def test_authorize_reads_the_bot_token_if_slack_has_to_be_asked(allow: str, reads: bool) -> None:
    app, stack = new_stack()
    slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True))
    stages = [Choice("stage", ["dev", "prod"])]
    everybody = Allow.workspace()
    rule = Allow.user_group("S0ADMINS") if allow == "group" else everybody.when("stage", "dev")
    add(slack, "/deploy", InvokeFunction(hello_function(stack)), allow=rule, arguments=stages)
    # Once, whatever comes after it.
    add(slack, "/more", InvokeFunction(hello_function(stack, "More")), allow=rule, arguments=stages)
    synthesised = Synthesised.of(app, stack)
    variables = synthesised.only("Lambda::Function", "Authorize")["Environment"]["Variables"]
    assert ("CHATOPS_BOT_TOKEN_PARAMETER" in variables) is reads
    parameters = [one for one in synthesised.statements("AuthorizeRole") if one["Action"] == "ssm:GetParameter"]
    assert len(parameters) == reads


def test_a_customers_key_encrypts_the_turns(maximal: Synthesised) -> None:
    table = maximal.only("DynamoDB::Table", "SlackTurns")
    assert table["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": ["Key961B73FD", "Arn"]}
    assert "UseKeyOfTurns" in granted(maximal, "OpsDeployMachineRole")
