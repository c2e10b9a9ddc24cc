"""The decide function: which clicks it takes, how it tells, what it logs."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.authorization import composition
from chatops_runtime.contracts import commands_table
from chatops_runtime.contracts.control import Handle
from chatops_runtime.decide import handler, telling
from chatops_runtime.decide.click import Click
from chatops_runtime.decide.history import Histories
from chatops_runtime.decide.looks import NotYetError
from chatops_runtime.decide.target import Target
from chatops_runtime.decide.telling import ResponseUrlRefusedError
from chatops_runtime.slack.web_client import SlackRefusedError, SlackRetryable
from tests.runtime.authorization.directory_double import DirectoryDouble
from tests.runtime.decide.clicks import APPROVAL, CHOICE, CLICK_URL, FUNCTION, HANDLE, REQUESTER, TABLE, click, request
from tests.runtime.decide.step_functions_double import EXECUTION, MACHINE, NONCE, StepFunctionsDouble, execution_arn
from tests.runtime.slack_requests import TEAM

CANARIES = ("canary", NONCE, CLICK_URL)


class Context:
    aws_request_id = "11111111-2222-3333-4444-555555555555"
    invoked_function_arn = FUNCTION


class Slack:
    """Stands for the WebClient: takes what is posted, or fails."""

    def __init__(self) -> None:
        self.directory = DirectoryDouble()
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.failures: list[Exception] = []

    def respond(self, response_url: str, message: dict[str, Any]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.posts.append((response_url, message))


class Function:
    """The function in this process, freshly initialised."""

    def __init__(self) -> None:
        self.aws = StepFunctionsDouble()
        self.slack = Slack()

    def __call__(self, event: dict[str, Any]) -> str:
        return handler.handler(event, Context())["outcome"]


@pytest.fixture
def function(tmp_path, monkeypatch):
    function = Function()
    (tmp_path / commands_table.FILE_NAME).write_text(commands_table.render(TABLE, refusals="Refusals"))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("CHATOPS_TEAM_ID", TEAM)
    clients = {"stepfunctions": function.aws, "ssm": function.aws.ssm}
    monkeypatch.setattr("boto3.client", lambda service, **_: clients[service])
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr(handler, "WebClient", lambda: function.slack)
    authorizer = function.slack.directory.authorizer()
    monkeypatch.setattr(handler, "authorizer", lambda *, gov: authorizer)
    for kept in (handler._commands, handler._telling, handler._answering, handler._cancelling):
        kept.cache_clear()
    handler._client.cache_clear()
    yield function
    composition.authorizer.cache_clear()


def waiting(function: Function, question: dict[str, Any]) -> Any:
    execution = function.aws.execution(request())
    execution.ask_and_wait(question)
    return execution


def line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (written,) = capsys.readouterr().out.splitlines()
    logged: dict[str, Any] = json.loads(written)
    return logged


def test_who_may_not_is_told_privately(function):
    waiting(function, APPROVAL)
    assert function(click("approve", "U0EVE")) == "not_allowed"
    ((url, message),) = function.slack.posts
    assert url == CLICK_URL
    assert (message["response_type"], message["replace_original"]) == ("ephemeral", False)


def test_an_approval_is_told_by_its_card(function):
    waiting(function, APPROVAL)
    assert function(click("approve", "U0ADA")) == "approved"
    assert function.slack.posts == []


def test_a_menu_gives_way_to_what_was_chosen(function):
    waiting(function, CHOICE)
    assert function(click("submit", selected=["app"])) == "chosen"
    ((_, message),) = function.slack.posts
    assert message["replace_original"] is True
    assert "the app" in message["text"]


def test_a_command_is_cancelled(function):
    function.aws.execution(request())
    assert function(click("cancel", value=f"v1:{MACHINE}:{EXECUTION}:")) == "cancelled"
    assert "StopExecution" in function.aws.calls
    assert function.slack.posts[0][1]["replace_original"] is True


@pytest.mark.parametrize("user_team_id", ["T0OTHER", "", "E0ORG"])
@pytest.mark.parametrize("action", ["approve", "deny", "cancel"])
def test_people_of_other_workspaces_decide_nothing_in_a_shared_channel(function, action, user_team_id):
    execution = waiting(function, {**APPROVAL, "by": {"kind": "workspace"}})
    assert function(click(action, "U0ADA", user_team_id=user_team_id)) == "not_allowed"
    assert function.aws.calls == []
    assert execution.answers == []
    assert "own workspace" in function.slack.posts[0][1]["text"]


@pytest.mark.parametrize(
    "changes",
    [
        {"response_url": CLICK_URL.replace("hooks.slack.com", "hooks.slack.com.example.org")},
        {"response_url": CLICK_URL.replace("hooks.slack.com", "169.254.169.254")},
        {"response_url": CLICK_URL.replace("https", "http")},
        {"response_url": CLICK_URL.replace(TEAM, "T0OTHER")},
        {"response_url": CLICK_URL + "?x=1"},
        {"response_url": ""},
        {"team_id": "T0OTHER"},
        {"team_id": "T0OTHER", "user_team_id": "T0OTHER"},
    ],
)
def test_a_click_that_dispatch_never_handed_on_does_nothing_and_posts_nothing(function, capsys, changes):
    execution = waiting(function, {**APPROVAL, "by": {"kind": "workspace"}})
    with pytest.raises(ResponseUrlRefusedError):
        function(click("approve", "U0ADA", **changes))
    assert execution.answers == []
    assert (function.aws.calls, function.slack.posts) == ([], [])
    assert line(capsys)["level"] == "ERROR"


def test_an_organisations_response_url_is_taken(function):
    waiting(function, APPROVAL)
    assert function(click("approve", "U0EVE", response_url=CLICK_URL.replace(TEAM, "E0ORG"))) == "not_allowed"


@pytest.mark.parametrize("changes", [{"version": 2}, {"kind": "say"}])
def test_what_is_no_click_of_this_version_is_refused(function, changes):
    with pytest.raises(ValueError, match="this code reads a click of version 1"):
        function(click("approve", **changes))


@pytest.mark.parametrize(
    "value",
    ["", "v1", HANDLE.replace("v1", "v2"), HANDLE.replace(MACHINE, "Other-Machine"), HANDLE + ":", f"{HANDLE}\n"],
)
def test_a_value_that_is_no_handle_of_this_endpoint_asks_aws_nothing(function, value):
    waiting(function, APPROVAL)
    assert function(click("approve", "U0ADA", value=value)) == "unknown"
    assert function.aws.calls == []


def test_slack_that_asks_for_a_short_pause_gets_it(function):
    waiting(function, APPROVAL)
    function.slack.failures = [SlackRetryable("HTTP 429", 2)]
    assert function(click("approve", "U0EVE")) == "not_allowed"
    assert len(function.slack.posts) == 1


@pytest.mark.parametrize(
    "failures",
    [
        [SlackRetryable("HTTP 503")],
        [SlackRetryable("HTTP 429", telling.LONGEST_PAUSE_SECONDS + 1)],
        [SlackRetryable("HTTP 429", 1), SlackRetryable("HTTP 429", 1)],
    ],
)
def test_slack_that_is_away_is_for_the_machine_to_wait_for(function, capsys, failures):
    execution = waiting(function, CHOICE)
    function.slack.failures = failures
    with pytest.raises(SlackRetryable):
        function(click("submit", selected=["app"]))
    assert len(execution.answers) == 1
    assert line(capsys)["outcome"] == "chosen"
    assert function(click("submit", selected=["app"])) == "chosen", "the same is told when it is tried again"
    assert len(execution.answers) == 1
    assert "the app" in function.slack.posts[0][1]["text"]


def test_a_click_that_slack_takes_no_answer_to_has_counted(function, capsys):
    execution = waiting(function, CHOICE)
    function.slack.failures = [SlackRefusedError("expired_url", 404)]
    assert function(click("submit", selected=["app"])) == "chosen"
    assert len(execution.answers) == 1
    logged = line(capsys)
    assert (logged["level"], logged["not_told"]) == ("WARN", "expired_url")


def test_trouble_that_may_pass_is_raised_for_the_machine_and_logged(function, capsys):
    function.aws.execution(request()).ask(APPROVAL)
    with pytest.raises(NotYetError):
        function(click("approve", "U0ADA"))
    logged = line(capsys)
    assert (logged["level"], logged["outcome"], logged["error"]) == ("ERROR", "failed", "NotYetError")


def test_the_log_line_has_ids_and_the_outcome(function, capsys):
    waiting(function, APPROVAL)
    function(click("approve", "U0ADA"))
    logged = line(capsys)
    del logged["milliseconds"]
    assert logged == {
        "level": "INFO",
        "event": "click",
        "id": "fedcba9876543210" * 4,
        "action": "chatops.approve",
        "command": "/ops restart",
        "execution": EXECUTION,
        "user_id": "U0ADA",
        "channel_id": "C0OPS",
        "request_id": Context.aws_request_id,
        "outcome": "approved",
    }


@pytest.mark.parametrize("action", ["approve", "deny", "confirm", "decline", "submit", "cancel"])
@pytest.mark.parametrize("question", [APPROVAL, CHOICE, None])
@pytest.mark.parametrize("user_id", [REQUESTER, "U0ADA", "U0EVE"])
def test_no_log_line_has_a_token_a_nonce_a_url_or_what_somebody_chose(function, capsys, question, action, user_id):
    execution = function.aws.execution(request())
    if question:
        execution.ask_and_wait(question)
    changes = {"selected": ["canary-choice"], "switched_off": "canary-words"}
    function(click(action, user_id, **changes))
    function.slack.failures = [SlackRetryable("HTTP 503")]
    function.aws.failures = [RuntimeError("canary-token-0")]
    with suppress(SlackRetryable, RuntimeError):
        function(click(action, user_id, **changes))
    logged = capsys.readouterr().out
    assert len(logged.splitlines()) == 2
    assert not [canary for canary in CANARIES if canary in logged]


def test_no_repr_has_a_secret(function):
    clicked = Click.from_event(click("approve"))
    execution = waiting(function, APPROVAL)
    target = Target.of(HANDLE, TABLE, FUNCTION)
    assert target is not None
    turn = Histories(function.aws).question(target).open_turn
    assert turn is not None
    assert turn.token in execution.tokens
    assert not [canary for canary in CANARIES if canary in repr((clicked, turn, target))]


NAMES = st.text(st.sampled_from("abcXYZ019-_:/*. \n"), max_size=12)


@given(machine=st.one_of(NAMES, st.sampled_from([MACHINE, "Ops-Ps"])), execution=NAMES, nonce=NAMES)
def test_a_target_is_always_an_execution_of_this_endpoint_in_the_functions_account(machine, execution, nonce):
    target = Target.of(f"v1:{machine}:{execution}:{nonce}", TABLE, FUNCTION)
    if target is None:
        handle = Handle.parse(f"v1:{machine}:{execution}:{nonce}")
        assert handle is None or handle.machine not in {MACHINE, "Ops-Ps"}
    else:
        assert target.execution_arn == execution_arn(machine, execution)
        assert target.entry == TABLE[target.command]
        assert target.execution_arn.count(":") == 7
