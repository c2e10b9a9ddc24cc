"""Commands in the Slack app: other names for them, in the table too, and what the app needs for them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chatops_constructs import Allow, Approval, Choice, Flag, SlackCredentials, UserArg
from chatops_constructs.slack.command_checks import MOST_SLASH_COMMANDS
from chatops_runtime.contracts import commands_table, template_metadata
from chatops_setup import app_manifest
from chatops_setup.contents import contents_of
from tests.constructs.stacks import Synthesised, add, endpoint, new_stack


def mark_of(synthesised: Synthesised) -> Any:
    (mark,) = (
        resource["Metadata"][template_metadata.ENDPOINT]
        for resource in synthesised.template["Resources"].values()
        if template_metadata.ENDPOINT in resource.get("Metadata", {})
    )
    return mark


def test_are_in_the_table_and_in_the_mark() -> None:
    app, stack = new_stack()
    slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True))
    arguments = [Choice("service", ["nginx", "app"]), Flag("dry_run")]
    add(slack, "/ops restart", arguments=arguments, aliases=["/restart", "/ops rs"])
    add(slack, "/ps", arguments=[UserArg("whose", required=False)])
    synthesised = Synthesised.of(app, stack)

    layer = synthesised.only("Lambda::LayerVersion", "CommandsTable")
    table = commands_table.read([str(synthesised.asset(layer["Content"]) / commands_table.LAYER_FOLDER)])
    assert table["aliases"] == {"/restart": "/ops restart", "/ops rs": "/ops restart"}
    assert set(table["commands"]) == {"/ops restart", "/ps"}
    entry = table["commands"]["/ops restart"]
    assert (entry["usage"], entry["accepts_text"]) == ("/ops restart <nginx|app> [--dry-run]", True)
    assert [each["name"] for each in entry["arguments"]] == ["service", "dry_run"]

    mark = mark_of(synthesised)
    restart = {"description": "top processes", "should_escape": False}
    assert mark["commands"] == {
        "/ops restart": {**restart, "usage": "/ops restart <nginx|app> [--dry-run]"},
        "/restart": {**restart, "usage": "/restart <nginx|app> [--dry-run]", "alias_of": "/ops restart"},
        "/ops rs": {**restart, "usage": "/ops rs <nginx|app> [--dry-run]", "alias_of": "/ops restart"},
        "/ps": {"description": "top processes", "should_escape": True, "usage": "/ps [--whose @whose]"},
    }


def test_what_the_app_needs_for_them_is_in_the_mark() -> None:
    app, stack = new_stack()
    slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True))
    admins, members = Allow.user_group("S0123ADMINS"), Allow.workspace(guests=False)
    add(slack, "/ps")
    add(slack, "/ops restart", allow=admins)
    add(slack, "/ops stop", allow=members, approval=Approval(by=admins, channel="C0123OPS"))
    synthesised = Synthesised.of(app, stack)

    commands = mark_of(synthesised)["commands"]
    assert {name: each.get("scopes") for name, each in commands.items()} == {
        "/ps": None,
        "/ops restart": ["usergroups:read"],
        "/ops stop": ["usergroups:read", "users:read"],
    }
    (found,) = contents_of(synthesised.template, "Ops").endpoints
    assert app_manifest.scopes(found)[-2:] == ["usergroups:read", "users:read"]
    assert found.interactivity


BAD: dict[str, tuple[list[Any], str]] = {
    "no name": (["restart"], "aliases is 'restart'"),
    "help": (["/restart help"], "aliases is '/restart help'; allowed: any sub-command but help"),
    "the command itself": (["/ops restart"], "aliases is '/ops restart'; allowed: a name that is not there yet"),
    "another command": (["/ps"], "aliases is '/ps'; allowed: a name that is not there yet"),
    "another alias": (["/top"], "aliases is '/top'; allowed: a name that is not there yet"),
    "twice": (["/rs", "/rs"], "aliases is '/rs'; allowed: a name that is not there yet"),
}


@pytest.mark.parametrize("name", BAD)
def test_are_refused(name: str) -> None:
    aliases, wrong = BAD[name]
    slack = endpoint(new_stack()[1])
    add(slack, "/ps", aliases=["/top"])
    with pytest.raises(ValueError, match=re.escape(wrong)):
        add(slack, "/ops restart", aliases=aliases)
    add(slack, "/ops restart")  # nothing of the refused one is left


def test_a_word_is_no_list() -> None:
    with pytest.raises(ValueError, match=r"aliases is '/rs'; allowed: a list of names; write \['/rs'\]"):
        add(endpoint(new_stack()[1]), "/ops restart", aliases="/rs")


def test_a_command_cannot_have_the_name_of_an_alias() -> None:
    slack = endpoint(new_stack()[1])
    add(slack, "/ps", aliases=["/top"])
    with pytest.raises(ValueError, match="name is '/top'; allowed: a name that is not there yet"):
        add(slack, "/top")


def test_those_that_slack_has_to_know_count_among_its_50() -> None:
    slack = endpoint(new_stack()[1])
    others = [f"/alias{number}" for number in range(MOST_SLASH_COMMANDS - 1)]
    add(slack, "/ops", aliases=[*others, "/ops too", "/alias1 too"])
    with pytest.raises(ValueError, match="aliases is '/one-more'; allowed: 50 slash commands"):
        add(slack, "/ops restart", aliases=["/one-more"])
    with pytest.raises(ValueError, match="name is '/one-more'; allowed: 50 slash commands"):
        add(slack, "/one-more")
    add(slack, "/alias2 restart")
