"""The two rules, on events as AWS documents them: what they match, what not, and what their machines make of it."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pytest

from tests.constructs.event_patterns import matches
from tests.constructs.fake_aws import FakeAws, task, tasks
from tests.constructs.fake_ssm import FakeInstance, FakeSsm
from tests.constructs.stacks import Synthesised, text_of
from tests.constructs.states_language import TOKEN, Execution, StateError, machines_of

# https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
COMMAND_OVER: dict[str, Any] = {
    "version": "0",
    "id": "51c0891d-0e34-45b1-83d6-95db273d1602",
    "detail-type": "EC2 Command Status-change Notification",
    "source": "aws.ssm",
    "account": "123456789012",
    "time": "2026-11-22T01:04:50Z",
    "region": "us-east-1",
    "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-01234567"],
    "detail": {
        "command-id": "e8d3c0e4-71f7-4491-898f-c9b35bee5f3b",
        "document-name": "Ops_Plain_Document_0123ABCD",
        "expire-after": "2026-11-22T02:04:50Z",
        "parameters": {"Environment": ["Q0hB"], "TaskToken": [TOKEN]},
        "requested-date-time": "2026-11-22T01:03:50Z",
        "status": "Success",
    },
}
# https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
EXECUTION: dict[str, Any] = {
    "version": "0",
    "id": "315c1398-40ff-a850-213b-158f73e60175",
    "detail-type": "Step Functions Execution Status Change",
    "source": "aws.states",
    "account": "123456789012",
    "time": "2026-11-22T01:04:50Z",
    "region": "us-east-1",
    "resources": ["arn:aws:states:us-east-1:123456789012:execution:Machine:at-2026-11-22T010000Z"],
    "detail": {
        "executionArn": "arn:aws:states:us-east-1:123456789012:execution:Machine:at-2026-11-22T010000Z",
        "stateMachineArn": "<this machine>",
        "name": "at-2026-11-22T010000Z",
        "status": "TIMED_OUT",
        "startDate": 1551225146847,
        "stopDate": 1551225151881,
        "input": "{}",
        "output": None,
        "inputDetails": {"included": True},
        "outputDetails": None,
        "error": None,
        "cause": None,
    },
}
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
ALARM: dict[str, Any] = {
    "version": "0",
    "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    "detail-type": "CloudWatch Alarm State Change",
    "source": "aws.cloudwatch",
    "account": "123456789012",
    "time": "2026-11-22T01:04:50Z",
    "region": "us-east-1",
    "resources": ["<not started>"],
    "detail": {
        "alarmName": "ServerCpuTooHigh",
        "configuration": {"description": "Goes into alarm", "metrics": []},
        "previousState": {"reason": "…", "timestamp": "2026-11-22T01:03:51.236+0000", "value": "OK"},
        "state": {"reason": "Threshold Crossed", "timestamp": "2026-11-22T01:04:50.236+0000", "value": "ALARM"},
    },
}


def with_detail(event: dict[str, Any], **detail: Any) -> dict[str, Any]:
    return {**event, "detail": {**event["detail"], **{key.replace("_", "-"): value for key, value in detail.items()}}}


class TestCompletionSignal:
    @pytest.fixture
    def pattern(self) -> dict[str, Any]:
        found: dict[str, Any] = tasks().only("Events::Rule", "CompletionSignal")["EventPattern"]
        return found

    @pytest.mark.parametrize("status", ["Success", "Failed", "TimedOut", "Cancelled"])
    def test_of_a_command_of_the_stack_that_is_over(self, pattern: dict[str, Any], status: str) -> None:
        assert matches(pattern, with_detail(COMMAND_OVER, status=status))

    @pytest.mark.parametrize(
        "changes",
        [
            {"status": "InProgress"},
            {"status": "Pending"},
            {"status": "Cancelling"},
            {"document_name": "AWS-RunShellScript"},
            {"document_name": "Ops-Eu_Plain_Document_0123ABCD"},
            {"document_name": "Ops"},
            {"parameters": {"Environment": ["Q0hB"], "TaskToken": [""]}},
            {"parameters": {"Environment": ["Q0hB"]}},
            {"parameters": {}},
        ],
    )
    def test_of_nothing_else(self, pattern: dict[str, Any], changes: dict[str, Any]) -> None:
        assert not matches(pattern, with_detail(COMMAND_OVER, **changes))

    def test_nor_of_an_invocation(self, pattern: dict[str, Any]) -> None:
        """Of one instance of several: the command is not over."""
        event = {**COMMAND_OVER, "detail-type": "EC2 Command Invocation Status-change Notification"}
        assert not matches(pattern, event)

    def test_every_document_of_the_stack_has_a_name_that_is_matched(self, pattern: dict[str, Any]) -> None:
        documents = tasks().resources("SSM::Document")
        assert documents
        for document in documents.values():
            assert matches(pattern, with_detail(COMMAND_OVER, document_name=document["Name"]))

    def test_the_token_is_returned(self) -> None:
        calls: list[Any] = []

        def services(resource: str, arguments: Any) -> Any:
            calls.append((resource, arguments))
            return {}

        Execution(services, COMMAND_OVER).run(tasks().definition("CompletionSignal"))
        ((resource, arguments),) = calls
        assert resource == "aws-sdk:sfn:sendTaskSuccess"
        assert arguments["TaskToken"] == TOKEN
        assert json.loads(arguments["Output"]) == {"kind": "signal"}

    @pytest.mark.parametrize("error", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
    def test_that_comes_twice_or_late_is_no_failure(self, error: str) -> None:
        execution = Execution(raising(f"Sfn.{error}Exception"), COMMAND_OVER)
        execution.run(tasks().definition("CompletionSignal"))
        assert execution.visited == ["Return the token", "Nobody waits"]
        assert execution.clock.now == 0, "and not tried again"

    def test_that_is_throttled_is_tried_again(self) -> None:
        execution = Execution(raising("Sfn.SfnException", times=5), COMMAND_OVER)
        execution.run(tasks().definition("CompletionSignal"))
        with pytest.raises(StateError, match=r"Sfn\.SfnException"):
            Execution(raising("Sfn.SfnException"), COMMAND_OVER).run(tasks().definition("CompletionSignal"))

    def test_the_machine_may_return_tokens_to_machines_of_this_stack_only(self) -> None:
        (statement,) = tasks().statements("CompletionSignalResumerRole")
        assert statement["Action"] == "states:SendTaskSuccess"
        assert text_of(statement["Resource"]).endswith(":stateMachine:Ops_*")
        assert all(name.startswith("Ops_") for name in tasks().definitions())

    def test_the_rule_starts_the_machine(self) -> None:
        rule = tasks().only("Events::Rule", "CompletionSignal")
        (target,) = rule["Targets"]
        assert target["Arn"]["Ref"].startswith("CompletionSignalResumer")
        assert "InputTransformer" not in target
        assert "Input" not in target, "the machine gets the event as it is"


def raising(error: str, times: int = 1_000) -> Any:
    left = [times]

    def services(resource: str, arguments: Any) -> Any:
        del resource, arguments
        left[0] -= 1
        if left[0] >= 0:
            raise StateError(error, "so it is")
        return {}

    return services


class TestEndings:
    @pytest.fixture
    def pattern(self) -> dict[str, Any]:
        """With the machine and the alarms as the events name them."""
        rule = tasks().only("Events::Rule", "PlainEndings")
        found: dict[str, Any] = json.loads(json.dumps(rule["EventPattern"]))
        endings, alarmed = found["$or"]
        (machine,) = endings["detail"]["stateMachineArn"]
        assert text_of(machine).startswith("<PlainMachine")
        endings["detail"]["stateMachineArn"] = ["<this machine>"]
        (alarm,) = alarmed["resources"]
        assert text_of(alarm).startswith("<PlainNotStartedAlarm")
        alarmed["resources"] = ["<not started>"]
        return found

    @pytest.mark.parametrize(
        "detail",
        [
            {"status": "TIMED_OUT"},
            {"status": "ABORTED"},
            {"status": "FAILED", "error": "States.DataLimitExceeded"},
            {"status": "FAILED", "error": "States.Runtime"},
            {"status": "FAILED", "error": "Sfn.SfnException"},
        ],
    )
    def test_what_no_state_can_tell_is_told(self, pattern: dict[str, Any], detail: dict[str, Any]) -> None:
        event = with_detail(EXECUTION, **detail)
        assert matches(pattern, event)
        aws = FakeAws(FakeSsm([FakeInstance("i-01234567")]))
        notice = aws.notice(task("Plain"), event)
        assert (notice["outcome"], notice["error"]) == ("ended", detail["status"])
        assert aws.ssm.calls == []

    @pytest.mark.parametrize(
        "detail",
        [
            {"status": "SUCCEEDED"},
            {"status": "RUNNING"},
            {"status": "PENDING_REDRIVE"},
            {"stateMachineArn": "<another machine>"},
            {"stateMachineArn": "<another machine>", "status": "FAILED", "error": "States.Runtime"},
        ],
    )
    def test_nothing_else_is(self, pattern: dict[str, Any], detail: dict[str, Any]) -> None:
        assert not matches(pattern, with_detail(EXECUTION, **detail))

    def test_no_error_of_ours_starts_it_again(self, pattern: dict[str, Any]) -> None:
        """Or telling of an ending would be an ending to tell of, and so on."""
        ends = {
            str(state["Error"])
            for machine in machines_of(task("Plain"))
            for name, state in machine["States"].items()
            if state["Type"] == "Fail" and name in task("Plain")["States"]
        }
        assigned = {
            str(state["Assign"]["ending"])
            for state in task("Plain")["States"].values()
            if "ending" in state.get("Assign", {})
        }
        errors = (ends - {"{% $ending %}"}) | (assigned - {""})
        assert len(errors) >= 6
        for error in errors:
            assert not matches(pattern, with_detail(EXECUTION, status="FAILED", error=error)), error

    @pytest.mark.parametrize("event", [with_detail(EXECUTION), ALARM, with_detail(EXECUTION, status="ABORTED")])
    def test_what_it_ends_with_after_telling_starts_nothing(self, pattern: dict[str, Any], event: Any) -> None:
        for untold in ({}, {"<Failed": StateError("Sns.NotFoundException", "gone")}):
            aws = FakeAws(FakeSsm(), untold=untold)
            aws.run(task("Plain"), event)
            assert aws.ending is not None, "a success would count as one of the task's"
            following = with_detail(EXECUTION, status="FAILED", error=aws.ending.error)
            assert not matches(pattern, following)

    def test_an_alarm_that_goes_off_is_told_and_one_that_is_over_is_not(self, pattern: dict[str, Any]) -> None:
        assert matches(pattern, ALARM)
        assert not matches(pattern, with_detail(ALARM, state={"value": "OK"}))
        assert not matches(pattern, with_detail(ALARM, state={"value": "INSUFFICIENT_DATA"}))
        assert not matches(pattern, {**ALARM, "resources": ["<somebody else's>"]})

    def test_the_rule_may_start_the_machine_and_nothing_else(self) -> None:
        (statement,) = tasks().statements("PlainEndingsRole")
        assert statement["Action"] == "states:StartExecution"
        assert text_of(statement["Resource"]).startswith("<PlainMachine")

    def test_there_is_none_when_nobody_is_told(self, maximal: Synthesised) -> None:
        rules = [id for id in maximal.resources("Events::Rule") if id.endswith("Endings", 0, -8)]
        assert sorted(id[:6] for id in rules) == ["Hourly", "Nightl"]


class TestTick:
    INPUT: ClassVar = {
        "state_machine": "arn:aws:states:us-east-1:123456789012:stateMachine:Machine",
        "scheduled_at": "2026-11-22T02:00:00Z",
        "dead_letter_queue": "https://sqs.us-east-1.amazonaws.com/123456789012/NotStarted",
    }

    def ticked(self, services: Any) -> tuple[Execution, list[tuple[str, Any]]]:
        calls: list[tuple[str, Any]] = []

        def recorded(resource: str, arguments: Any) -> Any:
            calls.append((resource.rpartition(":")[2], arguments))
            return services(resource, arguments) if resource.endswith("startExecution") else {"MessageId": "1"}

        return Execution(recorded, self.INPUT), calls

    def test_starts_the_run_under_the_name_of_its_time(self) -> None:
        execution, calls = self.ticked(lambda *_: {"ExecutionArn": "arn", "StartDate": "2026-11-22T02:00:01Z"})
        execution.run(tasks().definition("ScheduleTick"))
        assert calls == [
            (
                "startExecution",
                {
                    "StateMachineArn": self.INPUT["state_machine"],
                    "Name": "at-2026-11-22T020000Z",
                    "Input": '{"scheduled_at":"2026-11-22T02:00:00Z"}',
                },
            )
        ]

    def test_a_second_delivery_starts_nothing(self) -> None:
        execution, calls = self.ticked(raising("Sfn.ExecutionAlreadyExistsException"))
        execution.run(tasks().definition("ScheduleTick"))
        assert [name for name, _ in calls] == ["startExecution"]
        assert execution.visited[-1] == "Already started"

    @pytest.mark.parametrize("error", ["Sfn.SfnException", "Sfn.StateMachineDoesNotExistException", "States.Timeout"])
    def test_what_cannot_be_started_goes_to_the_queue(self, error: str) -> None:
        execution, calls = self.ticked(raising(error))
        with pytest.raises(StateError, match=r"ChatOps\.NotStarted"):
            execution.run(tasks().definition("ScheduleTick"))
        assert [name for name, _ in calls] == ["startExecution"] * 7 + ["sendMessage"]
        sent = calls[-1][1]
        assert sent["QueueUrl"] == self.INPUT["dead_letter_queue"]
        assert json.loads(sent["MessageBody"])["not_started"] == self.INPUT
        assert json.loads(sent["MessageBody"])["error"]["Error"] == error
        assert execution.clock.now < 300 - 5 * 20, "an Express machine has five minutes"

    def test_what_is_throttled_is_started_later(self) -> None:
        execution, calls = self.ticked(raising("Sfn.SfnException", times=6))
        execution.run(tasks().definition("ScheduleTick"))
        assert execution.visited[-1] == "Started"
        assert len(calls) == 7

    def test_may_start_the_stacks_tasks_and_write_to_their_queues_only(self) -> None:
        statements = tasks().statements("ScheduleTickMachineRole")
        allowed = {
            action: sorted(
                text_of(one) for each in statements if each["Action"] == action for one in many(each["Resource"])
            )
            for action in ("states:StartExecution", "sqs:SendMessage")
        }
        assert {statement["Action"] for statement in statements} == set(allowed)
        machines = tasks().resources("StepFunctions::StateMachine")
        runs = [id for id in machines if not id.startswith(("ScheduleTick", "CompletionSignal"))]
        assert len(allowed["states:StartExecution"]) == len(runs)
        assert len(allowed["sqs:SendMessage"]) == tasks().count("SQS::Queue") == len(runs)


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
