"""The audit log: what is kept for how long, who may write to it, and that nobody of ours may take anything away."""

from __future__ import annotations

import json
import runpy
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from unittest import mock

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs

from chatops_constructs import RunScript
from chatops_runtime.contracts import audit
from tests.constructs.fake_ssm import FakeInstance, FakeSsm
from tests.constructs.stacks import ROOT, WEB, Synthesised, add, endpoint, new_stack, text_of
from tests.constructs.states_language import MACHINE_ARN, Execution, StateError

if TYPE_CHECKING:
    from pathlib import Path

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html: what takes lines
# away, or makes them unreadable, or lets somebody else do so.
TAKES_AWAY = (
    "logs:DeleteLogGroup",
    "logs:DeleteLogStream",
    "logs:DeleteRetentionPolicy",
    "logs:PutRetentionPolicy",
    "logs:PutLogGroupDeletionProtection",
    "logs:PutDataProtectionPolicy",
    "logs:AssociateKmsKey",
    "logs:DisassociateKmsKey",
)
APPS = [
    *sorted(ROOT.glob("examples/maximal/*.py")),
    *sorted(ROOT.glob("examples/*/app.py")),
]

REQUEST = {
    "version": 1,
    "command": "/ps",
    "text": 'what "was" typed',
    "team_id": "T012AB3CD",
    "channel_id": "C0123OPS",
    "channel_name": "ops",
    "user_id": "U012AB3CD",
    "user_name": "taro",
    "response_url": "https://hooks.slack.com/commands/T012AB3CD/1/secret",
    "visible": "user",
    "script_environment": "Q0hB",
}
OF_THE_REQUEST = {name: REQUEST[name] for name in audit.OF_THE_REQUEST}


@pytest.fixture(scope="module")
def synthesised() -> Synthesised:
    app, stack = new_stack()
    add(endpoint(stack), "/ps", RunScript("ps", targets=WEB))
    return Synthesised.of(app, stack)


def group_of(synthesised: Synthesised, part_of_id: str = "AuditLog") -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = (
        resource
        for id, resource in synthesised.template["Resources"].items()
        if resource["Type"] == "AWS::Logs::LogGroup" and part_of_id in id
    )
    return found


class TestKept:
    def test_for_a_year_beyond_the_stack_and_protected(self, synthesised: Synthesised) -> None:
        group = group_of(synthesised)
        assert group["Properties"] == {"RetentionInDays": 365, "DeletionProtectionEnabled": True}
        assert (group["DeletionPolicy"], group["UpdateReplacePolicy"]) == ("Retain", "Retain")
        (stream,) = (one for one in synthesised.template["Resources"].values() if one["Type"] == "AWS::Logs::LogStream")
        assert (stream["DeletionPolicy"], stream["UpdateReplacePolicy"]) == ("Retain", "Retain")

    def test_longer_if_wanted_and_encrypted(self, maximal: Synthesised) -> None:
        properties = group_of(maximal, "SlackAuditLog")["Properties"]
        assert properties["RetentionInDays"] == 3653
        assert text_of(properties["KmsKeyId"]).startswith("<Key")

    @pytest.mark.parametrize("retention", [logs.RetentionDays.ONE_DAY, logs.RetentionDays.SIX_MONTHS])
    def test_less_than_a_year_is_refused(self, stack: cdk.Stack, retention: logs.RetentionDays) -> None:
        with pytest.raises(ValueError, match=r"audit_retention is '\w+'; allowed: RetentionDays\.ONE_YEAR or more"):
            endpoint(stack, audit_retention=retention)

    def test_the_retention_of_an_existing_one_is_its_own(self) -> None:
        _, stack = new_stack()
        existing = logs.LogGroup(stack, "Existing")
        with pytest.raises(ValueError, match="audit_retention is 'TEN_YEARS'; allowed: nothing, with an existing"):
            endpoint(stack, audit_log_group=existing, audit_retention=logs.RetentionDays.TEN_YEARS)

    def test_in_a_log_group_that_was_passed_in(self, maximal: Synthesised) -> None:
        stream = maximal.only("Logs::LogStream", "Simple")
        assert text_of(stream["LogGroupName"]).startswith("<PassedAudit")
        assert not [id for id in maximal.resources("Logs::LogGroup") if id.startswith("SimpleAudit")]


