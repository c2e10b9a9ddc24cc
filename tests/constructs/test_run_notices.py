"""What a scheduled run tells its topics, of every kind of ending; and that it fits into a message."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sns as sns

from chatops_constructs import Ec2Targets, Overlap
from chatops_runtime.contracts import run_notice, script_environment
from tests.constructs.fake_aws import SCHEDULED_AT, FakeAws, task
from tests.constructs.fake_ssm import NEVER, FakeInstance, FakeSsm
from tests.constructs.stacks import Synthesised, new_stack, scheduled
from tests.constructs.states_language import MACHINE_ARN, MOST_PAYLOAD, StateError

RUN_ARN = f"{MACHINE_ARN.replace(':stateMachine:', ':execution:')}:a1b2c3"
OTHER_RUN = RUN_ARN.replace("a1b2c3", "at-2026-11-21T010000Z")
REFUSED = StateError(
    "Sns.AuthorizationErrorException", "not authorized to perform: SNS:Publish on resource: AlsoFailed"
)

# https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
TIMED_OUT = {
    "source": "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    "detail": {
        "executionArn": OTHER_RUN,
        "stateMachineArn": MACHINE_ARN,
        "name": "at-2026-11-21T010000Z",
        "status": "TIMED_OUT",
        "startDate": 1_795_309_430_123,
        "stopDate": 1_795_309_490_123,
        "input": "{}",
        "output": None,
    },
}
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
ALARM = {
    "source": "aws.cloudwatch",
    "detail-type": "CloudWatch Alarm State Change",
    "resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:NoSuccess"],
    "detail": {
        "alarmName": "NoSuccess",
        "configuration": {"description": "Ops/Plain has not succeeded for 1 day", "metrics": []},
        "state": {"reason": "Threshold Crossed: no datapoints", "value": "ALARM"},
    },
}
DELETED_ALARM_DESCRIPTION = {**ALARM, "detail": {**ALARM["detail"], "configuration": {"metrics": []}}}  # type: ignore[dict-item]


def one(**details: Any) -> FakeInstance:
    return FakeInstance("i-01234567", name="web-1", **details)


def aws_with(*instances: FakeInstance, **options: Any) -> FakeAws:
    return FakeAws(FakeSsm(list(instances), signal=1), **options)


class TestEveryOutcome:
    COMMON = ("version", "kind", "outcome", "task", "subject", "text", "execution", "id", "scheduled_at", "started_at")

    def test_succeeded(self) -> None:
        aws = aws_with(one(), one(), FakeInstance("i-89abcdef", ping="ConnectionLost"))
        notice = aws.notice(task("Plain"))
        assert notice.pop("result")["ok"] is True
        assert notice == {
            "version": 1,
            "kind": "scheduled_run",
            "outcome": "succeeded",
            "task": "Ops/Plain",
            "region": "us-east-1",
            "subject": "Ops/Plain succeeded on 2 of 2 instances",
            "text": "Ops/Plain succeeded on 2 of 2 instances\n"
            "Scheduled for 2026-11-22T01:00:00Z, run a1b2c3.\n"
            "web-1 (i-01234567): Success\n"
            "web-1 (i-01234567): Success\n"
            "Offline, not run: i-89abcdef (i-89abcdef)\n"
            "The whole output: log group <RunCommandOutput1DB16FDE>, log streams c0ffee/INSTANCE_ID/...\n"
            f"Execution: {RUN_ARN}",
            "execution": RUN_ARN,
            "id": "a1b2c3",
            "started_at": "2026-11-22T01:03:50.123Z",
            "scheduled_at": SCHEDULED_AT,
        }
        assert [topic["TopicArn"] for topic in aws.published] == ["<SucceededBF1AC999>"]
        assert aws.ending is None

    def test_failed(self) -> None:
        aws = aws_with(one(details="Failed", exit_code=3, stdout="at work\n", stderr="no disk\nno hope\n"))
        notice = aws.notice(task("Plain"))
        assert notice["outcome"] == "failed"
        assert "web-1 (i-01234567): Failed, exit code 3\n    no disk\n    no hope" in notice["text"]
        assert "at work" in notice["text"]
        assert len(aws.published) == 2, "both topics are told"
        assert aws.ending is not None
        assert (aws.ending.error, aws.ending.cause) == ("ChatOps.RunFailed", notice["subject"])

    def test_error(self) -> None:
        aws = aws_with(one())
        aws.ssm.failing["sendCommand"] = StateError("Ssm.InvalidDocumentException", "x" * 5_000)
        notice = aws.notice(task("Plain"))
        assert (notice["outcome"], notice["error"]) == ("error", "Ssm.InvalidDocumentException")
        assert notice["cause"] == "x" * 1_000
        assert notice["cause"] in notice["text"]
        assert "result" not in notice
        assert aws.ending is not None
        assert aws.ending.error == "ChatOps.RunError"

    def test_error_without_a_cause(self) -> None:
        aws = aws_with(one())
        aws.ssm.failing["describeDocument"] = StateError("States.Timeout", None)
        notice = aws.notice(task("Plain"))
        assert (notice["outcome"], notice["error"], notice["cause"]) == ("error", "States.Timeout", "")

    @pytest.mark.parametrize("status", ["TIMED_OUT", "ABORTED", "FAILED"])
    def test_ended(self, status: str) -> None:
        event = {**TIMED_OUT, "detail": {**TIMED_OUT["detail"], "status": status}}  # type: ignore[dict-item]
        aws = aws_with(one())
        notice = aws.notice(task("Skip"), event)
        assert notice["outcome"] == "ended"
        assert notice["subject"] == f"Ops/Skip ended without a verdict: {status}"
        assert (notice["execution"], notice["id"], notice["error"]) == (OTHER_RUN, "at-2026-11-21T010000Z", status)
        assert (notice["started_at"], notice["scheduled_at"]) == ("", "")
        assert "may still be running" in notice["text"]
        assert aws.ssm.calls == [], "nothing runs"
        assert aws.ending is not None
        assert aws.ending.error == "ChatOps.RunEnded", "a success would count as one of the task's"

    @pytest.mark.parametrize("event", [ALARM, DELETED_ALARM_DESCRIPTION])
    def test_alarm(self, event: Any) -> None:
        aws = aws_with(one())
        notice = aws.notice(task("Skip"), event)
        assert (notice["outcome"], notice["alarm"]) == ("alarm", "NoSuccess")
        assert notice["reason"] == "Threshold Crossed: no datapoints"
        assert notice["reason"] in notice["text"]
        assert notice["subject"] == "Ops/Skip: NoSuccess"
        assert notice["execution"] == ""
        assert aws.ssm.calls == aws.calls[2:] == []
        assert aws.ending is not None
        assert aws.ending.error == "ChatOps.Alarm"

    def test_skipped(self) -> None:
        older = {"Name": "at-2026-11-21T010000Z", "StartDate": "2026-11-21T01:00:01.000Z"}
        aws = aws_with(one(), listings=[[older]])
        notice = aws.notice(task("Skip"))
        assert (notice["outcome"], notice["other"]) == ("skipped", "at-2026-11-21T010000Z")
        assert notice["other"] in notice["text"]
        assert aws.ending is not None
        assert aws.ending.error == "ChatOps.RunSkipped"

    @pytest.mark.parametrize("started_with", [{}, {"any": "thing"}, [], "x"])
    def test_started_by_hand(self, started_with: Any) -> None:
        notice = aws_with(one()).notice(task("Plain"), started_with)
        assert (notice["outcome"], notice["scheduled_at"]) == ("succeeded", "")
        assert "Started by hand, run a1b2c3." in notice["text"]

    @pytest.mark.parametrize("started_with", [None, {}, TIMED_OUT, ALARM])
    def test_has_what_the_contract_names(self, started_with: Any) -> None:
        notice = aws_with(one()).notice(task("Plain"), started_with)
        assert set(self.COMMON) <= set(notice)
        assert (notice["version"], notice["kind"]) == (run_notice.VERSION, run_notice.KIND)
        documented = set(run_notice.__doc__.split()) if run_notice.__doc__ else set()
        assert {f'"{name}":' for name in notice} <= documented


class TestMessage:
    def test_is_for_every_kind_of_subscription(self) -> None:
        aws = aws_with(one())
        notice = aws.notice(task("Plain"))
        (published,) = aws.published
        assert published["Message"] == {
            "default": notice["text"],
            "sms": notice["subject"],
            "sqs": published["Message"]["lambda"],
            "lambda": published["Message"]["sqs"],
        }
        assert published["Subject"] == notice["subject"]

    def test_a_task_without_targets_tells_nobody_and_ends_as_it_should(self) -> None:
        app, stack = new_stack()
        scheduled(stack, "Quiet", overlap=Overlap.ALLOW)
        definition = Synthesised.of(app, stack).definition("Quiet")
        for details, error in (("Success", None), ("Failed", "ChatOps.RunFailed")):
            aws = aws_with(one(details=details))
            assert aws.run(definition) == []
            assert (aws.ending and aws.ending.error) == error


class TestWhatCannotBeTold:
    @pytest.mark.parametrize("topic", ["<Failed", "<AlsoFailed"])
    @pytest.mark.parametrize("error", [REFUSED, StateError("States.Timeout", None)])
    def test_the_others_are_told_and_it_shows(self, topic: str, error: StateError) -> None:
        aws = aws_with(one(details="Failed"), untold={topic: error})
        (notice,) = aws.run(task("Plain"))
        assert notice["outcome"] == "failed"
        assert aws.ending is not None
        assert aws.ending.error == "ChatOps.NotTold"
        assert notice["subject"] in str(aws.ending.cause)
        assert (error.cause or error.error) in str(aws.ending.cause)

    def test_a_success_that_nobody_heard_of_is_no_success(self) -> None:
        aws = aws_with(one(), untold={"<Succeeded": REFUSED})
        assert aws.run(task("Plain")) == []
        assert aws.ending is not None
        assert aws.ending.error == "ChatOps.NotTold"

    def test_is_tried_again(self) -> None:
        aws = aws_with(one(details="Failed"), untold={"<Failed": REFUSED})
        aws.run(task("Plain"))
        assert [name for name, _ in aws.calls] == ["publish"] * 7


class TestNames:
    @pytest.mark.parametrize(
        "id", ["夜間バッチ", "it's {{nightly}}", 'a "quoted" one', "n" * 200, "Back\\slash", "$(x)%}"]
    )
    def test_whatever_a_task_is_called(self, id: str) -> None:
        app, stack = new_stack()
        scheduled(stack, id, overlap=Overlap.ALLOW, on_success=[sns.Topic(stack, "Told")])
        (definition,) = (
            one for name, one in Synthesised.of(app, stack).definitions().items() if one["StartAt"] == "What has come?"
        )
        aws = aws_with(one())
        notice = aws.notice(definition)
        assert notice["task"] == f"Ops/{id}"
        assert notice["outcome"] == "succeeded"
        assert variables_sent(aws)["CHATOPS_TASK"] == f"Ops/{id}"

    def test_an_error_in_another_script_is_told_in_ascii_where_it_has_to_be(self) -> None:
        event = {**ALARM, "detail": {**ALARM["detail"], "alarmName": "夜間\tアラーム" + "é" * 100}}  # type: ignore[dict-item]
        aws = aws_with(one())
        notice = aws.notice(task("Plain"), event)
        assert notice["alarm"].startswith("夜間"), "in the notice it is what it is"
        assert len(aws.published) == 2


def variables_sent(aws: FakeAws) -> dict[str, str]:
    (sent,) = aws.ssm.arguments("sendCommand")
    (encoded,) = sent["Parameters"][script_environment.PARAMETER]
    lines = b64decode(encoded, validate=True).decode().splitlines()
    return {name: b64decode(value).decode() for name, _, value in (line.partition("=") for line in lines)}


class TestEnvironment:
    @pytest.mark.parametrize(("started_with", "at"), [({"scheduled_at": SCHEDULED_AT}, SCHEDULED_AT), ({}, "")])
    def test_is_encoded_as_the_contract_says(self, started_with: dict[str, str], at: str) -> None:
        aws = aws_with(one())
        aws.run(task("Plain"), started_with)
        (sent,) = aws.ssm.arguments("sendCommand")
        variables = {"CHATOPS_TASK": "Ops/Plain", "CHATOPS_SCHEDULED_AT": at, "CHATOPS_REQUEST_ID": "a1b2c3"}
        assert sent["Parameters"]["Environment"] == [script_environment.encode(variables)]
        assert variables_sent(aws) == variables


class TestOutput:
    def test_is_the_end_of_what_the_first_three_failures_printed(self) -> None:
        found = [
            FakeInstance(f"i-{number:08x}", name=f"web-{number:02}", details="Failed", exit_code=number, stdout=text)
            for number, text in enumerate(["first" * 1_000 + "END"] * 30)
        ]
        notice = FakeAws(FakeSsm(found, signal=1)).notice(task("Plain"))
        shown = notice["result"]["instances"]
        assert [len(each.get("stdout", "")) for each in shown] == [2_000] * 3 + [0] * 17
        assert all(each["stdout"].endswith("END") and each["stdout_cut"] for each in shown[:3])
        assert [each["exit_code"] for each in shown] == list(range(20))
        assert "... and 10 more instances" in notice["text"]

    @pytest.mark.parametrize(
        ("stdout", "stderr", "expected"),
        [
            (3_000, 3_000, (1_000, 1_000)),
            (100, 3_000, (100, 1_900)),
            (3_000, 100, (1_900, 100)),
            (2_000, 0, (2_000, 0)),
            (0, 0, (0, 0)),
        ],
    )
    def test_two_kilobytes_are_shared_by_both_streams(
        self, stdout: int, stderr: int, expected: tuple[int, int]
    ) -> None:
        aws = aws_with(one(details="Failed", stdout="o" * stdout, stderr="e" * stderr))
        (told,) = aws.notice(task("Plain"))["result"]["instances"]
        assert (len(told["stdout"]), len(told["stderr"])) == expected
        assert (told["stdout_cut"], told["stderr_cut"]) == (stdout > expected[0], stderr > expected[1])

    def test_colours_and_control_characters_are_left_out(self) -> None:
        aws = aws_with(one(details="Failed", stdout="\x1b[1;31mred\x1b[0m\x00\x07 and\ttabs\r\nlines\x7f"))
        (told,) = aws.notice(task("Plain"))["result"]["instances"]
        assert told["stdout"] == "red and\ttabs\nlines"

    def test_of_a_success_nothing_is_told(self) -> None:
        aws = aws_with(one(stdout="all well"))
        assert "all well" not in json.dumps(aws.notice(task("Plain")))
        assert aws.ssm.arguments("getCommandInvocation") == []


# Every one of these takes most room somewhere: in UTF-8, in JSON, in JSON inside of JSON inside of JSON.
WORST = ["😀", "\x01", "\x1b", '"', "\\", "\n", "\t", "\u0085", "\u2028", "é", '\n\n\\"😀']


@pytest.mark.parametrize(
    ("worst", "count"), [*((worst, count) for worst in WORST for count in (1, 3)), ("\\", 50), ("😀", 300)], ids=ascii
)
def test_no_output_is_too_much(worst: str, count: int) -> None:
    """Neither for a state nor for a message: both hold 262,144 bytes, and what is over that, nothing can catch."""
    found = [
        FakeInstance(
            f"i-{number:017x}",
            name=f"{number:03}" + "n" * 252,
            details="Failed",
            exit_code=1,
            stdout=(worst * 24_000)[:24_000],
            stderr=(worst * 8_000)[:8_000],
        )
        for number in range(count)
    ]
    aws = FakeAws(FakeSsm(found, signal=1))
    notice = aws.notice(task("Plain"))
    assert notice["outcome"] == "failed"
    assert aws.execution is not None
    assert aws.execution.largest <= MOST_PAYLOAD


@pytest.mark.parametrize("worst", ['"', "\\", "é", "n"], ids=ascii)
@pytest.mark.parametrize("offline", [0, 299])
def test_no_name_is_too_much(worst: str, offline: int) -> None:
    name = (worst * 255)[:255]
    found = [
        FakeInstance(f"i-{number:017x}", name=name, details="Failed", stdout=worst * 24_000, stderr=worst * 8_000)
        for number in range(300 - offline)
    ]
    away = [FakeInstance(f"i-off{number:014x}", name=name, ping="ConnectionLost") for number in range(offline)]
    notice = FakeAws(FakeSsm([*found, *away], signal=1)).notice(task("Plain"))
    assert notice["outcome"] == "failed"
    assert (notice["result"]["failed"], notice["result"]["offline_count"]) == (300 - offline, offline)


def test_fifty_instances_of_2500_characters_of_four_bytes() -> None:
    found = [FakeInstance(f"i-{n:017x}", details="Failed", exit_code=1, stdout="😀" * 2_500) for n in range(50)]
    notice = FakeAws(FakeSsm(found, signal=1)).notice(task("Plain"))
    assert (notice["outcome"], notice["result"]["failed"]) == ("failed", 50)


def test_a_cause_is_not_too_much() -> None:
    aws = aws_with(one())
    aws.ssm.failing["describeDocument"] = StateError("Ssm.SsmException", '\\"' * 16_000)
    assert aws.notice(task("Plain"))["outcome"] == "error"


def test_targets_may_have_fifty_values_of_256_characters() -> None:
    app, stack = new_stack()
    values = [f"{number}".ljust(256, "v") for number in range(20)]
    scheduled(
        stack,
        "Wide",
        overlap=Overlap.ALLOW,
        targets=Ec2Targets.by_tag("Role", *values),
        on_failure=[sns.Topic(stack, "Told")],
        timeout=cdk.Duration.minutes(1),
    )
    definition = Synthesised.of(app, stack).definition("Wide")
    assert FakeAws(FakeSsm([])).notice(definition)["outcome"] == "failed"
    assert FakeAws(FakeSsm([one(takes=NEVER)])).notice(definition)["result"]["given_up"] is True
