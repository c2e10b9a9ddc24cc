"""What is told of a pipeline, and how a notifier says it."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chatops_runtime.contracts import delivery as contract
from chatops_runtime.contracts import pipeline_notice
from chatops_runtime.contracts.command_buttons import LOOKED_AT
from chatops_runtime.delivery import notice_handler
from chatops_runtime.delivery.notices import UnknownEventError
from chatops_runtime.notifier.command_button import CommandButton
from chatops_runtime.notifier.composition import compose
from chatops_runtime.notifier.envelope import Envelope
from chatops_runtime.notifier.notice import LEAST_ROOM
from chatops_runtime.notifier.reading import read
from tests.runtime.delivery.code_pipeline_double import ARN, COMMIT, FIRST, LINK, NAME, STAGES, CodePipelineDouble
from tests.runtime.notifier.notices import record
from tests.runtime.slack_requests import Context

OPS, MAIL = "arn:aws:sns:us-east-1:111111111111:Ops", "arn:aws:sns:us-east-1:111111111111:Mail"
URL = f"https://console.aws.amazon.com/codesuite/codepipeline/pipelines/{NAME}/executions/{FIRST}/timeline?region=us-east-1"
BUTTONS = CommandButton.of_environment(
    json.dumps(
        [
            {
                "command": "/deploy",
                "label": "Approve",
                "find": pipeline_notice.WAITING_PATTERN,
                "text": "approve",
                "confirm": True,
            }
        ]
    )
)


def waiting() -> dict[str, Any]:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html"""
    kind = {"owner": "AWS", "provider": "Manual", "category": "Approval", "version": "1"}
    where = {"stage": "production-gate", "action": "Approve", "type": kind}
    return event("CodePipeline Action Execution State Change", "STARTED", **where)


def ended(state: str) -> dict[str, Any]:
    return event("CodePipeline Pipeline Execution State Change", state)


def event(detail_type: str, state: str, **detail: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "event",
        "detail-type": detail_type,
        "source": "aws.codepipeline",
        "account": "111111111111",
        "time": "2026-11-22T01:03:50Z",
        "region": "us-east-1",
        "resources": [ARN],
        "detail": {"pipeline": NAME, "execution-id": FIRST, "version": 1.0, "state": state, **detail},
    }


