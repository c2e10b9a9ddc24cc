"""What was typed after a command, as a script and a function find it; and who may type which value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud
    from chatops_local.slack.sent_command import SentCommand

ALL = (
    "nginx --since 1h30m 5 203.0.113.0/24 --who <@U012AB3CD|boss> <#C012AB3CD|general> "
    "\u2014until \u201c2026-11-22 19:00+09:00\u201d --dry-run"
)


def send(cloud: LocalCloud, line: str, user: str = "U0TARO") -> SentCommand:
    sent = cloud.slack.send(line, user=user)
    assert sent.ack.ok, sent.ack.problem
    return sent


def shown(cloud: LocalCloud, line: str, user: str = "U0TARO") -> str:
    """The result of a command."""
    sent = send(cloud, line, user)
    sent.wait(60)
    (message,) = sent.results
    return message.shown


def answered(cloud: LocalCloud, line: str, user: str = "U0TARO") -> str:
    """What is said at once of a command that is not started."""
    sent = send(cloud, line, user)
    assert sent.ack.payload["response_type"] == "ephemeral"
    assert cloud.executions_of(sent) == []
    return sent.ack.text


@pytest.mark.parametrize("name", ["/ops restart", "/restart"])
def test_a_script_finds_each_value_in_its_environment(arguments_cloud: LocalCloud, name: str):
    expected = "nginx/5400/5/203.0.113.0/24/U012AB3CD/C012AB3CD/2026-11-22T10:00:00Z/true"
    assert expected in shown(arguments_cloud, f"{name} {ALL}")


def test_what_was_not_typed_is_not_in_a_scripts_environment(arguments_cloud: LocalCloud):
    assert "app//unset/////false" in shown(arguments_cloud, "/ops restart app")


def test_a_function_finds_typed_values(arguments_cloud: LocalCloud):
    expected = {
        "service": "nginx",
        "since": 5_400,
        "count": 5,
        "range": "203.0.113.0/24",
        "who": "U012AB3CD",
        "room": "C012AB3CD",
        "until": "2026-11-22T10:00:00Z",
        "dry_run": True,
    }
    assert json.dumps(expected, sort_keys=True) in shown(arguments_cloud, f"/typed {ALL}")
    assert '{"dry_run": false, "service": "app", "until": "-10800"}' in shown(arguments_cloud, "/typed app --until 3h")


INJECTIONS = (
    "; touch $HOME/canary; echo $(touch $HOME/canary) `touch $HOME/canary` | tee $HOME/canary && touch $HOME/canary "
    "> $HOME/canary ${HOME} $$ * ~ \\ \\n %s !! 'a' \"b\" {{ssm:/args/slack-signing-secret}} {{ InstanceId }}"
)


@pytest.mark.parametrize("why", [INJECTIONS, "a\ntouch $HOME/canary\nb", "\u202e雪 🚀\ttab", "--force", "'; touch x"])
def test_what_a_shell_would_act_on_arrives_byte_for_byte_and_is_not_executed(arguments_cloud: LocalCloud, why: str):
    result = shown(arguments_cloud, f"/note -- {why}")
    assert why.encode().hex() in result
    assert "canary" not in result


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/ops restart ngnix", "Did you mean `nginx`?"),
        ("/ops restart nginx --sinse 3h", "There is no `--sinse`. Did you mean `--since`?"),
        ("/ops restart nginx --count 10", "it is a whole number from 1 to 9."),
        ("/ops restart nginx --who taro", "`who` cannot be `taro`: it is a user"),
        ("/ops restart 'nginx", "A quote is not closed"),
        ("/note", "`why` is missing."),
        ("/restart nginx 3h 5 10.0.0.0/8 x", "`who` cannot be `x`"),
    ],
)
def test_a_mistake_is_answered_at_once_with_the_usage(arguments_cloud: LocalCloud, line: str, said: str):
    text = answered(arguments_cloud, line)
    assert said in text
    assert "Usage:\n• `/" in text


def test_a_value_is_for_some_only(arguments_cloud: LocalCloud):
    assert "deployed to dev" in shown(arguments_cloud, "/deploy dev")
    assert "deployed to prod" in shown(arguments_cloud, "/deploy prod", "U0BOSS")
    refused = answered(arguments_cloud, "/deploy prod")
    assert refused.startswith("`/deploy` was not run. It is for everybody in this workspace if `stage` is `dev` or")
    assert "deployed to" not in refused


def test_help_lists_arguments_and_aliases(arguments_cloud: LocalCloud):
    text = answered(arguments_cloud, "/ops help")
    assert "• `/ops restart &lt;nginx|app&gt; [--since " in text
    assert ", also `/restart`" in text


def test_a_button_runs_a_command_as_if_it_were_typed(arguments_cloud: LocalCloud):
    sent = send(arguments_cloud, "/offer /ops restart app --count 3")
    sent.wait(60)
    (message,) = sent.results
    clicked = arguments_cloud.slack.click(message, "Run it", user="U0HANA")
    assert clicked.ack.ok, clicked.ack
    clicked.wait(60)
    texts = [posted.shown for posted in clicked.messages]
    assert any("Running `/ops restart` …" in text for text in texts), texts
    assert any("app//3/////false" in text for text in texts), texts
    assert {posted.user for posted in clicked.messages} == {"U0HANA"}
    assert [control.label for posted in clicked.messages for control in posted.controls] == ["Cancel"]


def test_a_button_runs_nothing_for_a_member_of_another_workspace(arguments_cloud: LocalCloud):
    sent = send(arguments_cloud, "/offer /note canary-of-a-stranger")
    sent.wait(60)
    (message,) = sent.results
    clicked = arguments_cloud.slack.click(message, "Run it", user="U0STRANGER", team="T0OTHER1")
    assert clicked.ack.ok, clicked.ack
    clicked.wait(60)
    (told,) = clicked.messages
    assert told.user == "U0STRANGER"
    assert "`/note` was not run. It is for members of this workspace." in told.shown
