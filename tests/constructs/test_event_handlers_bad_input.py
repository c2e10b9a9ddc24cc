"""Bad input to functions for events and interactions: the parameter, the value, what is allowed, what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chatops_constructs import (
    Allow,
    BotFunction,
    CommandFunction,
    InvokeFunction,
    SlackCommandEndpoint,
    SlackCredentials,
)
from tests.constructs.stacks import COMMANDS, endpoint, new_stack

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

BOTS = Path(__file__).parents[1] / "end_to_end" / "events" / "app" / "bots"


class Given:
    """An endpoint and a function."""

    def __init__(self, *, bot_token: bool = True) -> None:
        self.app, self.stack = new_stack()
        self.slack: SlackCommandEndpoint = endpoint(
            self.stack, credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=bot_token)
        )
        self.function: lambda_.IFunction = BotFunction(self.stack, "Answer", entry=BOTS, handler="helper.answer")

    def event(self, name: Any = "app_mention", **options: Any) -> None:
        own = {"description": "answers", "allow": Allow.workspace(), "function": self.function, **options}
        self.slack.add_event_handler(name, **own)

    def interaction(self, kind: Any = "block_actions", id: Any = "go", **options: Any) -> None:
        own = {"description": "goes", "allow": Allow.workspace(), "function": self.function, **options}
        self.slack.add_interaction_handler(kind, id, **own)


def refused(call: Any, *parts: str) -> None:
    with pytest.raises(ValueError, match=re.escape(parts[0])) as raised:
        call()
    text = str(raised.value)
    assert "SlackCommandEndpoint 'Ops/Slack'" in text
    assert [part for part in parts if part not in text] == []


@pytest.fixture
def given() -> Given:
    return Given()


@pytest.mark.parametrize(
    "name", ["App Mention", "@bot", "", "app_mention*", None, 7, "url_verification", "event_callback"]
)
def test_what_is_no_event(given: Given, name: Any) -> None:
    refused(
        lambda: given.event(name),
        "event is ",
        repr(name),
        "to which an app subscribes",
        "docs.slack.dev/reference/events",
    )


def test_an_event_of_which_the_scopes_are_not_known(given: Given) -> None:
    refused(lambda: given.event("call_rejected"), "event is 'call_rejected'", "app_mention, ", "scopes=[…]")
    given.event("call_rejected", scopes=["calls:read"])
    given.event("star_added", scopes=[])


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ({"channels": ["ops"]}, ("channels is 'ops'", "such as C0123OPS")),
        ({"subtypes": ["Message Changed"]}, ("subtypes is 'Message Changed'", "such as message_changed")),
        (
            {"subtypes": ["message_changed"]},
            ("subtypes is ['message_changed']", "those of messages only", "leave them out"),
        ),
        ({"scopes": ["everything please"]}, ("scopes is 'everything please'", "such as reactions:read")),
        ({"channels": "C0123OPS"}, ("channels is 'C0123OPS'", "a list of texts", "write ['C0123OPS']")),
        ({"scopes": "calls:read"}, ("scopes is 'calls:read'", "a list of texts", "write ['calls:read']")),
        ({"reply_in": "thread"}, ("reply_in is 'thread'", "ReplyIn.THREAD or ReplyIn.CHANNEL")),
        ({"from_bots": 1}, ("from_bots is 1", "True or False")),
        ({"description": " "}, ("description is ' '", "1 to 2000 characters", "what it does")),
        ({"allow": None}, ("allow is None", "Allow.workspace()")),
        ({"concurrency": "one"}, ("concurrency is 'one'", "Concurrency.MANY")),
    ],
)
def test_what_is_wrong_with_an_event(given: Given, options: dict[str, Any], parts: tuple[str, ...]) -> None:
    refused(lambda: given.event(**options), *parts)


def test_events_take_a_bot_token() -> None:
    refused(Given(bot_token=False).event, "credentials is 'no bot token'", "which answers them", "bot_token=True")


def test_a_rule_about_an_argument_fits_nothing_without_arguments(given: Given) -> None:
    refused(lambda: given.event(allow=Allow.workspace().when("stage", "dev")), "allow is ", "argument stage")


@pytest.mark.parametrize("what", ["a command's function", "an action", "a name", None])
def test_what_is_no_function_of_a_bot(given: Given, what: str | None) -> None:
    of_command = CommandFunction(given.stack, "Hello", entry=COMMANDS, handler="hello.hello")
    function = {"a command's function": of_command, "an action": InvokeFunction(of_command)}.get(what or "", what)
    refused(lambda: given.event(function=function), "function is ", "a BotFunction", "takes slash commands only")


def test_one_function_for_each(given: Given) -> None:
    given.event()
    refused(given.event, "handler is 'app_mention'", "one function for each event", "tell them apart")
    given.interaction(id="go_now")
    refused(lambda: given.interaction(id="go_now"), "handler is 'block_actions:go_now'", "one function for each")
    refused(lambda: given.interaction(id="go-now"), "construct id, OnBlockActionsGoNow", "letters and digits")


def test_after_synthesis_it_is_too_late(given: Given) -> None:
    given.app.synth()
    refused(given.event, "handlers before synthesis", "before app.synth()")


@pytest.mark.parametrize(
    ("kind", "id", "options", "parts"),
    [
        ("click", "go", {}, ("type is 'click'", "block_actions, shortcut, message_action, view_submission")),
        (None, "go", {}, ("type is None", "block_actions")),
        ("block_actions", "go now", {}, ("id is 'go now'", "'deploy_now' or 'deploy_*'")),
        ("block_actions", "go*now", {}, ("id is 'go*now'", "1 to 100 of")),
        ("block_actions", "", {}, ("id is ''", "1 to 100 of")),
        ("block_actions", "g" * 101, {}, ("id is 'ggg", "1 to 100 of")),
        ("block_actions", None, {}, ("id is None", "1 to 100 of")),
        ("block_actions", "chatops.approve", {}, ("id is 'chatops.approve'", "the library's own buttons")),
        ("block_actions", "chatops.*", {}, ("id is 'chatops.*'", "the library's own buttons")),
        ("shortcut", "page_*", {}, ("id is 'page_*'", "but for shortcuts")),
        ("shortcut", "page", {"title": "x" * 25}, ("title is 'xxx", "1 to 24 characters, for shortcuts only")),
        ("shortcut", "page", {"title": 7}, ("title is 7", "1 to 24 characters")),
        ("shortcut", "page", {"title": " "}, ("title is ' '", "1 to 24 characters")),
        ("block_actions", "go", {"title": "Go"}, ("title is 'Go'", "for shortcuts only")),
        ("block_actions", "go", {"visible": "all"}, ("visible is 'all'", "Visibility.USER")),
    ],
)
def test_what_is_wrong_with_an_interaction(
    given: Given, kind: Any, id: Any, options: dict[str, Any], parts: tuple[str, ...]
) -> None:
    refused(lambda: given.interaction(kind, id, **options), *parts)


def test_what_has_no_response_url_takes_a_bot_token() -> None:
    given = Given(bot_token=False)
    for kind in ("shortcut", "view_submission"):
        refused(
            lambda kind=kind: given.interaction(kind), f"type is '{kind}'", "with a bot token only", "bot_token=True"
        )
    given.interaction("block_actions")
    given.interaction("message_action")


def test_slack_takes_ten_shortcuts(given: Given) -> None:
    for number in range(10):
        given.interaction("shortcut" if number % 2 else "message_action", f"page{number}")
    refused(lambda: given.interaction("shortcut", "one_more"), "10 shortcuts in a Slack app")


def test_everything_may_be_meant(given: Given) -> None:
    given.interaction(id="*")
    assert set(given.slack.handlers) == {"block_actions:*"}
