"""The manifest of a Slack app that fits an endpoint, and the link that creates the app.

https://docs.slack.dev/reference/app-manifest, https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chatops_setup import manifest_of_handlers

if TYPE_CHECKING:
    from chatops_setup.contents import Command, Endpoint

NAME_CHARACTERS = 35
DESCRIPTION_CHARACTERS = 2_000
USAGE_CHARACTERS = 1_000

APPS = "https://api.slack.com/apps"

MOST_LINK_CHARACTERS = 8_000
"""What every browser and server takes in an address: https://www.rfc-editor.org/rfc/rfc9110#section-4.1"""

_NOT_IN_A_NAME = re.compile(r"[^a-z0-9_-]+")


def manifest(endpoint: Endpoint, *, url: str, name: str) -> dict[str, Any]:
    """The manifest.

    Args:
        endpoint: What the app is for.
        url: Where Slack sends what is typed.
        name: What the app is called, such as the stack's name.
    """
    shown = _app_name(name)
    return {
        "display_information": {"name": shown},
        "features": {
            "bot_user": {"display_name": shown, "always_online": True},
            "slash_commands": [slash_command(endpoint, each, url) for each in endpoint.slash_commands],
            **manifest_of_handlers.features(endpoint),
        },
        "oauth_config": {"scopes": {"bot": scopes(endpoint)}},
        "settings": {
            **({"interactivity": interactivity(url)} if endpoint.interactivity else {}),
            **manifest_of_handlers.settings(endpoint, url),
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def scopes(endpoint: Endpoint) -> list[str]:
    """What the bot has to be allowed: to post only if the app posts, and files only for results of commands.

    `im:write` is for a file that one person is to see: it needs the id of the conversation
    (https://docs.slack.dev/reference/methods/conversations.open). To post there, `chat:write` is enough. Nothing reads
    what people write, unless there is a function for messages: there is no `*:history` among them.
    """
    if endpoint.bot_token_parameter is not None:
        return ["commands", "chat:write", "files:write", "im:write", *sorted(endpoint.further_scopes)]
    return ["commands", "chat:write"] if endpoint.app_posts else ["commands"]


def interactivity(url: str) -> dict[str, Any]:
    """Where Slack sends clicks: to the endpoint as well, which tells them from commands.

    Args:
        url: The endpoint's.
    """
    return {"is_enabled": True, "request_url": url}


def slash_command(endpoint: Endpoint, name: str, url: str) -> dict[str, Any]:
    """One slash command with all its sub-commands. Aliases are shown only if it has nothing else."""
    all_of_them = [each for each in endpoint.commands if each.slash_command == name]
    commands = [each for each in all_of_them if each.alias_of is None] or all_of_them
    hint = " | ".join(filter(None, (each.usage.removeprefix(name).strip() for each in commands)))
    return {
        "command": name,
        "url": url,
        "description": _description(name, commands)[:DESCRIPTION_CHARACTERS],
        **({"usage_hint": hint[:USAGE_CHARACTERS]} if hint else {}),
        "should_escape": any(each.should_escape for each in all_of_them),
    }


def as_text(document: dict[str, Any]) -> str:
    """For people, and for the app's page at Slack."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def creation_link(document: dict[str, Any]) -> str | None:
    """The link at which Slack asks for a workspace and creates the app; None if it were longer than links may be."""
    compact = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    link = f"{APPS}?new_app=1&manifest_json={quote(compact, safe='')}"
    return link if len(link) <= MOST_LINK_CHARACTERS else None


def settings_link(app_id: str) -> str:
    """The page of an app that exists."""
    return f"{APPS}/{app_id}"


def _description(name: str, commands: list[Command]) -> str:
    if len(commands) == 1:
        return commands[0].description
    return "; ".join(f"{each.name.removeprefix(name).strip() or name}: {each.description}" for each in commands)


def _app_name(name: str) -> str:
    """In letters that the display name of a bot may have as well."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
    return _NOT_IN_A_NAME.sub("-", words).strip("-")[:NAME_CHARACTERS] or "chatops"
