"""EventBridge Scheduler on the emulator: what it refuses, in which role it acts, how often it tries, what is left."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError
from tests.local.ministack.stacks import allow, arn, deny, deploy, machine, role
from tests.local.trust.behaviours import SCHEDULE_ROLE

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server
    from chatops_local.server.scheduler import Delivery, FiredExecution, Firing

SCHEDULED_AT = datetime(2026, 11, 22, 2, 0, tzinfo=timezone.utc).timestamp()
GROUP = arn("scheduler", "schedule-group/default")


def trusting_scheduler(condition: dict[str, Any] | None = None, *statements: dict[str, Any]) -> dict[str, Any]:
    made = role("scheduler", *statements)
    if condition:
        made["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"] = condition
    return made


def get_arn(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def schedule(target: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {
            "ScheduleExpression": "cron(0 2 * * ? *)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": {"Ref": "Tick"}, "RoleArn": get_arn("Scheduler"), **(target or {})},
            **properties,
        },
    }


def resources(**changed: Any) -> dict[str, Any]:
    """A schedule, a machine that it starts, which starts another one, and a dead-letter queue."""
    tick = machine("TickRole", {"Start": START})
    tick["Properties"].update(StateMachineType="EXPRESS", DefinitionSubstitutions={"Run": {"Ref": "Run"}})
    return {
        "Schedule": schedule(
            {
                "Input": json.dumps({"time": "<aws.scheduler.scheduled-time>", "id": "<aws.scheduler.execution-id>"}),
                "DeadLetterConfig": {"Arn": get_arn("Letters")},
                "RetryPolicy": {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60},
            }
        ),
        "Scheduler": trusting_scheduler(
            None,
            allow("states:StartExecution", {"Ref": "Tick"}),
            allow("sqs:SendMessage", get_arn("Letters")),
        ),
        "Letters": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Tick": tick,
        "TickRole": role("states", allow("states:StartExecution", {"Ref": "Run"})),
        "Run": machine("RunRole", {"Run": {"Type": "Wait", "Seconds": 1, "End": True}}),
        "RunRole": role("states"),
        **changed,
    }


START = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:sfn:startExecution",
    "Arguments": {
        "StateMachineArn": "${Run}",
        "Name": "{% 'nightly-' & $replace($states.input.time, ':', '') %}",
        "Input": "{% $string({'scheduled_at': $states.input.time}) %}",
    },
    "Catch": [{"ErrorEquals": ["Sfn.ExecutionAlreadyExistsException"], "Next": "Known"}],
    "End": True,
}


@pytest.fixture
def stack(server: Server, tmp_path: Path, request: pytest.FixtureRequest) -> DeployedStack:
    changed = getattr(request, "param", {})
    return deployed(server, tmp_path, **changed)


def deployed(server: Server, directory: Path, **changed: Any) -> DeployedStack:
    tick = {"Start": START, "Known": {"Type": "Succeed"}}
    content = resources(**changed)
    content["Tick"]["Properties"]["DefinitionString"] = json.dumps(
        {"QueryLanguage": "JSONata", "StartAt": "Start", "States": tick}
    )
    return deploy(server, directory, f"Stack{time.monotonic_ns()}", content)


def arn_of(stack: DeployedStack) -> str:
    return arn("scheduler", f"schedule/default/{stack.resource('Schedule')}")


def fire(server: Server, stack: DeployedStack, at: float = SCHEDULED_AT, times: int = 1) -> Firing:
    return server.scheduler.fire(arn_of(stack), at, times=times)


def delivery(server: Server, stack: DeployedStack) -> Delivery:
    (only,) = fire(server, stack).deliveries
    return only


def ended(server: Server, firing: Firing) -> list[FiredExecution]:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = server.scheduler.executions(firing)
        if all(each.is_over for each in found):
            return found
        time.sleep(0.02)
    raise AssertionError(f"{found} do not end")


def letters(server: Server, stack: DeployedStack) -> list[dict[str, Any]]:
    answer = server.client("sqs").receive_message(
        QueueUrl=stack.resource("Letters"), MessageAttributeNames=["All"], MaxNumberOfMessages=10
    )
    return [
        {
            "body": json.loads(message["Body"]),
            **{name: value["StringValue"] for name, value in message["MessageAttributes"].items()},
        }
        for message in answer.get("Messages", [])
    ]


class TestFiring:
    @SCHEDULE_ROLE.allow()
    def test_starts_the_target_with_the_attributes_filled_in(self, server, stack):
        firing = fire(server, stack)
        tick, run = ended(server, firing)
        assert [each.execution_arn for each in firing.deliveries] == [tick.arn]
        assert (tick.express, run.express) == (True, False)
        assert json.loads(tick.input)["time"] == "2026-11-22T02:00:00Z"
        assert "<" not in tick.input
        assert run.name == "nightly-2026-11-22T020000Z"
        assert run.status == "SUCCEEDED"

    def test_twice_is_one_run(self, server, stack):
        first, *others = ended(server, fire(server, stack, times=2))
        run, second = sorted(others, key=lambda each: each.express)
        assert [first.status, second.status, run.status] == ["SUCCEEDED"] * 3
        assert run.starts == 2
        assert json.loads(first.input)["id"] != json.loads(second.input)["id"]

    def test_a_run_that_another_firing_has_started(self, server, stack):
        _, first = ended(server, fire(server, stack))
        tick, run = ended(server, fire(server, stack))
        assert run.arn == first.arn
        assert (tick.status, run.starts, run.is_over) == ("SUCCEEDED", 1, True)

    def test_each_firing_has_its_own_executions(self, server, stack):
        one, other = (fire(server, stack, at) for at in (SCHEDULED_AT, SCHEDULED_AT + 86_400))
        assert not {each.arn for each in ended(server, one)} & {each.arn for each in ended(server, other)}

    def test_without_input_the_target_gets_an_event(self, server, tmp_path):
        stack = deployed(server, tmp_path, Schedule=schedule())
        (tick, *_) = ended(server, fire(server, stack))
        event = json.loads(tick.input)
        assert (event["detail-type"], event["time"]) == ("Scheduled Event", "2026-11-22T02:00:00Z")

    def test_a_queue_as_target(self, server, tmp_path):
        target = {"Arn": get_arn("Letters"), "Input": '{"at": "<aws.scheduler.scheduled-time>"}'}
        stack = deployed(server, tmp_path, Schedule=schedule(target))
        assert delivery(server, stack).error == ""
        (message,) = server.client("sqs").receive_message(QueueUrl=stack.resource("Letters"))["Messages"]
        assert message["Body"] == '{"at": "2026-11-22T02:00:00Z"}'

    def test_by_itself_it_does_not_fire(self):
        """MiniStack's thread that looks at schedules is not started."""
        script = (
            "import os; os.environ['MINISTACK_TEST_NO_AUTOSTART'] = '1'\n"
            "from chatops_local.ministack.emulator import Emulator\n"
            "from chatops_local.ministack.scheduler import correction\n"
            "from chatops_local.ministack.settings import Settings\n"
            "from ministack.services import scheduler\n"
            "correction.apply(Emulator(Settings('', '123456789012', 'us-east-1', 'AKIA', ''), 1))\n"
            "scheduler.start_scheduler()\n"
            "print(scheduler._ticker_thread)\n"
        )
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert ran.stdout == "None\n"


