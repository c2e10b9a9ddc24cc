"""StartWorkflow: its states on made-up answers of Step Functions, its permissions, and what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn

from chatops_constructs import ActionContext, SlackCredentials, StartWorkflow
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from tests.constructs.stacks import Synthesised, add, endpoint, new_stack, text_of
from tests.constructs.states_language import Execution, StateError
from tests.runtime.reports import finished, report

if TYPE_CHECKING:
    from chatops_constructs import BoundAction

ARN = "arn:aws:states:eu-central-1:123456789012:stateMachine:Restore"
EXECUTION = "arn:aws:states:eu-central-1:123456789012:execution:Restore:a1b2c3"
REQUEST = {
    "command": "/restore",
    "text": "orders",
    "arguments": {"table": "orders", "at": -3600},
    "team_id": "T012AB3CD",
    "user_id": "U1",
    "user_name": "taro",
    "channel_id": "C1",
    "channel_name": "ops",
}
FIELDS = {
    "version": 1,
    "command": "/restore",
    "text": "orders",
    "arguments": {"table": "orders", "at": -3600},
    "team_id": "T012AB3CD",
    "user": {"id": "U1", "name": "taro"},
    "channel": {"id": "C1", "name": "ops"},
    "request_id": "a1b2c3",
}
FOLLOWED = "states:startExecution.sync:2"
CALLED = "aws-sdk:sfn:startSyncExecution"
LOOKED_AT = "aws-sdk:sfn:describeExecution"
STOPPED = "aws-sdk:sfn:stopExecution"
REVISION = "aws-sdk:sfn:describeStateMachine"


def ended(status: str = "SUCCEEDED", **fields: Any) -> dict[str, Any]:
    return {"ExecutionArn": EXECUTION, "Status": status, **fields}


class Answers:
    """Step Functions, by the call; each answer is one, several in their order, or an error."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {name: list(each) if isinstance(each, tuple) else [each] for name, each in answers.items()}
        self.calls: list[tuple[str, Any]] = []

    def __call__(self, resource: str, arguments: Any) -> Any:
        self.calls.append((resource, arguments))
        name = resource.rpartition(":")[2] if resource.startswith("aws-sdk") else "start"
        answers = self.answers[name]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, StateError):
            raise answer
        return answer

    @property
    def called(self) -> list[str]:
        return [resource for resource, _ in self.calls]


def imported(stack: cdk.Stack) -> sfn.IStateMachine:
    return sfn.StateMachine.from_state_machine_arn(stack, "Restore", ARN)


def bound(*, freezes: bool = False, **options: Any) -> BoundAction:
    _, stack = new_stack()
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
    context = ActionContext(role, "/restore", "restores", None, freezes=freezes)
    return StartWorkflow(imported(stack), **options).bind(stack, context)


def run(action: BoundAction, answers: Answers, **frozen: Any) -> Any:
    begin = {"Type": "Pass", "Assign": {"frozen": frozen}, "Next": action.start_at}
    definition = {"StartAt": "Begin", "TimeoutSeconds": 10**6, "States": {"Begin": begin, **action.states}}
    return Execution(answers, REQUEST).run(json.loads(json.dumps(definition, default=str)))


def said(result: Any) -> str:
    """What the real report function says of it."""
    account = render(Report.from_event(report(finished(result))), files=False)
    return "\n".join(message.text for message in account.messages)


