"""The rules on endings and the machine that they start, on events as AWS documents them; and dead letters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatops_constructs import RunScript
from chatops_runtime.contracts import audit
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from tests.constructs.event_patterns import matches
from tests.constructs.fake_ssm import FakeSsm
from tests.constructs.stacks import WEB, Synthesised, add, endpoint, new_stack, text_of
from tests.constructs.states_language import Execution, StateError
from tests.constructs.test_endpoint_audit import OF_THE_REQUEST, REQUEST

EXECUTION_ARN = "arn:aws:states:us-east-1:123456789012:execution:Ops_Slack_Commands_Ps_Machine:a1b2c3"


@pytest.fixture(scope="module")
def synthesised() -> Synthesised:
    app, stack = new_stack()
    slack = endpoint(stack)
    for number in range(11):
        add(slack, f"/ps-{number}", RunScript("ps", targets=WEB))
    return Synthesised.of(app, stack)


def patterns(synthesised: Synthesised) -> list[dict[str, Any]]:
    rules = [rule for id, rule in synthesised.resources("Events::Rule").items() if "Endings" in id]
    return [json.loads(json.dumps(as_texts(rule["EventPattern"]))) for rule in rules]


def as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) & {"Fn::Join", "Ref", "Fn::GetAtt"}:
            return text_of(value)
        return {key: as_texts(item) for key, item in value.items()}
    return [as_texts(item) for item in value] if isinstance(value, list) else value


def ended(status: str = "ABORTED", machine: str = "", **detail: Any) -> dict[str, Any]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html."""
    return {
        "version": "0",
        "id": "315c1398-40ff-a850-213b-158f73e60175",
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": "123456789012",
        "time": "2026-11-22T01:04:50Z",
        "region": "us-east-1",
        "resources": [EXECUTION_ARN],
        "detail": {
            "executionArn": EXECUTION_ARN,
            "stateMachineArn": machine,
            "name": "a1b2c3",
            "status": status,
            "startDate": 1_795_309_430_123,
            "stopDate": 1_795_309_438_456,
            "input": json.dumps(REQUEST),
            "output": None,
            "inputDetails": {"included": True},
            "outputDetails": None,
            "redriveCount": 0,
            "error": None,
            "cause": None,
            **detail,
        },
    }


class TestRules:
    def test_every_command_is_watched_once(self, synthesised: Synthesised) -> None:
        watched = [machine for one in patterns(synthesised) for machine in one["detail"]["stateMachineArn"]]
        names = {name for name in synthesised.definitions() if "_Slack_Commands_" in name}
        assert sorted(machine.rpartition(":")[2] for machine in watched) == sorted(names)
        assert len(patterns(synthesised)) == 2

    @pytest.mark.parametrize(
        ("status", "error", "matched"),
        [
            ("ABORTED", None, True),
            ("TIMED_OUT", "States.Timeout", True),
            ("FAILED", "States.Runtime", True),
            ("FAILED", "States.DataLimitExceeded", True),
            ("FAILED", "ChatOps.ActionFailed", False),
            ("FAILED", "ChatOps.CommandFailed", False),
            ("FAILED", "ChatOps.NotAudited", False),
            ("FAILED", "ChatOps.Undelivered", False),
            ("SUCCEEDED", None, False),
            ("RUNNING", None, False),
        ],
    )
    def test_what_was_not_told_matches(
        self, synthesised: Synthesised, status: str, error: str | None, matched: bool
    ) -> None:
        pattern = patterns(synthesised)[0]
        machine = pattern["detail"]["stateMachineArn"][0]
        assert matches(pattern, ended(status, machine, error=error)) is matched
        assert not matches(pattern, ended(status, "arn:aws:states:us-east-1:123456789012:stateMachine:Other"))

    def test_no_end_of_a_command_of_ours_would_start_it(self, synthesised: Synthesised) -> None:
        states = synthesised.definition("Commands_Ps0")["States"]
        errors = {state["Error"] for state in states.values() if state["Type"] == "Fail"}
        assert errors == {
            "ChatOps.ActionFailed",
            "ChatOps.CommandFailed",
            "ChatOps.NotAudited",
            "ChatOps.Undelivered",
        }

    def test_the_target_is_the_machine_with_a_role_and_a_dead_letter_queue(self, synthesised: Synthesised) -> None:
        (name,) = (name for name in synthesised.definitions() if "_Endings_" in name)
        for id, rule in synthesised.resources("Events::Rule").items():
            if "Endings" in id:
                (target,) = rule["Targets"]
                assert text_of(target["Arn"]).endswith(f":stateMachine:{name}")
                assert text_of(target["RoleArn"]).startswith("<SlackEndingsRole")
                assert text_of(target["DeadLetterConfig"]["Arn"]).startswith("<SlackDeadLetters")
        (statement,) = synthesised.statements("SlackEndingsRole")
        assert statement["Action"] == "states:StartExecution"
        assert text_of(statement["Resource"]).endswith(f":stateMachine:{name}")


