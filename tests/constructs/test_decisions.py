"""What handles clicks: which right it has to what, and what its states do when something fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from chatops_constructs import Allow, Approval, InvokeFunction, SlackCredentials
from chatops_runtime.contracts import environment
from tests.constructs.admission_double import CLICK
from tests.constructs.stacks import Synthesised, add, endpoint, hello_function, new_stack, text_of
from tests.constructs.states_language import Execution, StateError

SAY = {key: CLICK[key] for key in ("version", "id", "team_id", "response_url")} | {
    "kind": "say",
    "text": "*no*",
    "cancel": "",
    "visible": "user",
}


@dataclass
class Functions:
    """The two functions.

    Attributes:
        failing: Errors by part of a function's name, one for each call until there are none left.
        calls: What each was called with, by part of its name.
    """

    failing: dict[str, list[StateError]] = field(default_factory=dict)
    calls: dict[str, list[Any]] = field(default_factory=lambda: {"DecisionsDecide": [], "Report": []})

    def __call__(self, _: str, arguments: Any) -> Any:
        (name,) = (name for name in self.calls if name in arguments["FunctionName"])
        self.calls[name].append(arguments["Payload"])
        if self.failing.get(name):
            raise self.failing[name].pop(0)
        return {"Payload": {"outcome": "approved"}}


@pytest.fixture(scope="module")
def definition(minimal: Synthesised) -> dict[str, Any]:
    return minimal.definition("_Decisions_")


class TestClick:
    def test_is_decided(self, definition: dict[str, Any]) -> None:
        functions = Functions()
        assert Execution(functions, CLICK).run(definition) == {"outcome": "approved"}
        assert functions.calls == {"DecisionsDecide": [CLICK], "Report": []}

    @pytest.mark.parametrize("error", ["SlackRetryable", "Lambda.TooManyRequestsException", "Sandbox.Timedout", "Boom"])
    def test_whatever_fails_is_tried_again(self, definition: dict[str, Any], error: str) -> None:
        functions = Functions({"DecisionsDecide": [StateError(error, "")] * 5})
        assert Execution(functions, CLICK).run(definition) == {"outcome": "approved"}
        assert functions.calls["DecisionsDecide"] == [CLICK] * 6

    def test_what_cannot_be_decided_is_told_to_who_clicked(self, definition: dict[str, Any]) -> None:
        functions = Functions({"DecisionsDecide": [StateError("Boom", "why")] * 99})
        with pytest.raises(StateError, match=r"ChatOps\.NotDecided.*Boom: why"):
            Execution(functions, CLICK).run(definition)
        (said,) = functions.calls["Report"]
        assert (said["event"], said["visible"], said["id"]) == ("say", "user", "a1b2c3")
        assert said["response_url"] == CLICK["response_url"]
        assert "could not be handled" in said["text"]
        assert said["text"].endswith("`a1b2c3`")

    def test_even_that_may_fail(self, definition: dict[str, Any]) -> None:
        functions = Functions({name: [StateError("Boom", "")] * 99 for name in ("DecisionsDecide", "Report")})
        with pytest.raises(StateError, match=r"ChatOps\.NotDecided"):
            Execution(functions, CLICK).run(definition)


class TestSay:
    def test_is_said(self, definition: dict[str, Any]) -> None:
        functions = Functions({"Report": [StateError("SlackRetryable", "")] * 3})
        Execution(functions, SAY).run(definition)
        expected = {key: value for key, value in SAY.items() if key != "kind"} | {"version": 2, "event": "say"}
        assert functions.calls == {"DecisionsDecide": [], "Report": [expected] * 4}

    def test_what_slack_never_takes_is_a_failure(self, definition: dict[str, Any]) -> None:
        functions = Functions({"Report": [StateError("Boom", "")]})
        with pytest.raises(StateError, match=r"ChatOps\.Undelivered"):
            Execution(functions, SAY).run(definition)


class TestRights:
    def test_decide_reads_the_table_of_commands(self, minimal: Synthesised) -> None:
        layers = [minimal.only("Lambda::Function", name)["Layers"] for name in ("Dispatch", "DecisionsDecide")]
        assert layers[0] == layers[1]

    def test_only_what_waits_is_answered(self, maximal: Synthesised) -> None:
        machines = {
            id: machine["StateMachineName"] for id, machine in maximal.resources("StepFunctions::StateMachine").items()
        }
        asking = {name for id, name in machines.items() if "OpsDeploy" in id or "Seed" in id}
        answered = [
            text_of(arn).rpartition(":")[2]
            for statement in maximal.statements("SlackDecisionsPoliciesExecutions")
            if statement["Action"] == "states:SendTaskSuccess"
            for arn in statement["Resource"]
        ]
        assert set(answered) == asking
        assert len(asking) == 2

    def test_nobody_else_may(self, maximal: Synthesised) -> None:
        """But for the tokens of scripts that are over, which another machine returns."""
        for action in ("states:SendTaskSuccess", "states:SendTaskFailure"):
            holders = {
                id
                for id, policy in {
                    **maximal.resources("IAM::Policy"),
                    **maximal.resources("IAM::ManagedPolicy"),
                }.items()
                for statement in policy["PolicyDocument"]["Statement"]
                if action in statement["Action"] or "*" in statement["Action"]
            }
            assert all("DecisionsPoliciesExecutions" in id or "CompletionSignal" in id for id in holders), holders

    def test_a_customers_key_decrypts_histories_of_these_machines(self, maximal: Synthesised) -> None:
        (statement,) = (
            one
            for one in maximal.statements("SlackDecisionsPoliciesExecutions")
            if one.get("Sid") == "DecryptHistories"
        )
        assert statement["Action"] == "kms:Decrypt"
        ((key, arns),) = statement["Condition"]["StringEquals"].items()
        assert key == "kms:EncryptionContext:aws:states:stateMachineArn"
        assert all("_Slack_Commands_" in text_of(arn) for arn in arns)

    @pytest.mark.parametrize(
        ("approvers", "is_asked"),
        [
            ([], False),
            ([Allow.channel("C0123OPS")], False),
            ([Allow.channel("C0123OPS"), Allow.user_group("S0ADMINS"), Allow.workspace(guests=False)], True),
        ],
    )
    def test_the_bot_token_is_for_approvers_whom_only_slack_knows(self, approvers: list[Allow], is_asked: bool) -> None:
        app, stack = new_stack()
        slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True))
        add(slack, "/ps")
        for number, by in enumerate(approvers):
            add(slack, f"/ps{number}", approval=Approval(by=by, channel="C0123OPS"))
        synthesised = Synthesised.of(app, stack)
        reads = [
            one for one in synthesised.statements("SlackDecisionsDecideRole") if one["Action"] == "ssm:GetParameter"
        ]
        assert [text_of(one["Resource"]).partition(":parameter")[2] for one in reads] == (
            ["/ops/prod/slack-bot-token"] if is_asked else []
        )
        variables = synthesised.only("Lambda::Function", "DecisionsDecide")["Environment"]["Variables"]
        assert (environment.BOT_TOKEN_PARAMETER in variables) == is_asked

    def test_without_scripts_no_commands_are_cancelled(self) -> None:
        app, stack = new_stack()
        add(endpoint(stack), "/hello", InvokeFunction(hello_function(stack)), confirm=True)
        synthesised = Synthesised.of(app, stack)
        assert not any("CancelPolicy" in id for id in synthesised.resources("IAM::ManagedPolicy"))
        actions = {action for one in synthesised.statements("Executions1") for action in [one["Action"]]}
        assert actions == {"states:SendTaskSuccess", "states:GetExecutionHistory"}

    def test_without_anything_to_click_there_is_nothing(self) -> None:
        app, stack = new_stack()
        add(endpoint(stack), "/hello", InvokeFunction(hello_function(stack)), allow=Allow.user("U0ONE"))
        synthesised = Synthesised.of(app, stack)
        assert not [id for id in synthesised.template["Resources"] if "Decisions" in id or "Authorize" in id]
        assert not synthesised.count("DynamoDB::Table")
        metadata = [one.get("Metadata", {}) for one in synthesised.template["Resources"].values()]
        (mark,) = (one["chatops:endpoint"] for one in metadata if "chatops:endpoint" in one)
        assert "interactivity" not in mark