class TestFailures:
    def test_retried_until_it_succeeds(self, server, stack):
        server.scheduler.fail_targets(2, "ThrottlingException")
        found = delivery(server, stack)
        assert (found.attempts, found.error, found.dead_letter) == (3, "", "")
        assert letters(server, stack) == []

    def test_given_up_and_buried(self, server, stack):
        server.scheduler.fail_targets(3, "ThrottlingException")
        found = delivery(server, stack)
        assert (found.attempts, found.exhausted) == (3, "MaximumRetryAttempts")
        (letter,) = letters(server, stack)
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
        assert letter.pop("EXECUTION_ID") == json.loads(letter["body"]["Input"])["id"]
        assert letter.pop("body")["StateMachineArn"] == stack.resource("Tick")
        assert letter == {
            "ERROR_CODE": "ThrottlingException",
            "ERROR_MESSAGE": "injected by the test",
            "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
            "IS_PAYLOAD_TRUNCATED": "false",
            "RETRY_ATTEMPTS": "2",
            "SCHEDULED_TIME": "2026-11-22T02:00:00Z",
            "SCHEDULE_ARN": arn_of(stack),
            "TARGET_ARN": stack.resource("Tick"),
        }

    def test_too_old(self, server, tmp_path):
        target = {"RetryPolicy": {"MaximumEventAgeInSeconds": 60}}
        stack = deployed(server, tmp_path, Schedule=schedule(target), Scheduler=trusting_scheduler())
        found = delivery(server, stack)
        assert found.exhausted == "MaximumEventAgeInSeconds"
        assert found.dead_letter == "none"

    def test_the_target_is_gone(self, server, stack):
        server.client("stepfunctions").delete_state_machine(stateMachineArn=stack.resource("Tick"))
        found = delivery(server, stack)
        assert (found.error, found.dead_letter) == ("StateMachineDoesNotExist", "sent")