class TestDeadLetters:
    def test_the_queue_takes_from_the_rules_alone_and_over_tls(self, synthesised: Synthesised) -> None:
        policy = synthesised.only("SQS::QueuePolicy")["PolicyDocument"]["Statement"]
        deny, allow = sorted(policy, key=lambda one: one["Effect"], reverse=True)
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert allow["Principal"] == {"Service": "events.amazonaws.com"}
        (pattern,) = (text_of(arn) for arn in allow["Condition"]["ArnLike"].values())
        rules = [rule["Name"] for id, rule in synthesised.resources("Events::Rule").items() if "Endings" in id]
        assert all(rule.startswith(pattern.rpartition("/")[2].removesuffix("*")) for rule in rules)
        assert pattern.endswith("-*")

    def test_it_is_encrypted_and_keeps_everything_for_14_days(
        self, synthesised: Synthesised, maximal: Synthesised
    ) -> None:
        queue = synthesised.only("SQS::Queue")
        assert (queue["SqsManagedSseEnabled"], queue["MessageRetentionPeriod"]) == (True, 14 * 24 * 3600)
        assert text_of(maximal.only("SQS::Queue", "SlackDeadLetters")["KmsMasterKeyId"]).startswith("<Key")

    def test_the_key_lets_the_rules_and_the_roles_use_it(self, maximal: Synthesised) -> None:
        statements = maximal.only("KMS::Key")["KeyPolicy"]["Statement"]
        (of_rules,) = (one for one in statements if one.get("Sid") == "AllowRulesToKeepEvents")
        assert of_rules["Principal"] == {"Service": "events.amazonaws.com"}
        assert list(of_rules["Condition"]["ArnLike"]) == ["aws:SourceArn"]
        assert [one["Action"] for one in maximal.statements("SlackTellingPolicy") if "kms" in str(one["Action"])]


class TestMachine:
    def run(self, synthesised: Synthesised, event: dict[str, Any], name: str = "a1b2c3-0", **failing: Any) -> FakeSsm:
        ssm = Endings(failing=failing)
        Execution(ssm, event, ssm.clock, name=name).run(synthesised.definition("Endings_Machine"))
        return ssm

    @pytest.mark.parametrize(
        ("status", "outcome"), [("ABORTED", "aborted"), ("TIMED_OUT", "timed_out"), ("FAILED", "failed")]
    )
    def test_leaves_the_line_and_tells(self, synthesised: Synthesised, status: str, outcome: str) -> None:
        event = ended(status, error="States.Runtime", cause="what happened")
        ssm = self.run(synthesised, event)
        assert ssm.audited == [
            {
                "version": audit.VERSION,
                "event": audit.EVENT,
                "id": "a1b2c3",
                "execution_arn": EXECUTION_ARN,
                **OF_THE_REQUEST,
                "started_at": "2026-11-22T01:03:50.123Z",
                "ended_at": "2026-11-22T01:03:58.456Z",
                "outcome": outcome,
                "error": "States.Runtime",
            }
        ]
        report = ssm.reported
        assert report["request"] == REQUEST
        assert report["outcome"] == {
            "status": "ended",
            "ended": status,
            "error": "States.Runtime",
            "cause": "what happened",
        }
        text = " ".join(message.text for message in render(Report.from_event(report), files=False).messages)
        assert "`a1b2c3`" in text

    def test_of_one_that_was_cancelled_says_by_whom(self, synthesised: Synthesised) -> None:
        ssm = self.run(synthesised, ended("ABORTED", error="ChatOps.Cancelled", cause="U012AB3CD"))
        (line,) = ssm.audited
        assert (line["outcome"], line["by"]) == ("cancelled", ["U012AB3CD"])

    def test_of_an_abort_without_a_reason(self, synthesised: Synthesised) -> None:
        assert self.run(synthesised, ended()).reported["outcome"]["error"] == ""

    def test_it_starts_itself_under_the_name_of_what_ended(self, synthesised: Synthesised) -> None:
        event = ended(redriveCount=2)
        ssm = self.run(synthesised, event, name="0b2c-made-by-eventbridge")
        (started,) = ssm.arguments("startExecution")
        assert started["Name"] == "a1b2c3-2"
        assert json.loads(started["Input"]) == event
        assert ssm.arguments("invoke") == []

    def test_a_second_event_is_left_to_the_first(self, synthesised: Synthesised) -> None:
        already = StateError("Sfn.ExecutionAlreadyExistsException", "")
        ssm = self.run(synthesised, ended(), name="another", startExecution=already)
        assert ssm.arguments("invoke") == []
        assert len(ssm.arguments("startExecution")) == 1

    def test_when_it_cannot_start_itself_it_tells_all_the_same(self, synthesised: Synthesised) -> None:
        denied = StateError("Sfn.SfnException", "not authorized")
        assert self.run(synthesised, ended(), name="another", startExecution=denied).reported["id"] == "a1b2c3"

    def test_without_the_input_the_report_is_kept(self, synthesised: Synthesised) -> None:
        event = ended(input=None, inputDetails={"included": False})
        cannot = StateError("KeyError", "version")
        ssm = Endings(failing={"invoke": cannot})
        with pytest.raises(StateError, match=r"ChatOps\.Undelivered.*KeyError"):
            Execution(ssm, event, ssm.clock, name="a1b2c3-0").run(synthesised.definition("Endings_Machine"))
        (letter,) = ssm.arguments("sendMessage")
        assert letter["MessageAttributes"]["kind"]["StringValue"] == "report"
        assert letter["MessageBody"]["execution_arn"] == EXECUTION_ARN


class Endings(FakeSsm):
    """With Step Functions."""

    def _start_execution(self, _: Any) -> Any:
        return {"ExecutionArn": "arn"}