class TestStandard:
    def test_receives_the_fields_of_functions_under_the_name_of_the_command(self) -> None:
        answers = Answers(start=ended(Output={"mrkdwn": "*restored*"}))
        assert said(run(bound(), answers)) == "*restored*"
        ((resource, arguments),) = answers.calls
        assert resource == FOLLOWED
        assert arguments == {"StateMachineArn": ARN, "Name": "a1b2c3", "Input": FIELDS}

    def test_receives_what_it_is_to_receive(self) -> None:
        given = {"table": "{% $command.arguments.table %}", "by": ["{% $command.user.id %}"], "dry_run": False}
        answers = Answers(start=ended(Output="done"))
        run(bound(input=given), answers)
        assert answers.calls[0][1]["Input"] == {"table": "orders", "by": ["U1"], "dry_run": False}

    @pytest.mark.parametrize("output", ["text", None, {}, {"rows": [1, 2]}, [7], [[1, 2]], 3, False, {"text": "x"}])
    def test_its_output_is_handed_on_as_it_is(self, output: Any) -> None:
        result = run(bound(), Answers(start=ended(Output=output)))
        assert (result["ok"], result["output"], result["output_cut"]) == (True, output, False)
        assert result["execution_arn"] == EXECUTION

    def test_a_long_output_is_cut(self) -> None:
        result = run(bound(), Answers(start=ended(Output={"rows": ["x" * 30_000, "y" * 40_000]})))
        assert result["output_cut"]
        assert result["output"].startswith('{"rows":["xx')
        assert len(result["output"]) == 60_000

    def test_its_error_and_cause_are_told(self) -> None:
        failed = StateError("States.TaskFailed", "…")
        told = ended("FAILED", Error="Broken", Cause="no such <table>")
        answers = Answers(start=failed, describeExecution=told)
        result = run(bound(), answers)
        assert (result["ok"], result["status"]) == (False, "FAILED")
        assert answers.called == [FOLLOWED, LOOKED_AT]
        assert answers.calls[-1][1] == {"ExecutionArn": EXECUTION}
        assert "`/ps` failed: Broken: no such &lt;table&gt;" in said(result)

    @pytest.mark.parametrize("status", ["ABORTED", "TIMED_OUT"])
    def test_how_else_it_may_end(self, status: str) -> None:
        answers = Answers(start=StateError("States.TaskFailed", "…"), describeExecution=ended(status))
        result = run(bound(), answers)
        assert (result["ok"], result["status"], result["error"]) == (False, status, "")
        assert "its workflow" in said(result)

    def test_it_may_be_over_before_its_start_was_answered(self) -> None:
        lost = StateError("StepFunctions.SdkClientException", "connection reset")
        exists = StateError("StepFunctions.ExecutionAlreadyExistsException", "…")
        answers = Answers(start=(lost, exists), describeExecution=ended(Output='{"text": "restored"}'))
        assert said(run(bound(), answers)) == "restored"
        assert answers.called == [FOLLOWED, FOLLOWED, LOOKED_AT]

    def test_what_did_not_start_fails_with_its_own_error(self) -> None:
        for cause in ("no such machine", None):
            missing = StateError("StepFunctions.StateMachineDoesNotExistException", cause)
            with pytest.raises(StateError, match="StateMachineDoesNotExistException"):
                run(bound(), Answers(start=missing))

    def test_what_is_not_over_in_time_is_stopped(self) -> None:
        answers = Answers(start=StateError("States.Timeout", None), stopExecution={"StopDate": "…"})
        result = run(bound(timeout=cdk.Duration.minutes(3)), answers)
        resource, arguments = answers.calls[-1]
        assert resource == STOPPED
        assert (arguments["ExecutionArn"], arguments["Error"]) == (EXECUTION, "ChatOps.TimedOut")
        assert (result["ok"], result["execution_arn"]) == (False, EXECUTION)
        assert "was not over in time, and its workflow was stopped" in said(result)

    def test_what_is_over_a_moment_after_its_time_counts(self) -> None:
        over = StateError("Sfn.ValidationException", "Execution is not running")
        answers = Answers(
            start=StateError("States.Timeout", None), stopExecution=over, describeExecution=ended(Output='"late"')
        )
        assert said(run(bound(), answers)) == "late"
        assert answers.called == [FOLLOWED, STOPPED, LOOKED_AT]

    def test_the_stop_is_tried_again(self) -> None:
        lost = StateError("Sfn.SdkClientException", "connection reset")
        answers = Answers(start=StateError("States.Timeout", None), stopExecution=(lost, {"StopDate": "…"}))
        assert "was not over in time" in said(run(bound(), answers))
        assert answers.called == [FOLLOWED, STOPPED, STOPPED]

    def test_it_is_cancelled_with_its_command(self) -> None:
        assert bound().cancellable
        assert not bound(express=True).cancellable