class TestRights:
    @pytest.mark.parametrize("app", APPS, ids=lambda app: str(app.relative_to(ROOT / "examples")))
    def test_no_role_of_an_example_may_take_lines_away(self, app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(app.parent)
        statements = [one for template in templates_of(app) for one in statements_of(template)]
        assert takers(statements) == []

    def test_nor_one_of_the_largest_stack(self, maximal: Synthesised) -> None:
        statements = statements_of(maximal.template)
        assert len(statements) > 50
        assert takers(statements) == []

    @pytest.mark.parametrize("action", ["logs:DeleteLogStream", "logs:*", "*", "logs:Put*"])
    def test_the_test_sees_who_may(self, action: str) -> None:
        assert takers([{"Effect": "Allow", "Action": action, "Resource": "*"}])

    def test_a_line_may_be_written_to_the_stream_and_nowhere_else(self, synthesised: Synthesised) -> None:
        writers = [one for one in statements_of(synthesised.template) if one.get("Sid") == "WriteAuditLines"]
        assert len(writers) == 2, "of the commands and endings, and of refusals"
        for statement in writers:
            assert statement["Action"] == "logs:PutLogEvents"
            assert ":log-stream:<SlackAuditLogStream" in text_of(statement["Resource"])


class TestLine:
    def test_of_a_command(self, synthesised: Synthesised) -> None:
        assert lines(synthesised, "Success") == [
            {
                "version": audit.VERSION,
                "event": audit.EVENT,
                "id": "a1b2c3",
                "execution_arn": f"{MACHINE_ARN.replace(':stateMachine:', ':execution:')}:a1b2c3",
                **OF_THE_REQUEST,
                "started_at": "2026-11-22T01:03:50.123Z",
                "approved_by": [],
                "outcome": audit.SUCCEEDED,
            }
        ]

    def test_of_a_bad_result(self, synthesised: Synthesised) -> None:
        (line,) = lines(synthesised, "Failed")
        assert line["outcome"] == audit.BAD_RESULT

    def test_of_a_failure(self, synthesised: Synthesised) -> None:
        (line,) = lines(synthesised, "Success", sendCommand=StateError("Ssm.SsmException", "not authorized"))
        assert (line["outcome"], line["error"]) == (audit.FAILED, "Ssm.SsmException")

    def test_of_a_refusal(self, synthesised: Synthesised) -> None:
        ssm = FakeSsm()
        given = {"version": audit.VERSION, "id": "d4e5f6", "reason": "not_allowed", "request": REQUEST}
        Execution(ssm, given, ssm.clock, name="d4e5f6").run(synthesised.definition("Refusals_Machine"))
        assert ssm.audited == [
            {
                "version": audit.VERSION,
                "event": audit.EVENT,
                "id": "d4e5f6",
                **OF_THE_REQUEST,
                "started_at": "2026-11-22T01:03:50.123Z",
                "ended_at": "2026-11-22T01:03:50.123Z",
                "approved_by": [],
                "outcome": audit.REFUSED,
                "reason": "not_allowed",
            }
        ]


class TestNotWritten:
    THROTTLED = StateError("CloudWatchLogs.CloudWatchLogsException", "Rate exceeded")
    DENIED = StateError("CloudWatchLogs.AccessDeniedException", "not authorized")

    def test_it_is_tried_again(self, synthesised: Synthesised) -> None:
        ssm = FakeSsm([FakeInstance("i-01234567")], failing={"putLogEvents": [self.THROTTLED] * 4})
        run(synthesised, ssm)
        assert len(ssm.arguments("putLogEvents")) == 5
        assert ssm.clock.now < 60
        assert ssm.arguments("sendMessage") == []

    @pytest.mark.parametrize(("error", "tries"), [(THROTTLED, 5), (DENIED, 1)])
    def test_it_is_kept_and_the_user_is_told(self, synthesised: Synthesised, error: StateError, tries: int) -> None:
        ssm = FakeSsm([FakeInstance("i-01234567")], failing={"putLogEvents": error})
        with pytest.raises(StateError, match=r"ChatOps\.NotAudited"):
            run(synthesised, ssm)
        assert len(ssm.arguments("putLogEvents")) == tries
        assert ssm.reported["outcome"]["status"] == "finished"
        (letter,) = ssm.arguments("sendMessage")
        assert json.loads(letter["MessageBody"])["outcome"] == audit.SUCCEEDED
        assert letter["MessageAttributes"]["kind"]["StringValue"] == "audit"

    def test_when_that_fails_too_the_user_is_told(self, synthesised: Synthesised) -> None:
        ssm = FakeSsm(
            [FakeInstance("i-01234567")],
            failing={"putLogEvents": self.DENIED, "sendMessage": StateError("SQS.AmazonSQSException", "gone")},
        )
        with pytest.raises(StateError, match=r"ChatOps\.NotAudited"):
            run(synthesised, ssm)
        assert ssm.reported["outcome"]["status"] == "finished"

    def test_a_refusal_ends_badly_as_well(self, synthesised: Synthesised) -> None:
        ssm = FakeSsm(failing={"putLogEvents": self.DENIED})
        given = {"version": audit.VERSION, "id": "d4e5f6", "reason": "not_allowed", "request": REQUEST}
        with pytest.raises(StateError, match=r"ChatOps\.NotAudited"):
            Execution(ssm, given, ssm.clock).run(synthesised.definition("Refusals_Machine"))
        assert len(ssm.arguments("sendMessage")) == 1


def run(synthesised: Synthesised, ssm: FakeSsm) -> None:
    Execution(ssm, REQUEST, ssm.clock).run(synthesised.definition("Ps_Machine"))


def lines(synthesised: Synthesised, details: str, **failing: StateError) -> list[dict[str, Any]]:
    """The audit lines, without when they were written: `$now()` is the real time."""
    ssm = FakeSsm([FakeInstance("i-01234567", details=details)], failing=dict(failing))
    try:
        run(synthesised, ssm)
    except StateError as error:
        assert error.error.startswith("ChatOps.")  # noqa: PT017 - a command may end well as well
    for line in ssm.audited:
        assert "response_url" not in line
    return [{name: value for name, value in line.items() if name != "ended_at"} for line in ssm.audited]


def templates_of(app: Path) -> list[dict[str, Any]]:
    """The templates of an example."""
    made: list[cdk.App] = []
    init = cdk.App.__init__

    def noted(self: cdk.App, *arguments: Any, **options: Any) -> None:
        init(self, *arguments, **options)
        made.append(self)

    with mock.patch.object(cdk.App, "__init__", noted):
        runpy.run_path(str(app), run_name="__main__")
    (one,) = made
    return [stack.template for stack in one.synth().stacks_recursively]


def statements_of(template: dict[str, Any]) -> list[dict[str, Any]]:
    """Of roles, not of keys or buckets."""
    of_roles = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role")
    documents = [
        document
        for resource in template["Resources"].values()
        if resource["Type"] in of_roles
        for document in [
            resource["Properties"].get("PolicyDocument"),
            *(policy["PolicyDocument"] for policy in resource["Properties"].get("Policies", [])),
        ]
        if document
    ]
    return [statement for document in documents for statement in document["Statement"]]


def takers(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Statements that allow what takes lines away."""
    return [
        statement
        for statement in statements
        for pattern in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        if any(fnmatchcase(action.lower(), pattern.lower()) for action in TAKES_AWAY)
    ]
