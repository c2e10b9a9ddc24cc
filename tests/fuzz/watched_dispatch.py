"""The dispatch function, and what has to hold of every answer that it gives, whatever it is asked."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import re
import tempfile
import time
from base64 import b64decode
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatops_runtime.contracts import commands_table, control
from tests.runtime.conftest import EVENTS, INTERACTIONS, MACHINES, TABLE, Dispatch, environment
from tests.runtime.slack_requests import SECRET, TEAM, Context

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPED = "canaryTyped"
"""A part of whatever the tests type: no log may have it."""

SECRETS = (SECRET, "canary", "hooks.slack")
"""Parts of secrets: the signing secret, and what the doubles call a token, a key or a response_url."""

WATCHED_TABLE: dict[str, Any] = {
    **TABLE,
    "/arguments": {
        **TABLE["/say"],
        "machine": "Ops-Arguments",
        "arguments": [
            {"name": "service", "kind": "choice", "required": True, "choices": ["nginx", "app"]},
            {"name": "count", "kind": "integer", "required": False, "least": 1, "most": 9},
            {"name": "force", "kind": "flag", "required": False},
            {"name": "why", "kind": "text", "required": False, "rest": True},
        ],
    },
}

_STATUSES = {200, 400, 401, 403, 405, 413}
_ECHOES = {"unknown_command", "usage"}  # these tell the one who typed it what it was
_CHALLENGE = "url_verification"  # and this answers with what Slack sent
_UNDERSTOOD = "/arguments"  # and this one's acknowledgement, what it means
_OWN_RESPONSE_URL = re.compile(
    rf"https://hooks\.slack(-gov)?\.com/(commands|actions|app-actions)/({TEAM}|E[A-Z0-9]+)(/[\w-]+)+", re.ASCII
)
_LONGEST_TEXT = 4_000  # https://docs.slack.dev/changelog/2018-truncating-really-long-messages


_TABLE = commands_table.render(
    WATCHED_TABLE, refusals="Refusals", decisions="Decisions", events=EVENTS, interactions=INTERACTIONS
)


@dataclass(frozen=True)
class Watched:
    """One request: the HTTP answer, its line in the log, and the executions that it started."""

    status: int
    outcome: str
    message: dict[str, str] | None
    started: list[dict[str, Any]]
    decided: list[dict[str, Any]]


class WatchedDispatch:
    """Asks the function, and raises AssertionError when its answer breaks a promise."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    def ask(self, event: Any) -> Watched:
        """What came of `event`, which holds all that is promised of any event."""
        aws = self._dispatch.aws
        aws.calls.clear()
        aws.headers.clear()
        aws.executions.clear()
        printed, complained = io.StringIO(), io.StringIO()
        with redirect_stdout(printed), redirect_stderr(complained):
            answer = self._dispatch.module.handler(event, Context())
        assert not complained.getvalue(), "something was written past the log"
        (line,) = printed.getvalue().splitlines()
        logged = json.loads(line)
        assert logged["event"] == "request"
        assert logged["status"] == answer["statusCode"]
        watched = Watched(
            answer["statusCode"], logged["outcome"], _message(answer), self._dispatch.started, self._dispatch.decided
        )
        genuine = is_genuine(event)
        _check_what_is_told(line, json.dumps(answer), event, echoes=_echoes(watched))
        if not genuine:
            assert not watched.started + watched.decided, "a request that Slack did not sign started something"
            assert watched.status != 200 or watched.outcome == "ssl_check", "a stranger was answered as Slack is"
        assert watched.outcome != "internal_error", f"an exception came to the handler: {line}"
        _check_what_started(watched)
        _check_what_is_decided(watched)
        return watched


@contextmanager
def watched_dispatch() -> Iterator[WatchedDispatch]:
    """The function, freshly initialised, with its table, its environment and a double of AWS."""
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as monkeypatch,
        environment(Path(folder), monkeypatch, _TABLE) as aws,
        redirect_stdout(io.StringIO()) as printed,
    ):
        watched = WatchedDispatch(Dispatch(aws))
        assert not printed.getvalue(), f"the function did not start as it should: {printed.getvalue()}"
        yield watched


def is_genuine(event: Any) -> bool:
    """Whether Slack signed the request, told by other means than the function's own."""
    try:
        body = event["body"]
        raw = b64decode(body) if event.get("isBase64Encoded") is True else body.encode()
        headers = {name.lower(): value for name, value in event["headers"].items()}
        timestamp, signature = headers["x-slack-request-timestamp"], headers["x-slack-signature"]
        digest = hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + raw, hashlib.sha256).hexdigest()
        in_time = abs(int(timestamp) - time.time()) <= 301
        return in_time and signature == f"v0={digest}" and event["requestContext"]["http"]["method"] == "POST"
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return False