class TestExpress:
    def test_is_called(self) -> None:
        answers = Answers(startSyncExecution=ended(Output='{"rows": 3}'))
        result = run(bound(express=True), answers)
        assert result["output"] == {"rows": 3}
        ((resource, arguments),) = answers.calls
        assert resource == CALLED
        assert json.loads(arguments["Input"]) == FIELDS

    def test_its_failure_is_an_answer(self) -> None:
        answers = Answers(startSyncExecution=ended("FAILED", Error="Broken", Cause="quite"))
        assert "failed: Broken: quite" in said(run(bound(express=True), answers))

    def test_it_is_not_called_again_once_it_may_have_begun(self) -> None:
        answers = Answers(startSyncExecution=StateError("Sfn.SdkClientException", "connection reset"))
        with pytest.raises(StateError, match="SdkClientException"):
            run(bound(express=True), answers)
        assert answers.called == [CALLED]


class TestFrozen:
    def frozen(self, action: BoundAction, **described: Any) -> Any:
        assert action.freeze is not None
        definition = {"StartAt": action.freeze.start_at, "TimeoutSeconds": 600, "States": action.freeze.states}
        answers = Answers(describeStateMachine={"Name": "Restore", "CreationDate": 1.5, **described})
        return Execution(answers, REQUEST).run(json.loads(json.dumps(definition, default=str)))

    @pytest.mark.parametrize(
        ("described", "line"),
        [
            ({"RevisionId": "abc"}, "Workflow Restore, revision abc"),
            ({}, "Workflow Restore, as it was created"),
        ],
    )
    def test_what_is_shown_is_started(self, described: dict[str, str], line: str) -> None:
        action = bound(freezes=True)
        frozen = self.frozen(action, **described)
        assert frozen["lines"] == [line]
        again = {"Name": "Restore", "CreationDate": 1.5, **described}
        answers = Answers(describeStateMachine=again, start=ended(Output="done"))
        assert run(action, answers, **frozen)["output"] == "done"
        assert answers.called == [REVISION, FOLLOWED]
        assert answers.calls[0][1] == {"StateMachineArn": ARN, "IncludedData": "METADATA_ONLY"}

    @pytest.mark.parametrize("again", [{"RevisionId": "def"}, {}, {"RevisionId": "abc", "CreationDate": 2.5}])
    def test_another_revision_is_not(self, again: dict[str, Any]) -> None:
        action = bound(freezes=True)
        frozen = self.frozen(action, RevisionId="abc")
        answers = Answers(describeStateMachine={"Name": "Restore", "CreationDate": 1.5, **again})
        result = run(action, answers, **frozen)
        assert (result["kind"], result["reason"]) == ("declined", "changed")
        assert answers.called == [REVISION]

    def test_nobody_looks_without_an_approval(self) -> None:
        assert bound().freeze is None


def role_of(**options: Any) -> dict[str, Any]:
    """The statements that the command's role has for the workflow, by their ids."""
    app, stack = new_stack()
    add(endpoint(stack), "/restore", StartWorkflow(imported(stack), **options))
    statements = Synthesised.of(app, stack).statements("RestoreMachineRole")
    return {one["Sid"]: one for one in statements if one.get("Sid")}