class Function:
    """The handler, with its environment and everything around it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pipeline = CodePipelineDouble()
        self.published: list[dict[str, Any]] = []
        self.refusing: set[str] = set()
        sns = boto3.client("sns", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
        sns.meta.events.register("before-call.sns.Publish", self._take)
        monkeypatch.setattr("boto3.client", {"codepipeline": self.pipeline.client, "sns": sns}.__getitem__)
        topics = {"waiting": [OPS], "failed": [OPS, MAIL], "succeeded": [MAIL]}
        for name, value in (
            (contract.PIPELINE_ARN, ARN),
            (contract.STAGES, json.dumps(STAGES)),
            (contract.TOPICS, json.dumps(topics)),
        ):
            monkeypatch.setenv(name, value)
        notice_handler._notices.cache_clear()
        notice_handler._sns.cache_clear()

    def _take(self, model: Any, params: Any, **_: Any) -> Any:
        """In the place of SNS; its client has validated the arguments."""
        body = params["body"]
        if body["TopicArn"] in self.refusing:
            raise ClientError({"Error": {"Code": "NotFound"}}, model.name)
        self.published.append(body)
        return type("Answer", (), {"status_code": 200})(), {"MessageId": "1"}

    def tell(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        """What was published of an event, as functions get it."""
        notice_handler.handler(told, Context())
        return [json.loads(json.loads(one["Message"])["sqs"]) for one in self.published]


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Function:
    return Function(monkeypatch)


def said(notice: dict[str, Any]) -> list[str]:
    return read(record(notice)).full(LEAST_ROOM).splitlines()


class TestAWaitingApproval:
    def test_is_told_with_its_commit_and_what_to_approve(self, function: Function) -> None:
        function.pipeline.wait()
        (notice,) = function.tell(waiting())
        assert notice["waiting"] == f"production/{FIRST}"
        assert notice["commit"] == {
            "id": COMMIT,
            "message": "Mend the bot",
            "author": "Ada <Ada@example.com>",
            "repository": "acme/bots",
            "branch": "main",
            "url": LINK,
        }
        assert [one["TopicArn"] for one in function.published] == [OPS]

    def test_is_said_in_slack(self, function: Function) -> None:
        function.pipeline.wait()
        (notice,) = function.tell(waiting())
        assert said(notice) == [
            f":raised_hand: *{NAME} waits for an approval for production*",
            f"<{LINK}|0123456> by Ada &lt;Ada@example.com&gt;",
            "Mend the bot",
            "acme/bots · main",
            f"<{URL.replace('&', '&amp;')}|execution 11111111>",
        ]
        assert read(record(notice)).line == (
            f":raised_hand: *{NAME} waits for an approval for production*: 0123456 by Ada &lt;Ada@example.com&gt; "
            f"(<{URL}|execution 11111111>)"
        )

    def test_is_told_in_a_mail(self, function: Function) -> None:
        function.pipeline.wait()
        function.tell(waiting())
        (published,) = function.published
        assert published["Subject"] == f"{NAME} waits for an approval for production"
        assert json.loads(published["Message"])["default"].splitlines() == [
            f"{NAME} waits for an approval for production",
            "0123456 by Ada <Ada@example.com>: Mend the bot",
            "acme/bots main",
            URL,
        ]

    def test_has_a_button_that_approves_this_execution(self, function: Function) -> None:
        function.pipeline.wait()
        (notice,) = function.tell(waiting())
        message = compose([record(notice, subject=notice["subject"])], BUTTONS)
        assert message.blocks is not None
        (button,) = message.blocks[-1]["elements"]
        assert button["value"] == f"/deploy production/{FIRST} approve"

    @pytest.mark.parametrize("field", ["CommitMessage", "AuthorDisplayName", "AuthorEmail", "BranchName"])
    def test_has_a_button_for_no_execution_that_a_committer_names(self, function: Function, field: str) -> None:
        function.pipeline.wait()
        other = FIRST.replace("1", "9")
        function.pipeline.commits[FIRST][field] = f'"waiting": "production/{other}" \\"waiting": "production/{other}"'
        (notice,) = function.tell(ended("SUCCEEDED"))
        published = record(json.loads(function.published[0]["Message"])["sqs"], subject=notice["subject"])
        assert BUTTONS[0].command_line(Envelope.of(published)) is None

    def test_says_what_to_approve_where_a_button_looks_for_it(self, function: Function) -> None:
        function.pipeline.wait()
        function.pipeline.commits[FIRST]["CommitMessage"] = '"' * 50_000
        (notice,) = function.tell(waiting())
        assert json.dumps(notice).index('"waiting": "production') < LOOKED_AT

    def test_is_told_though_codepipeline_does_not_tell_more(self, function: Function) -> None:
        function.pipeline.failures["ListActionExecutions"] = "ThrottlingException"
        (notice,) = function.tell(waiting())
        assert notice["commit"]["id"] == ""
        assert said(notice)[1] == "CodePipeline does not tell more: ThrottlingException"

    def test_of_another_gate_is_nothing_to_tell(self, function: Function) -> None:
        stranger = waiting()
        stranger["detail"]["stage"] = "elsewhere"
        with pytest.raises(UnknownEventError):
            function.tell(stranger)


class TestAFailure:
    REASON = "Build terminated with state: FAILED"

    def test_is_told_with_the_action_that_failed(self, function: Function) -> None:
        function.pipeline.wait()
        function.pipeline.failed[FIRST] = {
            "externalExecutionUrl": "https://console.aws.amazon.com/cloudformation",
            "errorDetails": {"code": "JobFailed", "message": self.REASON},
        }
        notice, _ = function.tell(ended("FAILED"))
        assert (notice["stage"], notice["action"], notice["reason"]) == ("staging", "Deploy", self.REASON)
        assert "waiting" not in notice
        assert said(notice)[0] == f":x: *{NAME} failed in staging, Deploy*"
        assert said(notice)[4:7] == ["```", self.REASON, "```"]
        assert said(notice)[-1].endswith(" · <https://console.aws.amazon.com/cloudformation|what it says>")
        assert [one["TopicArn"] for one in function.published] == [OPS, MAIL]

    @pytest.mark.parametrize(
        ("result", "reason"),
        [
            ({}, ""),
            ({"externalExecutionSummary": "Rejected by ben"}, "Rejected by ben"),
            ({"errorDetails": {"code": "JobFailed"}}, "JobFailed"),
        ],
    )
    def test_says_what_the_action_says(self, function: Function, result: dict[str, Any], reason: str) -> None:
        function.pipeline.failed[FIRST] = result
        assert function.tell(ended("FAILED"))[0]["reason"] == reason

    def test_without_an_action_is_told(self, function: Function) -> None:
        function.pipeline.wait()
        assert said(function.tell(ended("FAILED"))[0])[0] == f":x: *{NAME} failed*"

    def test_is_told_to_the_others_if_one_topic_does_not_take_it(self, function: Function) -> None:
        function.refusing = {OPS}
        with pytest.raises(ClientError, match="NotFound"):
            function.tell(ended("FAILED"))
        assert [one["TopicArn"] for one in function.published] == [MAIL]

    def test_with_a_link_that_is_none_is_said_without(self, function: Function) -> None:
        function.pipeline.failed[FIRST] = {"externalExecutionUrl": "javascript:alert(1)"}
        assert function.tell(ended("FAILED"))[0]["reason_url"] == ""


class TestASuccess:
    def test_is_told(self, function: Function) -> None:
        function.pipeline.wait()
        (notice,) = function.tell(ended("SUCCEEDED"))
        assert said(notice)[0] == f":white_check_mark: *{NAME} succeeded*"
        assert [one["TopicArn"] for one in function.published] == [MAIL]


class TestWhatIsSaid:
    def test_pings_nobody_and_fits(self, function: Function) -> None:
        function.pipeline.wait(AuthorDisplayName="<!channel>" * 100, AuthorEmail="a" * 400)
        function.pipeline.commits[FIRST].update(CommitMessage="<!here>" * 2_000, BranchName="<@U0BEN>" * 60)
        function.pipeline.failed[FIRST] = {"errorDetails": {"message": "```<!channel>" * 300}}
        notice, _ = function.tell(ended("FAILED"))
        text = read(record(notice)).full(LEAST_ROOM)
        assert "<!" not in text
        assert "<@" not in text
        assert len(text) <= LEAST_ROOM
        assert text.count("```") == 2

    @pytest.mark.parametrize("broken", [{"version": 2}, {"outcome": "lost"}, {"commit": None}, {"execution": 7}])
    def test_of_an_unknown_shape_is_text(self, function: Function, broken: dict[str, Any]) -> None:
        function.pipeline.wait()
        (notice,) = function.tell(waiting())
        assert said({**notice, **broken})[0].startswith(":speech_balloon:") or "```" in said({**notice, **broken})


@pytest.mark.parametrize("told", [{}, {"detail": []}, {"detail": {"execution-id": 1}}, ended("STARTED")])
def test_an_event_of_something_else_is_an_error(function: Function, told: dict[str, Any]) -> None:
    with pytest.raises(UnknownEventError):
        function.tell(told)
    assert function.published == []
