"""The Slack app's manifest, the link, and the comparison with an app that exists."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_setup import app_manifest, manifest_comparison
from chatops_setup.contents import Command, Endpoint
from chatops_setup.finding import Level
from chatops_setup.handlers import Event, Interaction

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://abc.execute-api.eu-west-1.amazonaws.com/slack/commands"


def endpoint(*commands: Command, posts: bool = True) -> Endpoint:
    return Endpoint(
        name="Ops/Slack",
        url_output="Url",
        log_group=None,
        team_id="T012AB3CD",
        app_id="A034CD5EF",
        signing_secret_parameter="/ops/prod/slack-signing-secret",
        bot_token_parameter="/ops/prod/slack-bot-token" if posts else None,
        app_posts=posts,
        commands=commands,
    )


PS = Command("/ps", "top processes", "/ps", should_escape=False)
ALLOW = Command("/allow-me admin", "looks after it", "/allow-me admin [text]", should_escape=True)
ALLOW_ME = Command("/allow-me", "lets you in", "/allow-me [text]", should_escape=False)


def manifest(*commands: Command, **more: Any) -> dict[str, Any]:
    return app_manifest.manifest(endpoint(*commands, **more), url=URL, name="OpsBot")


def test_a_command_with_a_sub_command_is_one_command_of_slack() -> None:
    assert manifest(ALLOW, ALLOW_ME, PS)["features"]["slash_commands"] == [
        {
            "command": "/allow-me",
            "url": URL,
            "description": "admin: looks after it; /allow-me: lets you in",
            "usage_hint": "admin [text] | [text]",
            "should_escape": True,
        },
        {"command": "/ps", "url": URL, "description": "top processes", "should_escape": False},
    ]


def test_who_does_not_post_gets_no_right_to_post() -> None:
    assert manifest(PS)["oauth_config"]["scopes"]["bot"] == ["commands", "chat:write", "files:write", "im:write"]
    assert manifest(PS, posts=False)["oauth_config"]["scopes"]["bot"] == ["commands"]


RESTART = Command("/ops restart", "restarts it", "/ops restart <nginx|app> [--since 3h]", should_escape=False)
RS = replace(RESTART, name="/ops rs", usage="/ops rs <nginx|app> [--since 3h]", alias_of="/ops restart")
AT_ONCE = replace(RESTART, name="/restart", usage="/restart <nginx|app> [--since 3h]", alias_of="/ops restart")


def test_an_alias_is_a_command_of_slack_if_it_begins_otherwise() -> None:
    assert manifest(RESTART, RS, AT_ONCE)["features"]["slash_commands"] == [
        {
            "command": "/ops",
            "url": URL,
            "description": "restarts it",
            "usage_hint": "restart <nginx|app> [--since 3h]",
            "should_escape": False,
        },
        {
            "command": "/restart",
            "url": URL,
            "description": "restarts it",
            "usage_hint": "<nginx|app> [--since 3h]",
            "should_escape": False,
        },
    ]


def test_ids_are_sent_if_only_an_alias_reads_them() -> None:
    other = replace(ALLOW, name="/ps mine", alias_of="/allow-me admin")
    assert manifest(PS, other)["features"]["slash_commands"][0]["should_escape"] is True


ADMINS = replace(PS, name="/admins", scopes=("usergroups:read",))
MEMBERS = replace(PS, name="/members", scopes=("users:read", "usergroups:read"))


def test_scopes_are_just_what_the_rules_need() -> None:
    asked = ["commands", "chat:write", "files:write", "im:write", "usergroups:read", "users:read"]
    assert manifest(PS, MEMBERS, ADMINS)["oauth_config"]["scopes"]["bot"] == asked
    assert manifest(PS, ADMINS)["oauth_config"]["scopes"]["bot"] == asked[:-1]


def test_clicks_come_to_the_same_place() -> None:
    with_buttons = replace(endpoint(PS), interactivity=True)
    assert app_manifest.manifest(with_buttons, url=URL, name="OpsBot")["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": URL,
    }


def test_who_posts_notices_only_gets_no_right_to_upload() -> None:
    notices_only = replace(endpoint(PS), bot_token_parameter=None)
    assert app_manifest.scopes(notices_only) == ["commands", "chat:write"]


def test_requests_come_over_http_and_tokens_stay_good() -> None:
    assert manifest(PS)["settings"] == {
        "org_deploy_enabled": False,
        "socket_mode_enabled": False,
        "token_rotation_enabled": False,
    }


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=3_000)
slash_commands = st.from_regex(r"/[a-z0-9][a-z0-9_-]{0,30}( [a-z0-9][a-z0-9_-]{0,31})?", fullmatch=True)


@given(
    names=st.lists(slash_commands, unique=True, max_size=60),
    description=words,
    name=st.text(max_size=128),
)
def test_it_keeps_to_the_limits_of_slack(names: list[str], description: str, name: str) -> None:
    """https://docs.slack.dev/reference/app-manifest."""
    commands = tuple(Command(each, description, f"{each} [text]", should_escape=False) for each in names)
    document = app_manifest.manifest(endpoint(*commands), url=URL, name=name)
    assert 1 <= len(document["display_information"]["name"]) <= 35
    assert re.fullmatch(r"[a-z0-9_-]{1,80}", document["features"]["bot_user"]["display_name"])
    for each in document["features"]["slash_commands"]:
        assert len(each["command"]) <= 32
        assert 1 <= len(each["description"]) <= 2_000
        assert len(each.get("usage_hint", "")) <= 1_000
        assert each["url"].startswith("https://")
    link = app_manifest.creation_link(document)
    if link is not None:
        assert len(link) <= 8_000
        assert json.loads(parse_qs(urlsplit(link).query)["manifest_json"][0]) == document