class TestRole:
    @SCHEDULE_ROLE.deny()
    def test_it_may_not_start_the_target(self, server, tmp_path):
        scheduler = trusting_scheduler(None, allow("sqs:SendMessage", get_arn("Letters")))
        stack = deployed(server, tmp_path, Scheduler=scheduler)
        found = delivery(server, stack)
        assert found.error == "AccessDeniedException"
        assert "is not authorized to perform: states:StartExecution on resource" in found.message
        assert [letter["ERROR_CODE"] for letter in letters(server, stack)] == ["AccessDeniedException"]

    @SCHEDULE_ROLE.deny()
    def test_it_may_not_write_to_the_queue(self, server, tmp_path):
        stack = deployed(server, tmp_path, Scheduler=trusting_scheduler(None, deny("states:StartExecution")))
        found = delivery(server, stack)
        assert found.dead_letter.startswith("AccessDeniedException: ")
        assert "sqs:SendMessage" in found.dead_letter
        assert letters(server, stack) == []

    @SCHEDULE_ROLE.allow()
    @pytest.mark.parametrize(
        "condition",
        [
            {"StringEquals": {"aws:SourceAccount": "123456789012"}},
            {"ArnLike": {"aws:SourceArn": GROUP}},
        ],
    )
    def test_its_trust_may_name_account_and_group(self, server, tmp_path, condition):
        scheduler = trusting_scheduler(condition, allow("states:StartExecution", {"Ref": "Tick"}))
        assert delivery(server, deployed(server, tmp_path, Scheduler=scheduler)).error == ""

    @SCHEDULE_ROLE.deny()
    @pytest.mark.parametrize(
        "scheduler",
        [
            role("lambda", allow("states:StartExecution")),
            trusting_scheduler({"StringEquals": {"aws:SourceAccount": "999999999999"}}, allow("states:StartExecution")),
        ],
    )
    def test_one_that_does_not_trust_scheduler_is_refused(self, server, tmp_path, scheduler):
        with pytest.raises(DeploymentFailedError, match="must allow AWS EventBridge Scheduler to assume the role"):
            deployed(server, tmp_path, Scheduler=scheduler)


class TestDeployment:
    @pytest.mark.parametrize(
        ("changed", "text"),
        [
            (schedule(ScheduleExpression="cron(0 2 * * *)"), "has 5 fields"),
            (schedule(ScheduleExpressionTimezone="Tokyo"), "time zone 'Tokyo'"),
            (schedule({"RetryPolicy": {"MaximumRetryAttempts": 200}}), "MaximumRetryAttempts 200: 0 to 185"),
            (schedule({"DeadLetterConfig": {"Arn": arn("sqs", "letters.fifo")}}), "is a FIFO queue"),
            (
                schedule({"Arn": arn("sns", "topic")}),
                "topic is not emulated: let the schedule start a state machine, invoke a function",
            ),
            (schedule({"Input": "x" * 262_145}), "Input has more than 262144 bytes"),
        ],
    )
    def test_refused(self, server, tmp_path, changed, text):
        with pytest.raises(DeploymentFailedError, match=text):
            deployed(server, tmp_path, Schedule=changed)

    def test_everything_that_the_template_says_is_kept(self, server, tmp_path):
        stack = deployed(
            server,
            tmp_path,
            Schedule=schedule(
                ScheduleExpressionTimezone="Asia/Tokyo",
                State="DISABLED",
                StartDate="2026-11-22T00:00:00.000Z",
                EndDate="2026-12-22T00:00:00.000Z",
            ),
        )
        (found,) = [each for each in server.scheduler.schedules() if each.arn == arn_of(stack)]
        assert found.time_zone == "Asia/Tokyo"
        assert found.enabled is False
        assert found.end - found.start == 30 * 86_400
        assert found.target_arn == stack.resource("Tick")

    def test_update_and_deletion(self, server, tmp_path):
        stack = deployed(server, tmp_path)
        content = {**stack.template["Resources"], "Schedule": schedule(ScheduleExpression="rate(5 minutes)")}
        deploy(server, tmp_path / "second", stack.name, content)
        (found,) = [each for each in server.scheduler.schedules() if each.arn == arn_of(stack)]
        assert found.expression == "rate(5 minutes)"
        server.destroy(stack)
        assert arn_of(stack) not in [each.arn for each in server.scheduler.schedules()]
