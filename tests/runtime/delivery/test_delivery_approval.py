"""The function behind `/deploy`: who may approve what, and what CodePipeline is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chatops_runtime.authorization import patience
from chatops_runtime.command_function.slack_command import SlackCommand, User
from chatops_runtime.contracts import delivery as contract
from chatops_runtime.contracts import environment
from chatops_runtime.delivery import approval_handler
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable
from tests.runtime.delivery.code_pipeline_double import FIRST, NAME, SECOND, STAGES, CodePipelineDouble
from tests.runtime.slack_requests import Context

ADA, BEN = User("U0ADA", "ada"), User("U0BEN", "ben")
TOKEN = "xoxb-1-2-secret"


class SlackDouble:
    """users.lookupByEmail: https://docs.slack.dev/reference/methods/users.lookupByEmail."""

    def __init__(self) -> None:
        self.users = {"ada@example.com": "U0ADA", "ben@example.com": "U0BEN"}
        self.troubles: list[Exception] = []
        self.asked: list[str] = []

    def call(self, api: str, method: str, token: str, **arguments: str) -> dict[str, Any]:
        assert (api, method, token) == ("https://slack.com/api/", "users.lookupByEmail", TOKEN)
        self.asked.append(arguments["email"])
        if self.troubles:
            raise self.troubles.pop(0)
        user = self.users.get(arguments["email"].casefold())
        if user is None:
            raise SlackRefusedError("users_not_found", 200)
        return {"ok": True, "user": {"id": user}}