@pytest.mark.parametrize(
    ("stack", "name"),
    [("OpsBot", "ops-bot"), ("ops_bot-2", "ops_bot-2"), ("Prod-OpsBotStack", "prod-ops-bot-stack"), ("…", "chatops")],
)
def test_the_app_is_called_after_the_stack(stack: str, name: str) -> None:
    document = app_manifest.manifest(endpoint(PS), url=URL, name=stack)
    assert document["display_information"]["name"] == document["features"]["bot_user"]["display_name"] == name


class TestComparison:
    def differences(self, change: Any = None, *commands: Command) -> list[tuple[Level, str, str]]:
        wanted = endpoint(*(commands or (PS, ALLOW_ME)))
        found = copy.deepcopy(app_manifest.manifest(wanted, url=URL, name="OpsBot"))
        if change:
            change(found)
        return [(each.level, each.says, each.remedy) for each in manifest_comparison.differences(found, wanted, URL)]

    def test_an_app_made_from_it_fits(self) -> None:
        assert self.differences() == [(Level.OK, "its manifest has 2 commands as the stack has them", "")]

    def test_what_else_the_app_has_is_its_own_business(self) -> None:
        def change(found: dict[str, Any]) -> None:
            found["display_information"] |= {"name": "other", "description": "more"}
            found["features"]["slash_commands"].append({"command": "/other", "url": "https://example.com/"})
            found["oauth_config"]["scopes"]["bot"].append("users:read")

        assert [level for level, *_ in self.differences(change)] == [Level.OK]

    def test_a_stale_url(self) -> None:
        def change(found: dict[str, Any]) -> None:
            found["features"]["slash_commands"][1]["url"] = "https://old.example.com/"

        assert self.differences(change) == [
            (
                Level.PROBLEM,
                "/ps has the Request URL https://old.example.com/, which is not the stack's",
                f"set it to {URL} under Slash Commands",
            )
        ]

    def test_a_command_that_is_missing_and_one_that_is_too_many(self) -> None:
        def change(found: dict[str, Any]) -> None:
            found["features"]["slash_commands"][1]["command"] = "/top"

        assert self.differences(change) == [
            (Level.PROBLEM, "/ps is not in the app", f"create it under Slash Commands, with the URL {URL}"),
            (
                Level.WARNING,
                "/top is in the app and not in the stack",
                "delete it under Slash Commands, or add it",
            ),
        ]

    def test_escaping_that_is_not_as_the_command_reads(self) -> None:
        def change(found: dict[str, Any]) -> None:
            found["features"]["slash_commands"][0]["should_escape"] = False

        assert self.differences(change, ALLOW)[0][1:] == (
            "/allow-me has 'Escape channels, users, and links' off",
            "turn it on under Slash Commands",
        )

    def test_words_that_differ_are_no_problem(self) -> None:
        def change(found: dict[str, Any]) -> None:
            found["features"]["slash_commands"][0] |= {"description": "else", "usage_hint": ""}

        assert [(level, says) for level, says, _ in self.differences(change)] == [
            (Level.WARNING, "/allow-me has another Short Description than the stack"),
            (Level.WARNING, "/allow-me has another Usage Hint than the stack"),
        ]

    def test_a_scope_socket_mode_and_token_rotation(self) -> None:
        def change(found: dict[str, Any]) -> None:
            found["oauth_config"] = {}
            found["settings"] = {"socket_mode_enabled": True, "token_rotation_enabled": True}

        assert [says for _, says, _ in self.differences(change)] == [
            "the bot lacks the scope commands",
            "the bot lacks the scope chat:write",
            "the bot lacks the scope files:write",
            "the bot lacks the scope im:write",
            "Socket Mode is on: Slack calls no Request URL",
            "token rotation is on: the bot token is good for 12 hours only",
        ]

    @pytest.mark.parametrize(
        ("interactivity", "says"),
        [
            (None, "Interactivity is off: nobody gets an answer to a click on a button"),
            ({"is_enabled": False, "request_url": URL}, "Interactivity is off"),
            (
                {"is_enabled": True, "request_url": "https://old.example.com/"},
                "Interactivity has the Request URL https://old.example.com/, which is not the stack's",
            ),
        ],
    )
    def test_clicks_that_go_astray(self, interactivity: Any, says: str) -> None:
        with_buttons = replace(endpoint(PS), interactivity=True)
        found = app_manifest.manifest(with_buttons, url=URL, name="OpsBot")
        assert [each.level for each in manifest_comparison.differences(found, with_buttons, URL)] == [Level.OK]
        found["settings"]["interactivity"] = interactivity
        (finding,) = manifest_comparison.differences(found, with_buttons, URL)
        assert finding.says.startswith(says)
        assert finding.remedy == f"turn it on under Interactivity & Shortcuts, with the Request URL {URL}"

    def test_a_scope_for_a_rule(self) -> None:
        found = manifest(PS)
        (finding,) = manifest_comparison.differences(found, endpoint(replace(PS, scopes=("users:read",))), URL)
        assert finding.says == "the bot lacks the scope users:read"

    def test_the_url_that_the_app_has(self) -> None:
        assert manifest_comparison.url_in(manifest(PS, ALLOW), endpoint(PS)) == URL
        assert manifest_comparison.url_in(manifest(ALLOW), endpoint(PS)) is None
        assert manifest_comparison.url_in({}, endpoint(PS)) is None

    @pytest.mark.parametrize("found", [{}, {"features": None}, {"features": {"slash_commands": None}, "settings": []}])
    def test_an_app_with_nothing(self, found: dict[str, Any]) -> None:
        said = manifest_comparison.differences(found, endpoint(PS), URL)
        assert said[0].says == "/ps is not in the app"