def _message(answer: dict[str, Any]) -> dict[str, str] | None:
    """Slack's message in the answer, if it has one; the answer is one that Lambda's HTTP front ends take."""
    assert answer["statusCode"] in _STATUSES
    assert set(answer) == {"statusCode", "headers", "body"}
    headers, body = answer["headers"], answer["body"]
    assert isinstance(body, str)
    assert all(isinstance(value, str) and value.isprintable() for value in headers.values())
    assert (headers.get("allow") == "POST") == (answer["statusCode"] == 405)
    if headers["content-type"] == "text/plain; charset=utf-8":
        assert body.isascii()
        assert len(body) < 30
        return None
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert answer["statusCode"] == 200
    message: dict[str, str] = json.loads(body)
    if set(message) == {"challenge"} or message.get("response_action") == "update":
        return None
    assert set(message) == {"response_type", "text"}
    assert message["response_type"] in {"in_channel", "ephemeral"}
    assert 0 < len(message["text"]) <= _LONGEST_TEXT
    message["text"].encode()  # no half of a surrogate pair
    assert not re.search(r"<[!@#](?![A-Z0-9]+>)", message["text"]), "what was typed became Slack's markup"
    return message


def _echoes(watched: Watched) -> bool:
    is_understood = [execution["input"]["command"] for execution in watched.started] == [_UNDERSTOOD]
    return watched.outcome in {*_ECHOES, _CHALLENGE} or is_understood


def _check_what_is_told(line: str, answer: str, event: Any, *, echoes: bool) -> None:
    for text in [line] if echoes else [line, answer]:
        found = [secret for secret in (*SECRETS, TYPED, *_signatures(event)) if secret in text]
        assert not found, f"{found} was told"
    assert SECRET not in answer


def _signatures(event: Any) -> list[str]:
    try:
        values = [value for name, value in event["headers"].items() if name.lower() == "x-slack-signature"]
    except (AttributeError, KeyError, TypeError):
        return []
    return [value for value in values if isinstance(value, str) and re.match("v0=[0-9a-f]{32}", value)]


def _check_what_started(watched: Watched) -> None:
    """At most one: the machine of a command that is allowed, or the one that writes down who was refused."""
    assert len(watched.started) <= 1
    assert watched.outcome != "started" or watched.started
    for execution in watched.started:
        assert re.fullmatch(r"[0-9a-f]{64}|Ev[A-Z0-9]{2,30}", execution["name"])
        if watched.outcome == "started" and execution["input"]["source"] in {"event", "interaction"}:
            _check_handler(execution)
        elif watched.outcome == "started":
            _check_command(execution)
        else:
            assert watched.outcome == execution["input"]["reason"]
            assert execution["stateMachineArn"] not in {MACHINES + entry["machine"] for entry in WATCHED_TABLE.values()}


def _check_command(execution: dict[str, Any]) -> None:
    """One that there is, for whom it is, and with Slack's own URL of this workspace."""
    request = execution["input"]
    entry = WATCHED_TABLE[request["command"]]
    assert execution["stateMachineArn"] == MACHINES + entry["machine"]
    assert request["team_id"] == TEAM
    field = {"workspace": "team_id", "channel": "channel_id", "user": "user_id"}[entry["allow"]["kind"]]
    assert request[field] in entry["allow"].get("ids", [TEAM])
    assert entry["accepts_text"] or not request["text"]
    assert _OWN_RESPONSE_URL.fullmatch(request["response_url"])
    assert request["arguments"].keys() <= {argument["name"] for argument in entry.get("arguments", ())}


def _check_handler(execution: dict[str, Any]) -> None:
    """One that there is, for whom it is; where it is answered is Slack's own URL of this workspace, or none."""
    request = execution["input"]
    entry = {"event": EVENTS, "interaction": INTERACTIONS}[request["source"]][request["command"]]
    assert execution["stateMachineArn"] == MACHINES + entry["machine"]
    assert request["team_id"] == TEAM
    assert entry["allow"]["kind"] != "user" or request["user_id"] in entry["allow"]["ids"]
    assert request["channel_id"] in entry.get("channels", [request["channel_id"]])
    assert not request["response_url"] or _OWN_RESPONSE_URL.fullmatch(request["response_url"])
    assert re.fullmatch(r"(\d{1,12}\.\d{1,8})?", request["thread_ts"])


def _check_what_is_decided(watched: Watched) -> None:
    """At most one: a click on a control of ours, or what is to be said of a button that runs a command."""
    assert len(watched.decided) <= 1
    assert (watched.outcome == "click") <= bool(watched.decided)
    for execution in watched.decided:
        content = execution["input"]
        assert content["id"] == execution["name"]
        assert content["team_id"] == TEAM
        assert _OWN_RESPONSE_URL.fullmatch(content["response_url"])
        if content["kind"] == "click":
            assert not watched.started
            assert content["action_id"] in control.DECIDED
            assert all(isinstance(value, str) for value in content["selected"])
        else:
            assert content["kind"] == "say"
            assert content["text"]
