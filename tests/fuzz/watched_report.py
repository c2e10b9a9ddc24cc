"""The report function, and what has to hold whatever a command's script or function came out with."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

import pytest

from chatops_runtime.report import handler as report_handler
from chatops_runtime.slack.web_client import WebClient
from tests.runtime.reports import report
from tests.runtime.slack_requests import RESPONSE_URL, TEAM, Context

if TYPE_CHECKING:
    from collections.abc import Iterator

_FRESH = "2999-01-01T00:00:00.000Z"  # the response_url is not over
_SECRETS = ("canary", "hooks.slack")
_LONGEST_TEXT = 40_000  # https://docs.slack.dev/changelog/2018-truncating-really-long-messages


class WatchedReport:
    """Reports to a recorder, and raises AssertionError when a promise is broken."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []

    def post(self, url: str, message: dict[str, Any]) -> None:
        assert url == RESPONSE_URL
        self.posted.append(message)

    def tell(self, outcome: dict[str, Any], **request: str) -> list[dict[str, Any]]:
        """The messages that `outcome` of a genuine command becomes."""
        self.posted.clear()
        printed, complained = io.StringIO(), io.StringIO()
        with redirect_stdout(printed), redirect_stderr(complained):
            answer = report_handler.handler({**report(outcome, **request), "started_at": _FRESH}, Context(60_000))
        json.dumps(answer)
        assert answer["done"]
        assert not complained.getvalue()
        for line in printed.getvalue().splitlines():
            json.loads(line)
        assert not [secret for secret in _SECRETS if secret in printed.getvalue()], printed.getvalue()
        assert self.posted, "nothing was said"
        for message in self.posted:
            assert 0 < len(message["text"]) <= _LONGEST_TEXT or message["blocks"]
            json.dumps(message).encode()
        return list(self.posted)


@contextmanager
def watched_report() -> Iterator[WatchedReport]:
    """The function without a bot token, and Slack as a recorder."""
    watched = WatchedReport()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("CHATOPS_TEAM_ID", TEAM)
        monkeypatch.setenv("CHATOPS_ENDPOINT", "Ops-Slack")
        monkeypatch.delenv("CHATOPS_BOT_TOKEN_PARAMETER", raising=False)
        monkeypatch.setattr(WebClient, "respond", lambda _, url, message: watched.post(url, message))
        report_handler._delivery.cache_clear()
        yield watched
        report_handler._delivery.cache_clear()
