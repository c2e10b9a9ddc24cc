"""The authorize function, with the Web API on the other side of the client."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatops_runtime.authorization import composition, handler, patience
from chatops_runtime.contracts import authorization as contract
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.web_client import SlackRetryable
from tests.runtime.authorization.directory_double import DirectoryDouble
from tests.runtime.slack_requests import TEAM, Context

TOKEN = "xoxb-canary-token"


class Client:
    """Stands for the WebClient; what it is asked it asks the double."""

    def __init__(self) -> None:
        self.directory = DirectoryDouble()
        self.apis: list[str] = []
        self.busy: list[SlackRetryable] = []

    def call(self, api: str, method: str, token: str, **arguments: str) -> dict[str, Any]:
        assert token == TOKEN
        self.apis.append(api)
        if self.busy:
            raise self.busy.pop(0)
        return self.directory.call(method, **arguments)


@pytest.fixture
def client(monkeypatch):
    client = Client()
    monkeypatch.setenv("CHATOPS_TEAM_ID", TEAM)
    monkeypatch.setenv("CHATOPS_BOT_TOKEN_PARAMETER", "/ops/slack-bot-token")
    monkeypatch.setattr(composition, "WebClient", lambda: client)
    monkeypatch.setattr(composition, "BotToken", lambda name: BotToken(name, read=lambda _name: TOKEN))
    composition.authorizer.cache_clear()
    yield client
    composition.authorizer.cache_clear()


@pytest.fixture
def pauses(monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    return pauses


def event(**changes: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "id": "0123456789abcdef" * 4,
        "rule": {"kind": "user_group", "ids": ["S0ADMINS"]},
        "user_id": "U0ADA",
        "channel_id": "C0123OPS",
        "team_id": TEAM,
        "arguments": {"reason": "canary-argument"},
        **changes,
    }


def test_a_member_of_the_group_may(client):
    assert handler.handler(event(), Context()) == {
        "allowed": True,
        "who_may": "members of `S0ADMINS`",
        "why": "",
        "detail": "",
    }


def test_others_may_not_and_are_told_who_may(client):
    assert handler.handler(event(user_id="U0TARO"), Context()) == {
        "allowed": False,
        "who_may": "members of `S0ADMINS`",
        "why": contract.NOT_ALLOWED,
        "detail": "",
    }


def test_the_log_line_says_who_and_what_came_of_it_and_nothing_else(client, capsys):
    handler.handler(event(user_id="U0TARO"), Context())
    written = capsys.readouterr().out
    line = json.loads(written)
    del line["milliseconds"]
    assert line == {
        "level": "INFO",
        "event": "authorization",
        "id": "0123456789abcdef" * 4,
        "outcome": "not_allowed",
        "user_id": "U0TARO",
        "channel_id": "C0123OPS",
        "request_id": Context.aws_request_id,
    }
    assert "canary" not in written


def test_slack_that_is_busy_for_a_moment_is_asked_once_more(client, pauses):
    client.busy = [SlackRetryable("HTTP 429", 3)]
    assert handler.handler(event(), Context())["allowed"]
    assert pauses == [3]


def test_slack_that_stays_away_lets_nobody(client, pauses, capsys):
    client.busy = [SlackRetryable("HTTP 503"), SlackRetryable("HTTP 503")]
    answer = handler.handler(event(), Context())
    assert (answer["allowed"], answer["why"]) == (False, contract.SLACK_UNAVAILABLE)
    assert pauses == [patience.PAUSE_SECONDS]
    assert json.loads(capsys.readouterr().out)["level"] == "WARN"


def test_nobody_waits_for_long(client, pauses):
    client.busy = [SlackRetryable("HTTP 429", patience.LONGEST_PAUSE_SECONDS + 1)]
    assert handler.handler(event(), Context())["why"] == contract.SLACK_UNAVAILABLE
    assert pauses == []


def test_without_a_bot_token_nobody_may(client, monkeypatch):
    monkeypatch.delenv("CHATOPS_BOT_TOKEN_PARAMETER")
    answer = handler.handler(event(), Context())
    assert (answer["allowed"], answer["why"]) == (False, contract.SLACK_REFUSED)
    assert "no bot token" in str(answer["detail"])


def test_govslack_has_a_web_api_of_its_own(client):
    handler.handler(event(gov=True), Context())
    handler.handler(event(), Context())
    assert client.apis == ["https://slack-gov.com/api/", "https://slack.com/api/"]


def test_another_workspace_is_none_of_its_business(client):
    with pytest.raises(handler.WrongTeamError):
        handler.handler(event(team_id="T0OTHER"), Context())
    assert client.apis == []


def test_another_version_is_refused(client):
    with pytest.raises(ValueError, match="version 2"):
        handler.handler(event(version=2), Context())
