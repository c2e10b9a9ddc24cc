"""What the page learns from the commands table: names, aliases, arguments, and whom it names."""

from typing import Any

import pytest

from chatops_local.page.commands import commands_of
from chatops_local.page.people import GROUP, People
from chatops_local.slack import SlackDouble
from chatops_runtime.contracts import commands_table
from tests.local.page import small_cloud

CHOICE = {"name": "service", "kind": "choice", "required": True, "choices": ["nginx"]}
ADMINS = {"kind": "user_group", "ids": ["S0ADMINS"]}
ENTRY: dict[str, Any] = {
    "description": "restarts",
    "usage": "/ops restart <nginx>",
    "allow": {"kind": "any", "of": [{"kind": "all", "of": [ADMINS, {"kind": "channel", "ids": ["C0DEEP"]}]}]},
    "arguments": [CHOICE],
    "approval": {"channel": "C0APPROVE"},
}


@pytest.fixture
def commands(monkeypatch):
    table = commands_table.render(
        {"/ops restart": ENTRY},  # type: ignore[dict-item]
        refusals="Refusals",
        aliases={"/restart": "/ops restart"},
    )
    monkeypatch.setattr(commands_table, "render", lambda *_, **__: table)
    return commands_of([small_cloud.STACK], small_cloud.SmallServer())  # type: ignore[arg-type]


def test_an_alias_is_a_command_too(commands):
    assert [(each.name, each.usage, each.description) for each in commands] == [
        ("/ops restart", "/ops restart <nginx>", "restarts"),
        ("/restart", "/restart <nginx>", "restarts (is /ops restart)"),
    ]
    assert commands[1].as_json()["arguments"] == [CHOICE]


def test_whom_a_rule_names_however_deep_and_where_approval_is_asked_for(commands):
    assert commands[0].named == ("S0ADMINS", "C0DEEP", "C0APPROVE")
    with SlackDouble() as slack:
        people = People(slack.workspace.people)
        people.know(commands[0].named)
        assert people.groups == {"S0ADMINS": list(GROUP)}
        assert {"C0DEEP", "C0APPROVE"} <= set(people.channels)