class Function:
    """The handler, with its environment and everything around it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.pipeline = CodePipelineDouble()
        self.slack = SlackDouble()
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        monkeypatch.setattr("boto3.client", lambda _: self.pipeline.client)
        monkeypatch.setattr(approval_handler, "WebClient", lambda: self.slack)
        monkeypatch.setattr(approval_handler, "BotToken", lambda name: BotToken(name, read=lambda _: TOKEN))
        monkeypatch.setattr("time.sleep", lambda _: None)
        self.configure()

    def configure(self, *, people: dict[str, str] | None = None, self_approval: str = "refused", token: bool = True):
        variables = {
            contract.PIPELINE: NAME,
            contract.STAGES: json.dumps(STAGES),
            contract.PEOPLE: json.dumps(people or {}),
            contract.SELF_APPROVAL: self_approval,
            environment.BOT_TOKEN_PARAMETER: "/ops/slack-bot-token" if token else "",
        }
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)
        approval_handler._pipeline.cache_clear()
        approval_handler._authors.cache_clear()

    def say(self, text: str, user: User = BEN) -> dict[str, Any]:
        command = SlackCommand.for_test(text, command="/deploy", user=user)
        event = {
            "version": 1,
            "command": command.command,
            "text": command.text,
            "user": {"id": user.id, "name": user.name},
            "channel": {"id": "C0", "name": "ops"},
            "team_id": "T0",
            "request_id": "r1",
        }
        return approval_handler.handler(event, Context())

    def log(self) -> dict[str, Any]:
        (line,) = self._capsys.readouterr().out.splitlines()
        assert TOKEN not in line
        parsed: dict[str, Any] = json.loads(line)
        return parsed


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Function:
    return Function(monkeypatch, capsys)


def refused(function: Function, reply: dict[str, Any], why: str) -> str:
    """Told to whoever asked alone, and nothing was answered."""
    assert reply["visible"] == "user"
    assert function.pipeline.given == []
    assert function.log()["why"] == why
    text: str = reply["mrkdwn"]
    return text


class TestAnApproval:
    def test_is_given_with_the_token_of_what_waits(self, function: Function) -> None:
        token = function.pipeline.wait()
        reply = function.say("approve production")
        assert function.pipeline.given == [
            {
                "pipelineName": NAME,
                "stageName": "production-gate",
                "actionName": "Approve",
                "result": {"summary": "Approved by ben in Slack (U0BEN)", "status": "Approved"},
                "token": token,
            }
        ]
        assert reply == {
            "mrkdwn": ":white_check_mark: <@U0BEN> approved `0123456` by Ada &lt;Ada@example.com&gt; (Mend the bot) "
            "for *production* (execution `11111111`)"
        }
        line = function.log()
        assert (line["outcome"], line["by"], line["author"], line["execution"]) == ("approved", "U0BEN", "U0ADA", FIRST)
        assert token not in json.dumps(line)

    def test_is_given_to_the_execution_that_was_shown(self, function: Function) -> None:
        function.pipeline.wait()
        function.say(f"production/{FIRST} approve")
        assert len(function.pipeline.given) == 1

    def test_of_an_old_button_is_none_of_a_newer_execution(self, function: Function) -> None:
        function.pipeline.wait(execution=SECOND)
        text = refused(function, function.say(f"production/{FIRST} approve"), "another_execution")
        assert "`11111111` does not wait" in text
        assert "`22222222` does" in text

    def test_says_why_it_was_given(self, function: Function) -> None:
        function.pipeline.wait()
        reply = function.say("approve production looked at <!channel>")
        assert function.pipeline.given[0]["result"]["summary"].endswith("(U0BEN): looked at <!channel>")
        assert "&lt;!channel&gt;" in reply["mrkdwn"]

    def test_of_nothing_is_refused(self, function: Function) -> None:
        text = refused(function, function.say("approve production"), "nothing_waits")
        assert "anything waits for an approval for *production*" in text

    def test_of_another_stage_than_the_one_that_waits_is_refused(self, function: Function) -> None:
        function.pipeline.wait("staging")
        refused(function, function.say("approve production"), "nothing_waits")

    @pytest.mark.parametrize("code", ["ApprovalAlreadyCompletedException", "InvalidApprovalTokenException"])
    def test_that_comes_second_is_told_so(self, function: Function, code: str) -> None:
        function.pipeline.wait()
        function.pipeline.failures["PutApprovalResult"] = code
        assert "somebody was faster" in refused(function, function.say("approve production"), "answered_before")

    def test_that_codepipeline_does_not_take_is_an_error(self, function: Function) -> None:
        function.pipeline.wait()
        function.pipeline.failures["PutApprovalResult"] = "AccessDeniedException"
        with pytest.raises(ClientError, match="AccessDenied"):
            function.say("approve production")
        line = function.log()
        assert (line["level"], line["outcome"]) == ("ERROR", "failed")

    def test_that_is_no_order_is_told_what_is_one(self, function: Function) -> None:
        reply = function.say("go production")
        assert reply["visible"] == "user"
        assert "Write `approve STAGE" in reply["mrkdwn"]
        assert function.pipeline.calls == []

    def test_does_not_fit_into_a_summary_and_is_cut(self, function: Function) -> None:
        function.pipeline.wait()
        function.say(f"approve production {'x' * 300}", User("U0BEN", "b" * 500))
        assert len(function.pipeline.given[0]["result"]["summary"]) <= contract.LONGEST_SUMMARY


class TestARejection:
    def test_needs_no_other_person(self, function: Function) -> None:
        function.pipeline.wait()
        reply = function.say("reject production too early", ADA)
        result = function.pipeline.given[0]["result"]
        assert result == {"summary": "Rejected by ada in Slack (U0ADA): too early", "status": "Rejected"}
        assert reply["mrkdwn"].startswith(":no_entry: <@U0ADA> rejected")
        assert function.slack.asked == []


class TestWhatSomebodyWrote:
    def test_is_not_approved_by_them(self, function: Function) -> None:
        function.pipeline.wait()
        text = refused(function, function.say("approve production", ADA), "own_commit")
        assert "is yours, and somebody else has to approve it" in text

    @pytest.mark.parametrize("key", ["ada@example.com", "ada"])
    def test_is_not_approved_by_them_by_the_map(self, function: Function, key: str) -> None:
        function.configure(people={key: "U0ADA"}, token=False)
        function.pipeline.wait()
        refused(function, function.say("approve production", ADA), "own_commit")
        function.say("approve production", BEN)
        assert len(function.pipeline.given) == 1
        assert function.slack.asked == []

    def test_the_map_goes_before_slack(self, function: Function) -> None:
        """With another address in Slack than in the commit, somebody would be two people."""
        function.slack.users["ada@example.com"] = "U0SOMEBODY"
        function.configure(people={"ada": "U0ADA"})
        function.pipeline.wait()
        refused(function, function.say("approve production", ADA), "own_commit")

    def test_of_an_author_with_two_users_is_not_approved(self, function: Function) -> None:
        function.configure(people={"ada": "U0ADA", "ada@example.com": "U0BEN"})
        function.pipeline.wait()
        text = refused(function, function.say("approve production", User("U0CY", "cy")), "author_unknown")
        assert "names two users" in text

    def test_of_an_unknown_author_is_not_approved(self, function: Function) -> None:
        function.pipeline.wait(AuthorEmail="12+ada@users.noreply.github.com", AuthorId="ada")
        text = refused(function, function.say("approve production"), "author_unknown")
        assert "add it to `people`" in text.replace("ˋ", "`")
        assert "12+ada@users.noreply.github.com" in text

    def test_of_an_author_without_an_address_is_not_approved(self, function: Function) -> None:
        function.pipeline.wait(AuthorDisplayName="Ada")
        text = refused(function, function.say("approve production"), "author_unknown")
        assert "does not say who wrote this commit" in text

    def test_without_a_bot_token_and_a_map_is_not_approved(self, function: Function) -> None:
        function.configure(token=False)
        function.pipeline.wait()
        assert "is not in" in refused(function, function.say("approve production"), "author_unknown")

    def test_is_not_approved_if_slack_does_not_tell(self, function: Function) -> None:
        function.slack.troubles = [SlackRefusedError("missing_scope", 200)]
        function.pipeline.wait()
        text = refused(function, function.say("approve production"), "author_unknown")
        assert "missing_scope" in text
        assert "users:read.email" in text

    def test_is_not_approved_while_slack_is_away(self, function: Function) -> None:
        function.slack.troubles = [SlackRetryable("HTTP 503"), SlackRetryable("HTTP 503")]
        function.pipeline.wait()
        assert "Try again" in refused(function, function.say("approve production"), "slack_unavailable")

    def test_slack_is_asked_twice(self, function: Function) -> None:
        function.slack.troubles = [SlackRetryable("HTTP 429", patience.PAUSE_SECONDS)]
        function.pipeline.wait()
        function.say("approve production")
        assert len(function.pipeline.given) == 1

    def test_an_answer_without_a_user_is_none(self, function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(function.slack, "call", lambda *_, **__: {"ok": True})
        function.pipeline.wait()
        refused(function, function.say("approve production"), "author_unknown")

    def test_by_a_machine_may_be_approved_by_everybody(self, function: Function) -> None:
        function.configure(people={"renovate[bot]": contract.AUTOMATION})
        function.pipeline.wait(AuthorDisplayName="renovate[bot]", AuthorId="Renovate[bot]")
        function.say("approve production", ADA)
        assert len(function.pipeline.given) == 1

    def test_may_be_approved_by_them_where_that_is_allowed(self, function: Function) -> None:
        function.configure(self_approval=contract.ALLOWED)
        function.pipeline.wait(AuthorDisplayName="whoever")
        function.say("approve production", ADA)
        assert len(function.pipeline.given) == 1
        assert function.slack.asked == []

    def test_is_not_approved_if_codepipeline_does_not_tell_who_wrote_it(self, function: Function) -> None:
        function.pipeline.wait()
        function.pipeline.failures["ListActionExecutions"] = "ThrottlingException"
        with pytest.raises(ClientError):
            function.say("approve production")
        assert function.pipeline.given == []

    def test_is_found_on_the_last_page_of_actions(self, function: Function) -> None:
        function.pipeline.page = 1
        function.pipeline.wait()
        refused(function, function.say("approve production", ADA), "own_commit")


class TestTheStatus:
    def test_names_each_stage_and_how_to_approve(self, function: Function) -> None:
        function.pipeline.statuses["staging"] = ("Failed", SECOND)
        function.pipeline.wait()
        assert function.say("status")["mrkdwn"].splitlines() == [
            ":white_check_mark: *Source*: Succeeded (`11111111`)",
            ":x: *staging*: Failed (`22222222`)",
            ":white_circle: *staging-gate*: not reached yet",
            ":hourglass_flowing_sand: *production-gate*: InProgress (`11111111`)",
            ":raised_hand: `0123456` by Ada &lt;Ada@example.com&gt; (Mend the bot) waits for *production*: "
            f"`approve production/{FIRST}` or `reject production/{FIRST}`",
        ]
        assert function.log()["order"] == "status"

    def test_shows_what_a_committer_wrote_as_text(self, function: Function) -> None:
        function.pipeline.wait(AuthorDisplayName="<!channel> `x", AuthorEmail="a@b.c")
        function.pipeline.commits[FIRST]["CommitMessage"] = "<!here> *bold* `code\nmore"
        text = function.say("status")["mrkdwn"]
        assert "<!" not in text
        assert "more" not in text


def test_an_event_of_another_version_is_refused(function: Function) -> None:
    with pytest.raises(ValueError, match="version"):
        approval_handler.handler({"version": 2}, Context())
    assert function.log()["level"] == "ERROR"
