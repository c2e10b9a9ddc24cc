"""Schedules that invoke functions, in another region than the local cloud's own: as often, in the role, as AWS does.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.ministack.functions.asynchronous import AsynchronousInvocation, AsynchronousInvocations
from tests.local.ministack.messaging_stacks import arn_of, queue, until
from tests.local.ministack.stacks import WRITE_LOGS, allow, deny, deploy_at, function, role
from tests.local.trust.behaviours import SCHEDULE_ROLE

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server
    from chatops_local.server.observations import AsynchronousInvocation as Seen
    from chatops_local.server.scheduler import Firing

VIRGINIA, TOKYO = "us-east-1", "ap-northeast-1"
AT = datetime(2026, 11, 22, 2, 0, tzinfo=timezone.utc).timestamp()
INPUT = {"kind": "window", "scheduled_at": "<aws.scheduler.scheduled-time>"}
CODE = """
import os
def handler(event, context):
    print(os.environ["AWS_REGION"], event.get("kind"))
    if event.get("kind") == "fail":
        raise KeyError("kind")
"""


def schedule(given: str, **target: Any) -> dict[str, Any]:
    made = {"Arn": arn_of("Function"), "RoleArn": arn_of("Scheduler"), "Input": given, **target}
    properties = {"ScheduleExpression": "rate(1 minute)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": made}
    return {"Type": "AWS::Scheduler::Schedule", "Properties": properties}


def resources(given: Any = INPUT, *statements: dict[str, Any], **target: Any) -> dict[str, Any]:
    invoking = statements or (allow("lambda:InvokeFunction", arn_of("Function")),)
    return {
        "Timer": schedule(given if isinstance(given, str) else json.dumps(given), **target),
        "Scheduler": role("scheduler", *invoking),
        "Function": function(CODE, "Role"),
        "Role": role("lambda", WRITE_LOGS),
    }


def timer(stack: DeployedStack) -> str:
    return f"arn:aws:scheduler:{stack.region}:123456789012:schedule/default/{stack.resource('Timer')}"


def fired(cloud: Server, stack: DeployedStack, times: int = 1) -> Firing:
    return cloud.scheduler.fire(timer(stack), AT, times=times)


def over(cloud: Server, firing: Firing) -> list[Seen]:
    found: list[Seen] = until(lambda: [each for each in cloud.scheduler.invocations(firing) if each.is_over])
    return found


@SCHEDULE_ROLE.allow()
def test_the_function_gets_its_event_and_runs_in_its_region(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "Timed", resources())
    firing = fired(tokyo_cloud, stack)
    (invocation,) = over(tokyo_cloud, firing)
    assert (invocation.function, invocation.attempts, invocation.error) == (stack.resource("Function"), 1, "")
    assert json.loads(invocation.payload) == {"kind": "window", "scheduled_at": "2026-11-22T02:00:00Z"}
    assert invocation.log == ["us-east-1 window"]
    assert [(each.execution_arn, each.error) for each in firing.deliveries] == [("", "")]


def test_twice_is_two_invocations(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "TimedTwice", resources())
    firing = fired(tokyo_cloud, stack, times=2)
    assert len(tokyo_cloud.scheduler.invocations(firing)) == 2
    assert until(lambda: all(each.is_over for each in tokyo_cloud.scheduler.invocations(firing)))


def test_schedules_of_one_name_in_two_regions_are_two(tokyo_cloud: Server, tmp_path: Path):
    stacks = {}
    for region in (TOKYO, VIRGINIA):
        content = resources({"kind": region})
        content["Timer"]["Properties"]["Name"] = "of-one-name"
        stacks[region] = deploy_at(tokyo_cloud, tmp_path / region, region, f"Timed{region}".replace("-", ""), content)
    known = [each.arn for each in tokyo_cloud.scheduler.schedules()]
    for region, stack in stacks.items():
        assert timer(stack) in known
        (invocation,) = over(tokyo_cloud, fired(tokyo_cloud, stack))
        assert invocation.log == [f"{region} {region}"]
    tokyo_cloud.destroy(stacks[VIRGINIA])
    left = [each.arn for each in tokyo_cloud.scheduler.schedules()]
    assert (timer(stacks[TOKYO]) in left, timer(stacks[VIRGINIA]) in left) == (True, False)


def test_a_function_that_fails_is_tried_three_times(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "TimedFailing", resources({"kind": "fail"}))
    firing = fired(tokyo_cloud, stack)
    (invocation,) = over(tokyo_cloud, firing)
    assert (invocation.attempts, invocation.error, invocation.message) == (3, "KeyError", "'kind'")
    assert invocation.log.count("us-east-1 fail") == 3
    # Scheduler's part went well: the function took the event.
    assert [(each.attempts, each.error) for each in firing.deliveries] == [(1, "")]
    assert f"function:{stack.resource('Function')} failed after 3 attempts: KeyError: 'kind'" in (
        tokyo_cloud.emulator_log()
    )


@SCHEDULE_ROLE.deny()
@pytest.mark.parametrize(
    "statement",
    [
        deny("lambda:InvokeFunction"),
        allow("lambda:InvokeFunction", "arn:aws:lambda:ap-northeast-1:123456789012:function:*"),
        allow("states:StartExecution"),
    ],
)
def test_a_role_that_may_not_invoke_it(tokyo_cloud: Server, tmp_path: Path, statement: dict[str, Any]):
    statements = (statement, allow("sqs:SendMessage", arn_of("Letters")))
    policy = {"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 60}
    content = resources(INPUT, *statements, RetryPolicy=policy, DeadLetterConfig={"Arn": arn_of("Letters")})
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "TimedDenied", {**content, "Letters": queue()})
    firing = fired(tokyo_cloud, stack)
    (delivery,) = firing.deliveries
    assert (delivery.attempts, delivery.error, delivery.dead_letter) == (2, "AccessDeniedException", "sent")
    assert "is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:" in (
        delivery.message
    )
    assert tokyo_cloud.scheduler.invocations(firing) == []
    letter = tokyo_cloud.client("sqs", VIRGINIA).receive_message(QueueUrl=stack.resource("Letters"))["Messages"][0]
    assert json.loads(letter["Body"])["InvocationType"] == "Event"
    tokyo_cloud.destroy(stack)


@SCHEDULE_ROLE.deny()
def test_a_role_that_does_not_trust_scheduler_any_more(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "TimedUntrusted", resources(INPUT))
    trust = json.dumps(role("lambda")["Properties"]["AssumeRolePolicyDocument"])
    tokyo_cloud.client("iam").update_assume_role_policy(RoleName=stack.resource("Scheduler"), PolicyDocument=trust)
    firing = fired(tokyo_cloud, stack)
    assert [each.error for each in firing.deliveries] == ["AccessDeniedException"]
    assert tokyo_cloud.scheduler.invocations(firing) == []


def test_a_function_that_is_gone(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "TimedGone", resources())
    tokyo_cloud.client("lambda", VIRGINIA).delete_function(FunctionName=stack.resource("Function"))
    (delivery,) = fired(tokyo_cloud, stack).deliveries
    assert (delivery.error, delivery.dead_letter) == ("ResourceNotFoundException", "none")


def test_input_that_is_not_json(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "TimedText", resources("now"))
    (delivery,) = fired(tokyo_cloud, stack).deliveries
    assert delivery.error == "InvalidRequestContentException"


def test_retried_until_the_function_takes_it(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "TimedThrottled", resources())
    tokyo_cloud.scheduler.fail_targets(2, "TooManyRequestsException")
    firing = fired(tokyo_cloud, stack)
    assert [(each.attempts, each.error) for each in firing.deliveries] == [(3, "")]
    assert len(over(tokyo_cloud, firing)) == 1


THROTTLED = {"throttle": True, "error": True, "body": {"Reason": "ReservedFunction", "message": "Rate Exceeded"}}
FAILED = {"error": True, "body": {"errorType": "KeyError", "errorMessage": "'kind'"}, "log": "so far"}


class TestWaits:
    """With a stand-in for the function, since waits are what is looked at."""

    @pytest.fixture
    def waits(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        slept: list[float] = []
        monkeypatch.setattr("chatops_local.ministack.functions.asynchronous.time.sleep", slept.append)
        return slept

    def invoked(self, monkeypatch: pytest.MonkeyPatch, *results: dict[str, Any]) -> AsynchronousInvocation:
        answers = iter(results)
        service = import_module("ministack.services.lambda_svc")
        monkeypatch.setattr(service, "_execute_function_with_config_scope", lambda _func, _event: next(answers))
        functions = AsynchronousInvocations()
        seen: list[AsynchronousInvocation] = []
        functions.observers.append(seen.append)
        monkeypatch.setattr("chatops_local.ministack.functions.asynchronous.threading.Thread", Now)
        functions.invoke({"FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:f"}, {})
        return seen[0]

    def test_one_minute_and_two(self, monkeypatch: pytest.MonkeyPatch, waits: list[float]):
        invocation = self.invoked(monkeypatch, *[FAILED] * 3)
        assert (waits, invocation.attempts, invocation.is_over) == ([60, 120], 3, True)
        assert invocation.log == ["so far"] * 3

    def test_an_attempt_that_succeeds_is_the_last(self, monkeypatch: pytest.MonkeyPatch, waits: list[float]):
        invocation = self.invoked(monkeypatch, FAILED, {"body": {}, "log": ""})
        assert (waits, invocation.attempts, invocation.error, invocation.message) == ([60], 2, "", "")

    def test_a_throttled_event_uses_up_no_attempt(self, monkeypatch: pytest.MonkeyPatch, waits: list[float]):
        invocation = self.invoked(monkeypatch, *[THROTTLED] * 10, FAILED, {"body": None})
        assert invocation.attempts == 2
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 60]

    def test_after_six_hours_it_is_given_up(self, monkeypatch: pytest.MonkeyPatch, waits: list[float]):
        invocation = self.invoked(monkeypatch, *[THROTTLED] * 1000)
        assert (invocation.error, invocation.is_over) == ("ReservedFunction", True)
        assert 6 * 3600 - 300 < sum(waits) <= 6 * 3600


class Now:
    """A thread that is over as soon as it is started."""

    def __init__(self, target: Any, args: Any, **_: Any) -> None:
        self.start = lambda: target(*args)