MENTIONS = Event("app_mention", "answers", ("app_mention",), ("app_mentions:read",))
MESSAGES = Event("message", "reads", ("message.im", "message.channels"), ("im:history", "channels:history"))
PAGE = Interaction("shortcut", "page", "pages " * 100, "Page whoever is on call today", ())
TICKET = Interaction("message_action", "ticket", "files a ticket", "File a ticket", ("users:read",))
BUTTON = Interaction("block_actions", "go_*", "goes", "Go", ())
BOT = replace(endpoint(PS), events=(MENTIONS, MESSAGES), interactions=(PAGE, TICKET, BUTTON), interactivity=True)


class TestEventsAndShortcuts:
    def test_are_in_the_manifest(self) -> None:
        """https://docs.slack.dev/reference/app-manifest."""
        document = app_manifest.manifest(BOT, url=URL, name="OpsBot")
        assert document["settings"]["event_subscriptions"] == {
            "request_url": URL,
            "bot_events": ["app_mention", "message.channels", "message.im"],
        }
        assert document["features"]["shortcuts"] == [
            {
                "name": "Page whoever is on call ",
                "type": "global",
                "callback_id": "page",
                "description": ("pages " * 100)[:150],
            },
            {"name": "File a ticket", "type": "message", "callback_id": "ticket", "description": "files a ticket"},
        ]
        assert document["features"]["app_home"] == {
            "home_tab_enabled": False,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        }
        further = ["app_mentions:read", "channels:history", "im:history", "users:read"]
        assert document["oauth_config"]["scopes"]["bot"][4:] == further

    def test_are_not_there_without_any(self) -> None:
        document = manifest(PS)
        assert set(document["features"]) == {"bot_user", "slash_commands"}

    def test_an_app_that_has_them_all(self) -> None:
        found = app_manifest.manifest(BOT, url=URL, name="OpsBot")
        assert [each.level for each in manifest_comparison.differences(found, BOT, URL)] == [Level.OK]

    def test_an_app_that_lacks_them(self) -> None:
        found = app_manifest.manifest(replace(endpoint(PS), interactivity=True), url=URL, name="OpsBot")
        said = {each.says: each.level for each in manifest_comparison.differences(found, BOT, URL)}
        assert said == dict.fromkeys(
            [
                *(f"the bot lacks the scope {scope}" for scope in sorted(BOT.further_scopes)),
                "Event Subscriptions has the Request URL None, which is not the stack's",
                "the app is not subscribed to app_mention",
                "the app is not subscribed to message.channels",
                "the app is not subscribed to message.im",
                "the app has no global shortcut with the callback ID page",
                "the app has no message shortcut with the callback ID ticket",
                "the Messages Tab is off: nobody can write to the app",
            ],
            Level.PROBLEM,
        )

    def test_a_shortcut_of_the_other_type_and_a_subscription_too_many(self) -> None:
        found = app_manifest.manifest(BOT, url=URL, name="OpsBot")
        found["features"]["shortcuts"][0]["type"] = "message"
        found["settings"]["event_subscriptions"]["bot_events"].append("team_join")
        subscribed, shortcut = manifest_comparison.differences(found, BOT, URL)
        assert (subscribed.level, shortcut.level) == (Level.WARNING, Level.PROBLEM)
        assert subscribed.says == "the app is subscribed to team_join, which nothing answers"
        assert shortcut.says == "the app has no global shortcut with the callback ID page"

    def test_the_url_of_an_app_without_commands(self) -> None:
        found = app_manifest.manifest(BOT, url=URL, name="OpsBot")
        assert manifest_comparison.url_in(found, replace(BOT, commands=())) == URL
        assert manifest_comparison.url_in(found, replace(BOT, commands=(), events=())) is None


@pytest.mark.parametrize("content", ["display_information:\n  name: yaml\n", "[]", "{}", ""])
def test_a_file_that_is_no_manifest(tmp_path: Path, content: str) -> None:
    file = tmp_path / "app.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(manifest_comparison.ManifestError, match=r"is no manifest in JSON: .* choose JSON"):
        manifest_comparison.read(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(manifest_comparison.ManifestError, match="cannot be read: No such file"):
        manifest_comparison.read(tmp_path / "app.json")
