"""A user's plain function behind Lambda."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import chatops_runtime
from chatops_runtime import Reply, SlackCommand, escape, user_function
from chatops_runtime.command_function import Channel, HandlerConfigurationError, User, handler

EVENT = {
    "version": 1,
    "command": "/hello",
    "text": "world",
    "team_id": "T0123",
    "user": {"id": "U0123", "name": "taro"},
    "channel": {"id": "C0123", "name": "ops"},
    "request_id": "0123456789abcdef",
}


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Call a function of the given source through Lambda's handler."""

    def call(source: str, name: str = "greetings.hello", event: dict[str, Any] = EVENT) -> dict[str, Any] | None:
        (tmp_path / "greetings.py").write_text(f"from chatops_runtime import Reply, SlackCommand, escape\n{source}\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setenv("CHATOPS_HANDLER", name)
        monkeypatch.delitem(sys.modules, "greetings", raising=False)
        user_function.load.cache_clear()
        return handler(event, object())

    yield call
    sys.modules.pop("greetings", None)
    user_function.load.cache_clear()


@pytest.mark.parametrize(
    ("returned", "answer"),
    [
        ("Reply(f'Hello {command.text}')", {"text": "Hello world"}),
        ("f'{command.user.name} in {command.channel.name}'", {"text": "taro in ops"}),
        ("None", None),
        ("''", {"text": ""}),
        ("Reply(mrkdwn=f'*{escape(\"<b>\")}*', visible='user')", {"mrkdwn": "*&lt;b&gt;*", "visible": "user"}),
        ("Reply(blocks=[{'type': 'divider'}], text='x')", {"text": "x", "blocks": [{"type": "divider"}]}),
    ],
)
def test_a_function_is_called_and_answers(call, returned, answer):
    assert call(f"def hello(command: SlackCommand): return {returned}") == answer


def test_a_function_gets_the_values_of_arguments(call):
    event = {**EVENT, "arguments": {"service": "web", "since": 10_800, "force": False}}
    source = "def hello(command): return repr(sorted(command.arguments.items()))"
    assert call(source, event=event) == {"text": "[('force', False), ('service', 'web'), ('since', 10800)]"}


def test_a_command_without_arguments_has_none_and_stays_hashable(call):
    assert call("def hello(command): return repr((command.arguments, len({command, command})))") == {"text": "({}, 1)"}


def test_a_test_gives_arguments_of_its_own():
    given = {"service": "web"}
    command = SlackCommand.for_test(arguments=given)
    given["service"] = "app"
    assert command.arguments == {"service": "web"}
    assert SlackCommand.for_test().arguments == {}


def test_a_module_may_be_in_a_package(call, tmp_path):
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "commands.py").write_text("def hello(command): return command.request_id")
    assert call("", "bot.commands.hello") == {"text": "0123456789abcdef"}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "is '': give module.function, such as greetings.hello"),
        ("hello", "is 'hello': give module.function"),
        ("greetings.", "give module.function"),
        (".hello", "give module.function"),
        ("nowhere.hello", "there is no module nowhere"),
        ("nowhere.at.all.hello", "there is no module nowhere"),
        ("greetings.bye", "module greetings has no bye"),
        ("greetings.number", "has something that is no function as number"),
    ],
)
def test_a_name_that_leads_nowhere_is_explained(call, name, problem):
    with pytest.raises(HandlerConfigurationError, match=r"^environment variable CHATOPS_HANDLER is ") as caught:
        call("number = 3", name)
    assert problem in str(caught.value)


def test_a_module_that_the_users_module_lacks_is_named_as_it_is(call):
    with pytest.raises(ModuleNotFoundError, match="No module named 'requests_of_mine'"):
        call("import requests_of_mine")