class TestPermissions:
    def test_of_a_standard_one(self) -> None:
        statements = role_of()
        assert (statements["StartTheWorkflow"]["Action"], statements["StartTheWorkflow"]["Resource"]) == (
            "states:StartExecution",
            ARN,
        )
        assert statements["FollowTheWorkflow"]["Resource"] == f"{ARN.replace('stateMachine', 'execution')}:*"
        rule = text_of(statements["HearOfItsEnd"]["Resource"])
        assert rule.endswith(":rule/StepFunctionsGetEventsForStepFunctionsExecutionRule")
        assert "LookAtTheWorkflow" not in statements

    def test_of_an_express_one(self) -> None:
        statements = role_of(express=True)
        assert statements["StartTheWorkflow"]["Action"] == "states:StartSyncExecution"
        assert not {"FollowTheWorkflow", "HearOfItsEnd"} & set(statements)

    def test_of_one_of_the_same_app(self) -> None:
        app, stack = new_stack()
        body = sfn.DefinitionBody.from_chainable(sfn.Pass(stack, "Nothing"))
        machine = sfn.StateMachine(stack, "Restore", definition_body=body)
        command = add(endpoint(stack), "/restore", StartWorkflow(machine))
        synthesised = Synthesised.of(app, stack)
        (follow,) = synthesised.statements("FollowTheWorkflow")
        executions = json.dumps(follow["Resource"])
        assert ":execution:" in executions
        assert '{"Fn::GetAtt": ["Restore' in executions
        assert command.action.longest.to_seconds() == 12 * 60

    def test_of_one_that_is_known_by_its_name(self) -> None:
        app, stack = new_stack()
        machine = sfn.StateMachine.from_state_machine_name(stack, "Restore", "RestoreTable")
        add(endpoint(stack), "/restore", StartWorkflow(machine))
        (follow,) = Synthesised.of(app, stack).statements("FollowTheWorkflow")
        assert text_of(follow["Resource"]).endswith(":execution:RestoreTable:*")

    def test_an_express_machine_of_the_same_app_is_called(self) -> None:
        app, stack = new_stack()
        body = sfn.DefinitionBody.from_chainable(sfn.Pass(stack, "Nothing"))
        machine = sfn.StateMachine(
            stack,
            "Quick",
            definition_body=body,
            state_machine_name="Quick",
            state_machine_type=sfn.StateMachineType.EXPRESS,
        )
        add(endpoint(stack), "/quick", StartWorkflow(machine))
        assert "startSyncExecution" in json.dumps(Synthesised.of(app, stack).definition("Quick_Machine"))


class TestRefusals:
    @pytest.mark.parametrize("qualifier", [":3", ":live"])
    def test_versions_and_aliases(self, stack: cdk.Stack, qualifier: str) -> None:
        machine = sfn.StateMachine.from_state_machine_arn(stack, "Restore", f"{ARN}{qualifier}")
        with pytest.raises(ValueError, match=r"state_machine is 'arn:.*leave out the version or the alias"):
            StartWorkflow(machine)

    @pytest.mark.parametrize(
        ("place", "problem"),
        [
            ({"region": "us-east-1"}, "the region of state_machine is 'eu-central-1'; allowed: us-east-1"),
            ({"account": "210987654321"}, "the account of state_machine is '123456789012'; allowed: 210987654321"),
        ],
    )
    def test_another_region_or_account(self, place: dict[str, str], problem: str) -> None:
        _, stack = new_stack(env=cdk.Environment(**place))
        with pytest.raises(ValueError, match=problem):
            add(endpoint(stack), "/restore", StartWorkflow(imported(stack)))

    @pytest.mark.parametrize(("express", "seconds"), [(None, 0), (None, 31 * 86_400), (True, 301), (None, 1.5)])
    def test_time_limits(self, stack: cdk.Stack, express: bool | None, seconds: float) -> None:
        with pytest.raises(ValueError, match="timeout is "):
            StartWorkflow(imported(stack), timeout=cdk.Duration.millis(seconds * 1000), express=express)

    def test_an_input_that_is_no_json(self, stack: cdk.Stack) -> None:
        with pytest.raises(ValueError, match=r"input is .* allowed: an object of JSON"):
            StartWorkflow(imported(stack), input={"when": object()})

    def test_a_type_that_it_is_not_of(self, stack: cdk.Stack) -> None:
        body = sfn.DefinitionBody.from_chainable(sfn.Pass(stack, "Nothing"))
        machine = sfn.StateMachine(stack, "Standard", definition_body=body)
        with pytest.raises(ValueError, match="express is True; allowed: False, as the state machine is"):
            StartWorkflow(machine, express=True)

    def test_what_slack_would_not_wait_for(self, stack: cdk.Stack) -> None:
        slow = StartWorkflow(imported(stack), timeout=cdk.Duration.hours(1))
        with pytest.raises(ValueError, match="without a bot token"):
            add(endpoint(stack), "/restore", slow)
        credentials = SlackCredentials.from_parameters("/ops", bot_token=True)
        assert add(endpoint(stack, "WithToken", credentials=credentials), "/restore", slow).action.cancellable
