"""What a Slack app's manifest says for events and shortcuts: https://docs.slack.dev/reference/app-manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_setup.finding import Finding, problem, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops_setup.contents import Endpoint

TITLE_CHARACTERS = 24
DESCRIPTION_CHARACTERS = 150

DIRECT_MESSAGES = "message.im"
HOME = "app_home_opened"


def subscriptions(endpoint: Endpoint) -> list[str]:
    """What the app subscribes to."""
    return sorted({name for event in endpoint.events for name in event.subscriptions})


def settings(endpoint: Endpoint, url: str) -> dict[str, Any]:
    """The part of the manifest's settings.

    Args:
        endpoint: What the app is for.
        url: Where Slack sends events: to the endpoint as well, which tells them from commands.
    """
    names = subscriptions(endpoint)
    return {"event_subscriptions": {"request_url": url, "bot_events": names}} if names else {}


def features(endpoint: Endpoint) -> dict[str, Any]:
    """The part of the manifest's features.

    Nobody can write to an app without the messages tab, and without the home tab nobody can open it.

    Args:
        endpoint: What the app is for.
    """
    names, shortcuts = subscriptions(endpoint), _shortcuts(endpoint)
    home = {
        "home_tab_enabled": HOME in names,
        "messages_tab_enabled": DIRECT_MESSAGES in names,
        "messages_tab_read_only_enabled": False,
    }
    return {
        **({"app_home": home} if {HOME, DIRECT_MESSAGES} & set(names) else {}),
        **({"shortcuts": shortcuts} if shortcuts else {}),
    }


def differences(found: Mapping[str, Any], endpoint: Endpoint, url: str, check: str) -> Iterator[Finding]:
    """What is to be changed in the app.

    Args:
        found: The exported manifest.
        endpoint: What the app is for.
        url: The stack's URL of the endpoint.
        check: The name of the check.
    """
    yield from _of_subscriptions(_part(_part(found, "settings"), "event_subscriptions"), endpoint, url, check)
    known = {each.get("callback_id"): each for each in _part(found, "features").get("shortcuts") or []}
    for wanted in _shortcuts(endpoint):
        name, kind = wanted["callback_id"], wanted["type"]
        if known.get(name, {}).get("type") != kind:
            yield problem(
                check,
                f"the app has no {kind} shortcut with the callback ID {name}",
                f"create it under Interactivity & Shortcuts, {kind} shortcut, as “{wanted['name']}”",
            )
    home = _part(_part(found, "features"), "app_home")
    if DIRECT_MESSAGES in subscriptions(endpoint) and not home.get("messages_tab_enabled"):
        yield problem(check, "the Messages Tab is off: nobody can write to the app", "turn it on under App Home")


def _of_subscriptions(found: Mapping[str, Any], endpoint: Endpoint, url: str, check: str) -> Iterator[Finding]:
    wanted, subscribed = subscriptions(endpoint), found.get("bot_events") or []
    if wanted and found.get("request_url") != url:
        yield problem(
            check,
            f"Event Subscriptions has the Request URL {found.get('request_url')}, which is not the stack's",
            f"turn it on under Event Subscriptions, with the Request URL {url}, which Slack verifies at once",
        )
    for name in wanted:
        if name not in subscribed:
            yield problem(
                check,
                f"the app is not subscribed to {name}",
                "add it under Event Subscriptions, Subscribe to bot events, and install the app again",
            )
    for name in subscribed:
        if name not in wanted and found.get("request_url") == url:
            yield warning(
                check, f"the app is subscribed to {name}, which nothing answers", "remove it under Event Subscriptions"
            )


def _shortcuts(endpoint: Endpoint) -> list[dict[str, str]]:
    return [
        {
            "name": each.title[:TITLE_CHARACTERS],
            "type": each.shortcut_type,
            "callback_id": each.id,
            "description": each.description[:DESCRIPTION_CHARACTERS],
        }
        for each in endpoint.interactions
        if each.shortcut_type is not None
    ]


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = document.get(name)
    return part if isinstance(part, dict) else {}