@pytest.mark.parametrize("returned", ["3", "{'text': 'x'}", "['x']", "b'x'", "hello"])
def test_another_type_is_refused_by_name(call, returned):
    with pytest.raises(
        TypeError, match=r"^greetings.hello answered with a value of type \w+: return a Reply, a str or None"
    ):
        call(f"def hello(command): return {returned}")


def test_an_exception_of_the_function_stays_its_own(call):
    with pytest.raises(ZeroDivisionError):
        call("def hello(command): return 1 / 0")


def test_the_event_becomes_a_command():
    assert SlackCommand.from_event(EVENT) == SlackCommand(
        command="/hello",
        text="world",
        user=User("U0123", "taro"),
        channel=Channel("C0123", "ops"),
        team_id="T0123",
        request_id="0123456789abcdef",
    )


@pytest.mark.parametrize("event", [{**EVENT, "version": 2}, {}, None, "text"])
def test_another_event_is_explained(event):
    with pytest.raises(ValueError, match="this code reads version 1: the function is to be invoked by"):
        SlackCommand.from_event(event)


def test_a_command_for_tests_takes_what_matters():
    command = SlackCommand.for_test("world")
    assert (command.text, command.command, command.user.name) == ("world", "/test", "tester")
    boss = User("U1", "boss")
    assert SlackCommand.for_test(command="/ops", user=boss, channel=Channel("C1", "adm")).user == boss


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({}, ValueError, "Reply has no content: give one of text, mrkdwn and blocks"),
        ({"text": "a", "mrkdwn": "b"}, ValueError, "Reply has text and mrkdwn: give one"),
        ({"mrkdwn": "b", "blocks": [{}]}, ValueError, "Reply has mrkdwn and blocks: give one"),
        ({"text": 3}, TypeError, "Reply's text is of type int: give a str"),
        ({"mrkdwn": ["x"]}, TypeError, "Reply's mrkdwn is of type list: give a str"),
        ({"text": "a", "visible": "all"}, ValueError, "Reply's visible is 'all': give 'user', 'channel' or None"),
        ({"blocks": []}, ValueError, "Reply has 0 blocks: Slack takes 1 to 50 in a message"),
        ({"blocks": [{}] * 51}, ValueError, "Reply has 51 blocks"),
        ({"blocks": {"type": "divider"}}, TypeError, "Reply's blocks are not a list of dicts"),
        ({"blocks": ["divider"]}, TypeError, "Reply's blocks are not a list of dicts"),
    ],
)
def test_a_reply_that_could_not_be_shown_is_explained(arguments, error, text):
    with pytest.raises(error) as caught:
        Reply(**arguments)
    assert str(caught.value).startswith(text)


def test_a_reply_and_a_command_do_not_change():
    with pytest.raises(AttributeError):
        Reply("x").text = "y"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        SlackCommand.for_test().text = "y"  # type: ignore[misc]


def test_escape_is_for_mrkdwn():
    assert escape("<!channel> & co") == "&lt;!channel&gt; &amp; co"


def test_the_package_has_what_it_says_and_nothing_else():
    assert sorted(chatops_runtime.__all__) == [
        *("FanOut", "Job", "NotPublishedError", "Reply", "ScheduledRun", "SecretError", "SlackCommand", "SlackEvent"),
        *("SlackInteraction", "escape", "read_secret"),
    ]
    assert all(getattr(chatops_runtime, name).__doc__ for name in chatops_runtime.__all__)
    with pytest.raises(AttributeError, match="module 'chatops_runtime' has no attribute 'Repyl'"):
        chatops_runtime.Repyl  # type: ignore[attr-defined] # noqa: B018


def test_the_package_alone_loads_none_of_it():
    program = (
        "import sys, chatops_runtime; print([name for name in sys.modules if name.startswith('chatops_runtime.')])"
    )
    source = Path(chatops_runtime.__file__).parent.parent
    finished = subprocess.run([sys.executable, "-c", program], cwd=source, check=True, capture_output=True, text=True)
    assert finished.stdout.strip() == "[]"
