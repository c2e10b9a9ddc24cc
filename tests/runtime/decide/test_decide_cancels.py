"""Cancelling: by answering the question that is open, later by stopping what runs; for nobody but who asked for it."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from chatops_runtime.contracts.report import CANCELLED_ERROR
from chatops_runtime.decide import looks
from chatops_runtime.decide.remote_systems_manager import RemoteCallError
from chatops_runtime.decide.running_commands import RunningCommands
from chatops_runtime.decide.target import Target
from tests.runtime.decide.clicks import APPROVAL, CHOICE, CONFIRM, INSTANCES, NAME, REQUESTER, Desk, request
from tests.runtime.decide.step_functions_double import BEGAN, EXECUTION, MACHINE, Execution, client_error

HANDLE = f"v1:{MACHINE}:{EXECUTION}:"


def cancel(desk: Desk, user_id: str = REQUESTER) -> Any:
    return desk.outcome("cancel", user_id, value=HANDLE)


def running(desk: Desk) -> Execution:
    """An execution whose command runs on instances."""
    execution = desk.aws.execution(request())
    execution.task("sendCommand.waitForTaskToken", {"event": "wait"}, resource_type="aws-sdk:ssm")
    return execution


def command(command_id: str, *, document: str = "Ops_Restart", comment: str = EXECUTION) -> dict[str, Any]:
    return {"CommandId": command_id, "DocumentName": document, "Comment": comment}


@pytest.mark.parametrize("question", [APPROVAL, CONFIRM, CHOICE, INSTANCES])
def test_what_waits_for_an_answer_gets_one(desk, question):
    execution = desk.aws.execution(request())
    execution.ask_and_wait(question)
    outcome = cancel(desk)
    assert (outcome.name, outcome.replaces) == ("cancelled", True)
    assert outcome.text == f"{NAME} was cancelled by <@{REQUESTER}>."
    assert execution.answers == [{"kind": question["kind"], "decision": "cancelled", "by": REQUESTER}]
    assert "StopExecution" not in desk.aws.calls


def test_what_runs_is_cancelled_before_its_machine_and_once_more_behind_it(desk):
    execution = running(desk)
    desk.aws.ssm.commands = [command("1"), command("2", document="Ops_Other", comment=f"{EXECUTION} 2")]
    outcome = cancel(desk)
    assert (outcome.name, outcome.replaces) == ("cancelled", True)
    assert outcome.text == f"{NAME} is being cancelled by <@{REQUESTER}>."
    assert desk.aws.ssm.cancelled == ["1", "2"]
    what = [call for call in desk.aws.calls if call != "GetExecutionHistory"]
    assert what == [
        *["ListCommands", "CancelCommand"] * 2,
        "StopExecution",
        *["ListCommands"] * 2,
    ]
    assert execution.events[-1]["executionAbortedEventDetails"] == {
        "error": CANCELLED_ERROR,
        "cause": REQUESTER,
    }


def test_a_command_that_was_just_being_sent_is_cancelled_too(desk, monkeypatch):
    running(desk)
    stop = desk.aws.stop_execution

    def sending_stop(**arguments: Any) -> None:
        desk.aws.ssm.commands.append(command("late"))
        stop(**arguments)

    monkeypatch.setattr(desk.aws, "stop_execution", sending_stop)
    cancel(desk)
    assert desk.aws.ssm.cancelled == ["late"]


def test_a_command_that_is_not_in_lists_yet_is_looked_for(desk):
    running(desk)
    desk.aws.ssm.commands = [command("new")]
    desk.aws.ssm.lag = 7
    assert cancel(desk).name == "cancelled"
    assert desk.aws.ssm.cancelled == ["new"]


def test_a_command_of_which_there_is_nothing_is_not_looked_for_for_ever(desk):
    running(desk)
    assert cancel(desk).name == "cancelled"
    assert desk.pauses == list(looks.PAUSES_SECONDS)


@pytest.mark.parametrize("comment", ["", "somebody's own", f"x{EXECUTION}", EXECUTION + "0", "f" * 64, EXECUTION[:10]])
def test_commands_of_others_run_on(desk, comment):
    running(desk)
    desk.aws.ssm.commands = [command("1", comment=comment)]
    cancel(desk)
    assert desk.aws.ssm.cancelled == []


def test_it_is_looked_for_what_runs_since_the_execution_began(desk):
    running(desk)
    cancel(desk)
    assert desk.aws.ssm.asked[0] == {
        "DocumentName": "Ops_Restart",
        "ExecutionStage": "Executing",
        "InvokedAfter": "2026-11-22T01:03:50Z",
    }
    assert BEGAN.microsecond, "of which the filter takes no part"


def test_a_command_without_documents_is_stopped(desk):
    desk.aws.executions.clear()
    execution = desk.aws.execution(request(), machine="Ops-Ps")
    assert desk.outcome("cancel", value=f"v1:Ops-Ps:{EXECUTION}:").name == "cancelled"
    assert execution.events[-1]["type"] == "ExecutionAborted"
    assert "ListCommands" not in desk.aws.calls


@pytest.mark.parametrize("question", [None, APPROVAL])
def test_nobody_else_cancels_it(desk, question):
    execution = desk.aws.execution(request())
    if question:
        execution.ask_and_wait(question)
    outcome = cancel(desk, "U0ADA")
    assert (outcome.name, outcome.replaces) == ("not_allowed", False)
    assert f"<@{REQUESTER}>" in outcome.text
    assert execution.answers == []
    assert set(desk.aws.calls) == {"GetExecutionHistory"}


@pytest.mark.parametrize("event_type", ["ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut"])
def test_what_is_over_is_over(desk, event_type):
    running(desk).add(event_type)
    outcome = cancel(desk)
    assert (outcome.name, outcome.replaces) == ("over", False)
    assert set(desk.aws.calls) == {"GetExecutionHistory"}


@pytest.mark.parametrize("state", ["Audit", "Report"])
def test_a_result_that_is_being_told_is_not_cancelled_any_more(desk, state):
    execution = running(desk)
    execution.add("TaskSucceeded", resourceType="aws-sdk:ssm", resource="sendCommand", output="{}")
    execution.enter("TaskStateEntered", state)
    execution.task("invoke", {"version": 2, "outcome": {"status": "finished"}})
    assert cancel(desk).name == "over"
    assert set(desk.aws.calls) == {"GetExecutionHistory"}


def test_what_was_begun_again_after_its_end_is_cancelled(desk):
    """https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html"""
    execution = running(desk)
    execution.add("ExecutionFailed", error="", cause="")
    execution.add("ExecutionRedriven", redriveCount=1)
    execution.enter("TaskStateEntered", "Send")
    assert cancel(desk).name == "cancelled"


def test_what_somebody_else_stopped_is_over(desk):
    running(desk).add("ExecutionAborted", error="", cause="")
    assert cancel(desk).name == "over"


def test_an_execution_that_there_is_not_is_none(desk):
    assert cancel(desk).name == "unknown"


def test_switched_off_or_not_it_can_be_cancelled(desk):
    running(desk)
    outcome = desk.outcome("cancel", value=HANDLE, switched_off="Commands are switched off.")
    assert outcome.name == "cancelled"


def test_a_question_that_is_about_to_wait_is_waited_for(desk):
    """Stopped before it waits, it would leave a card behind that nobody brings up to date."""
    execution = desk.aws.execution(request())
    execution.ask(APPROVAL)
    execution._owed, execution.late_turns = {"question": APPROVAL}, 3
    assert cancel(desk).name == "cancelled"
    assert execution.answers[0]["decision"] == "cancelled"
    assert "StopExecution" not in desk.aws.calls


def test_a_question_that_never_waits_is_stopped(desk):
    execution = desk.aws.execution(request())
    execution.ask(APPROVAL)
    assert cancel(desk).name == "cancelled"
    assert desk.pauses[:5] == list(looks.PAUSES_SECONDS)
    assert execution.events[-1]["type"] == "ExecutionAborted"


def test_an_approval_that_is_faster_lets_it_run_and_so_it_is_stopped(desk):
    execution = desk.aws.execution(request())
    execution.ask_and_wait({**APPROVAL, "by": {"kind": "workspace"}})

    def approve() -> None:
        desk.outcome("approve", "U0ADA")

    desk.aws.before_redeeming = [approve]
    assert cancel(desk).name == "cancelled"
    assert [answer["decision"] for answer in execution.answers] == ["approved"]
    assert execution.events[-1]["type"] == "ExecutionAborted"


def test_between_two_approvals_it_is_waited_for_the_next_turn(desk):
    execution = desk.aws.execution(request())
    execution.ask_and_wait({**APPROVAL, "by": {"kind": "workspace"}, "quorum": 2})
    execution.late_turns = 1
    desk.outcome("approve", "U0ADA")
    assert cancel(desk).name == "cancelled"
    assert [answer["decision"] for answer in execution.answers] == ["approved", "cancelled"]


def test_a_click_that_is_tried_again_says_the_same_of_a_question(desk):
    execution = desk.aws.execution(request())
    execution.ask_and_wait(APPROVAL)
    desk.aws.failures = [client_error("SendTaskSuccess", "InternalFailure")]
    with pytest.raises(Exception, match="InternalFailure"):
        cancel(desk)
    execution.add("ExecutionFailed", error="ChatOps.Declined", cause="")
    assert cancel(desk).name == "cancelled"
    assert len(execution.answers) == 1


def test_a_click_that_is_tried_again_cancels_what_is_left_and_says_the_same(desk):
    execution = running(desk)
    desk.aws.failures = [client_error("StopExecution", "InternalFailure")]
    with pytest.raises(Exception, match="InternalFailure"):
        cancel(desk)
    desk.aws.ssm.commands = [command("late")]
    assert cancel(desk).name == "cancelled"
    assert desk.aws.ssm.cancelled == ["late"]
    assert [event["type"] for event in execution.events].count("ExecutionAborted") == 1


def test_of_a_long_history_the_newest_part_is_enough(desk):
    desk.aws.execution(request()).ask_and_wait(CONFIRM)
    (execution,) = desk.aws.executions.values()
    for _ in range(3000):
        execution.enter("WaitStateEntered", "Pause")
    assert cancel(desk).name == "cancelled"
    assert desk.aws.calls.count("GetExecutionHistory") < 50


class FarAway:
    """Lambda, with a function of `chatops_runtime.remote_calls`."""

    def __init__(self, *answers: dict[str, Any], fails: bool = False) -> None:
        self.answers = list(answers)
        self.fails = fails
        self.invoked: list[tuple[str, dict[str, Any]]] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - boto3's names
        self.invoked.append((FunctionName, json.loads(Payload)))
        payload = self.answers.pop(0)
        return {
            "Payload": BytesIO(json.dumps(payload).encode()),
            **({"FunctionError": "Unhandled"} if self.fails else {}),
        }


def far_away(client: FarAway) -> tuple[RunningCommands, Target]:
    entry: Any = {"documents": ["chatops-ops-1234"], "remote_calls": "Ops-Far-RemoteCalls"}
    target = Target(command="/far", entry=entry, execution_arn="arn", execution=EXECUTION, nonce="")
    return RunningCommands({"lambda": client}.__getitem__), target


def test_commands_in_another_account_are_ended_through_their_function():
    client = FarAway(
        {"Commands": [command("1"), command("2", comment="somebody's own")], "NextToken": "more"},
        {},
        {"Commands": [command("3")]},
        {},
    )
    running, target = far_away(client)
    running.cancel(target, since=BEGAN)
    assert {name for name, _ in client.invoked} == {"Ops-Far-RemoteCalls"}
    calls = [event for _, event in client.invoked]
    assert [each["arguments"].get("CommandId") for each in calls if each["operation"] == "cancelCommand"] == ["1", "3"]
    assert [each["arguments"].get("NextToken") for each in calls if each["operation"] == "listCommands"] == [
        None,
        "more",
    ]


def test_what_the_function_could_not_do_is_not_taken_for_done():
    client = FarAway({"errorType": "Sts.AccessDeniedException", "errorMessage": "not authorized"}, fails=True)
    running, target = far_away(client)
    with pytest.raises(RemoteCallError, match=r"listCommands: Sts\.AccessDeniedException: not authorized"):
        running.cancel(target, since=BEGAN)
