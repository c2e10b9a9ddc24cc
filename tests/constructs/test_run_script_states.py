"""The states of a RunScript command, run on made-up answers of Systems Manager."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import aws_cdk as cdk
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_constructs import RunScript, SlackCredentials
from chatops_runtime.contracts import report
from tests.constructs.fake_ssm import NEVER, FakeInstance, FakeSsm
from tests.constructs.stacks import WEB, Synthesised, add, endpoint, new_stack
from tests.constructs.states_language import MOST_PAYLOAD, TOKEN, Execution, StateError, bytes_of, machines_of

ESCAPE = "\x1b"
REQUEST: dict[str, Any] = {
    "version": 1,
    "command": "/ps",
    "text": "",
    "team_id": "T012AB3CD",
    "channel_id": "C0123OPS",
    "channel_name": "ops",
    "user_id": "U012AB3CD",
    "user_name": "taro",
    "response_url": "https://hooks.slack.com/commands/T012AB3CD/1/x",
    "visible": "user",
    "script_environment": "Q0hB",
}


def definition_of(action: RunScript) -> dict[str, Any]:
    app, stack = new_stack()
    credentials = SlackCredentials.from_parameters("/ops", bot_token=True)
    add(endpoint(stack, credentials=credentials), "/ps", action)
    return Synthesised.of(app, stack).definition("Ps_Machine")


@pytest.fixture(scope="module")
def definition() -> dict[str, Any]:
    return definition_of(RunScript("ps", targets=WEB))


def execute(definition: dict[str, Any], ssm: FakeSsm, request: dict[str, Any] = REQUEST) -> Execution:
    """The whole command, to its end, be that a bad one."""
    execution = Execution(ssm, request, ssm.clock)
    with suppress(StateError):
        execution.run(definition)
    assert ssm.reported, "whatever happens, it is reported"
    return execution


def result_of(definition: dict[str, Any], ssm: FakeSsm) -> dict[str, Any]:
    execute(definition, ssm)
    outcome = ssm.reported["outcome"]
    assert outcome["status"] == report.FINISHED, outcome
    result: dict[str, Any] = outcome["result"]
    return result


def instances(count: int, **details: Any) -> list[FakeInstance]:
    return [FakeInstance(f"i-{number:017x}", **details) for number in range(count)]


class TestOneInstance:
    def test_succeeds(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm([FakeInstance("i-01234567", name="web-1", stdout="hello\n", stderr="a warning\n")])
        execution = Execution(ssm, REQUEST, ssm.clock)
        execution.run(definition)
        assert execution.visited[-1] == "Succeeded"
        assert ssm.reported == {
            "version": 2,
            "id": "a1b2c3",
            "execution_arn": "arn:aws:states:us-east-1:123456789012:execution:Machine:a1b2c3",
            "started_at": "2026-11-22T01:03:50.123Z",
            "request": REQUEST,
            "said": 0,
            "tries": 0,
            "outcome": {
                "status": "finished",
                "result": {
                    "kind": "run_command",
                    "ok": True,
                    "targets": "Role=web",
                    "run_on": "ALL",
                    "success_if": "all",
                    "min_targets": 1,
                    "succeeded": 1,
                    "command_id": "c0ffee",
                    "command_status": "Success",
                    "timeout_seconds": 600,
                    "delivery_timeout_seconds": 60,
                    "log_group": "<RunCommandOutput1DB16FDE>",
                    "given_up": False,
                    "instances": [
                        {
                            "instance_id": "i-01234567",
                            "name": "web-1",
                            "status": "Success",
                            "exit_code": 0,
                            "stdout": "hello\n",
                            "stderr": "a warning\n",
                            "stdout_cut": False,
                            "stderr_cut": False,
                        }
                    ],
                    "online": 1,
                    "offline": [],
                },
            },
        }

    def test_is_sent_the_frozen_version_with_the_users_environment(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm(instances(1))
        execute(definition, ssm)
        (sent,) = ssm.arguments("sendCommand")
        assert sent == {
            "DocumentName": "<SlackCommandsPsDocumentFC08C1FA>",
            "DocumentVersion": "7",
            "InstanceIds": [f"i-{0:017x}"],
            "Targets": [],
            "Parameters": {"Environment": ["Q0hB"], "TaskToken": [TOKEN]},
            "TimeoutSeconds": 60,
            "MaxConcurrency": "100%",
            "MaxErrors": "100%",
            "CloudWatchOutputConfig": {
                "CloudWatchOutputEnabled": True,
                "CloudWatchLogGroupName": "<RunCommandOutput1DB16FDE>",
            },
            "Comment": "a1b2c3",
        }

    def test_that_fails_is_a_bad_result(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm([FakeInstance("i-01234567", details="Failed", exit_code=3)])
        execution = Execution(ssm, REQUEST, ssm.clock)
        with pytest.raises(StateError, match=r"ChatOps\.ActionFailed"):
            execution.run(definition)
        result = ssm.reported["outcome"]["result"]
        assert (result["ok"], result["instances"][0]["exit_code"]) == (False, 3)

    @pytest.mark.parametrize(
        ("details", "status"),
        [
            ("Execution Timed Out", "ExecutionTimedOut"),
            ("Delivery Timed Out", "DeliveryTimedOut"),
            ("Undeliverable",) * 2,
        ],
    )
    def test_blanks_in_a_status_are_taken_out(self, definition: dict[str, Any], details: str, status: str) -> None:
        # The user guide writes them with blanks, the API reference without.
        ssm = FakeSsm([FakeInstance("i-01234567", details=details, exit_code=-1)])
        result = result_of(definition, ssm)
        assert result["instances"][0]["status"] == status
        assert result["ok"] is False

    def test_a_success_of_the_command_is_not_believed(self, definition: dict[str, Any]) -> None:
        """Undeliverable does not count: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html."""
        ssm = FakeSsm([FakeInstance("i-1"), FakeInstance("i-2", details="Undeliverable", exit_code=-1)])
        assert result_of(definition, ssm)["ok"] is False


class TestNoInstance:
    def test_at_all(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm([])
        result = result_of(definition, ssm)
        assert (result["ok"], result["command_id"], result["instances"], result["offline"]) == (False, None, [], [])
        assert ssm.arguments("sendCommand") == []

    def test_online(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm([FakeInstance("i-1", ping="ConnectionLost", name="web-1"), FakeInstance("i-2", ping="Inactive")])
        result = result_of(definition, ssm)
        assert result["offline"] == [
            {"instance_id": "i-2", "name": "i-2", "status": "Inactive"},
            {"instance_id": "i-1", "name": "web-1", "status": "ConnectionLost"},
        ], "in the order of their names"
        assert ssm.arguments("sendCommand") == []


class TestManyInstances:
    @pytest.mark.parametrize("count", [2, 49, 50])
    def test_up_to_fifty_are_sent_to_by_id(self, definition: dict[str, Any], count: int) -> None:
        ssm = FakeSsm([*instances(count), FakeInstance("i-off", ping="ConnectionLost")])
        result = result_of(definition, ssm)
        (sent,) = ssm.arguments("sendCommand")
        assert (len(sent["InstanceIds"]), sent["Targets"]) == (count, [])
        assert len(result["instances"]) == count
        assert [one["instance_id"] for one in result["offline"]] == ["i-off"]
        assert result["ok"] is True, "who was offline before is named, but did not fail"

    @pytest.mark.parametrize("count", [51, 101])
    def test_more_are_sent_to_by_tag(self, definition: dict[str, Any], count: int) -> None:
        ssm = FakeSsm(instances(count))
        result = result_of(definition, ssm)
        (sent,) = ssm.arguments("sendCommand")
        assert (sent["InstanceIds"], sent["Targets"]) == ([], [{"Key": "tag:Role", "Values": ["web"]}])
        assert [one["instance_id"] for one in result["instances"]] == [one.instance_id for one in ssm.instances]
        assert len(ssm.arguments("describeInstanceInformation")) == -(-count // 50)

    def test_more_than_can_be_reported_on_are_refused_before_anything_runs(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm(instances(301))
        execute(definition, ssm)
        outcome = ssm.reported["outcome"]
        assert outcome["error"] == "ChatOps.TooManyInstances"
        assert "More than 300 instances match Role=web" in outcome["cause"]
        assert ssm.arguments("sendCommand") == []


class TestWaiting:
    def test_a_command_that_is_not_listed_yet(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm(instances(2, delivered=1, takes=1), lag=3)
        assert result_of(definition, ssm)["ok"] is True

    def test_invocations_that_are_not_all_listed_yet(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm(instances(60), missing=[60, 10, 1])
        result = result_of(definition, ssm)
        assert len(result["instances"]) == len({one["instance_id"] for one in result["instances"]}) == 60

    def test_invocations_that_never_come(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm(instances(3), missing=[1] * 1_000)
        assert len(result_of(definition, ssm)["instances"]) == 2
        assert len(ssm.arguments("listCommandInvocations")) == 10

    def test_what_is_over_at_once_is_reported_within_a_second(self, definition: dict[str, Any]) -> None:
        assert execute(definition, FakeSsm(instances(1))).clock.now == 1

    def test_a_command_that_never_ends_is_cancelled_after_its_limits(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm([FakeInstance("i-1", takes=NEVER, exit_code=-1)])
        execution = execute(definition, ssm)
        result = ssm.reported["outcome"]["result"]
        assert (result["given_up"], result["ok"]) == (True, False)
        assert ssm.arguments("cancelCommand") == [{"CommandId": "c0ffee"}]
        # 60 s to deliver, 600 s to run, a margin of 60 s, and the longest pause.
        assert 720 < execution.clock.now <= 780

    def test_a_success_at_the_last_moment_is_none_when_it_was_given_up(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm([FakeInstance("i-1", takes=NEVER, when_cancelled="Success")])
        assert result_of(definition, ssm)["ok"] is False

    @pytest.mark.parametrize("hours", [1, 8, 48])
    def test_the_history_has_room_for_all_looks(self, hours: int) -> None:
        """25,000 events: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html."""
        definition = definition_of(RunScript("ps", targets=WEB, timeout=cdk.Duration.hours(hours)))
        ssm = FakeSsm([FakeInstance("i-1", takes=NEVER)])
        execution = execute(definition, ssm)
        types = {name: state["Type"] for each in machines_of(definition) for name, state in each["States"].items()}
        # Entered, exited: 2; a task has scheduled, started and succeeded beside.
        events = sum(5 if types[name] == "Task" else 2 for name in execution.visited)
        # The output of each of 300 instances takes seven more.
        assert events + 300 * 7 <= 25_000
        assert execution.clock.now <= hours * 3_600 + 120 + max(60, hours * 3_600 / 2_200)
        assert execution.clock.now < definition["TimeoutSeconds"]


class TestSending:
    def test_that_is_not_answered_but_was_carried_out(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm(instances(1), unanswered=True)
        assert result_of(definition, ssm)["command_id"] == "c0ffee", "found by its comment"
        assert len(ssm.arguments("sendCommand")) == 1
        (looked,) = (one for one in ssm.arguments("listCommands") if "Filters" in one)
        assert looked["Filters"] == [
            {"Key": "DocumentName", "Value": "<SlackCommandsPsDocumentFC08C1FA>"},
            {"Key": "InvokedAfter", "Value": "2026-11-22T01:03:50Z"},
        ]

    def test_that_is_not_answered_nor_carried_out(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm(instances(1), unanswered=True, sent=False)
        execute(definition, ssm)
        assert ssm.reported["outcome"] == {
            "status": "failed",
            "error": "Ssm.SdkClientException",
            "cause": "Systems Manager did not answer SendCommand and lists no such command: it was probably not sent. "
            "connection reset",
        }
        assert len(ssm.arguments("sendCommand")) == 1

    @pytest.mark.parametrize(
        "call",
        [
            "describeDocument",
            "describeInstanceInformation",
            "sendCommand",
            "listCommands",
            "listCommandInvocations",
            "getCommandInvocation",
        ],
    )
    def test_what_is_denied_is_reported_by_its_name(self, definition: dict[str, Any], call: str) -> None:
        denied = StateError("Ssm.SsmException", "User: arn:role is not authorized to perform: this")
        ssm = FakeSsm(instances(1), failing={call: denied})
        execute(definition, ssm)
        assert ssm.reported["outcome"] == {"status": "failed", "error": denied.error, "cause": denied.cause}


class TestOutput:
    @pytest.mark.parametrize(("length", "cut"), [(0, False), (23_999, False), (24_000, True), (30_000, True)], ids=str)
    def test_of_one_instance(self, definition: dict[str, Any], length: int, cut: bool) -> None:
        ssm = FakeSsm([FakeInstance("i-1", stdout="x" * length)])
        (one,) = result_of(definition, ssm)["instances"]
        # With 24,000 characters nobody knows whether there were more.
        assert (len(one["stdout"]), one["stdout_cut"]) == (min(length, 24_000), cut)
        assert one["stderr_cut"] is False

    def test_that_the_agent_cut(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm([FakeInstance("i-1", stdout="日本" * 1_000 + "--output truncated--")])
        assert result_of(definition, ssm)["instances"][0]["stdout_cut"] is True

    def test_of_several_instances_is_shared(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm(instances(4, stdout="x" * 24_000, stderr="y" * 8_000))
        for one in result_of(definition, ssm)["instances"]:
            assert 5_000 < len(one["stdout"]) < 24_000
            assert 1_500 < len(one["stderr"]) < 8_000
            assert one["stdout_cut"]
            assert one["stderr_cut"]

    def test_emoji_are_not_cut_in_two(self, definition: dict[str, Any]) -> None:
        ssm = FakeSsm(instances(3, stdout="😀" * 24_000))
        assert set(result_of(definition, ssm)["instances"][0]["stdout"]) == {"😀"}

    @pytest.mark.parametrize("count", [1, 2, 50, 300])
    def test_the_worst_fits_into_a_payload(self, definition: dict[str, Any], count: int) -> None:
        """Control characters are six bytes in JSON; names are as long as EC2 and Slack let them be."""
        online = instances(count, name="n" * 255, stdout=ESCAPE * 24_000, stderr=ESCAPE * 8_000, details="Failed")
        text = "😀" * 4_000
        request = {**REQUEST, "text": text, "script_environment": "e" * int(16_000 * 16 / 9 + 1_000)}
        ssm = FakeSsm(online)
        execution = execute(definition, ssm, request)
        assert execution.largest <= MOST_PAYLOAD
        assert 200_000 < bytes_of(ssm.reported) <= MOST_PAYLOAD, "it is large, after all"

    def test_the_worst_with_most_offline(self, definition: dict[str, Any]) -> None:
        online = instances(1, name="n" * 255, stdout=ESCAPE * 24_000, stderr=ESCAPE * 8_000)
        offline = [FakeInstance(f"i-off-{number}", ping="ConnectionLost", name="n" * 255) for number in range(299)]
        ssm = FakeSsm([*online, *offline])
        execution = execute(definition, ssm)
        assert execution.largest <= MOST_PAYLOAD
        assert bytes_of(ssm.reported) <= MOST_PAYLOAD


@settings(max_examples=30, deadline=None)
@given(
    names=st.lists(st.sampled_from(["Online", "ConnectionLost", "Inactive"]), max_size=5),
    details=st.sampled_from(["Success", "Failed", "Undeliverable", "Execution Timed Out", "Something New"]),
)
def test_the_verdict_is_good_only_if_every_instance_succeeded(
    definition: dict[str, Any], names: list[str], details: str
) -> None:
    found = [FakeInstance(f"i-{number}", ping=ping, details=details) for number, ping in enumerate(names)]
    ssm = FakeSsm(found)
    result = result_of(definition, ssm)
    assert result["ok"] is ("Online" in names and details == "Success")
    assert len(result["instances"]) + len(result["offline"]) == len(names)
