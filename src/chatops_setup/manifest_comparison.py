"""Whether the app that exists is as the endpoint needs it, by the manifest that Slack exports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_setup import app_manifest, manifest_of_handlers
from chatops_setup.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chatops_setup.contents import Endpoint

CHECK = "Slack app"


class ManifestError(Exception):
    """A file is no manifest. The text says what to do."""


def read(path: Path) -> dict[str, Any]:
    """An exported manifest.

    Raises:
        ManifestError: The file is none.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ManifestError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        document = None
    if not isinstance(document, dict) or "display_information" not in document:
        raise ManifestError(
            f"{path} is no manifest in JSON: on the app's page at {app_manifest.APPS}, under App Manifest, choose "
            "JSON, and save what it shows"
        )
    return document


def url_in(found: Mapping[str, Any], endpoint: Endpoint) -> str | None:
    """The URL that the app has for the endpoint's commands or else its events; None if it has none of them.

    Args:
        found: The exported manifest.
        endpoint: What the app is for.
    """
    ours = (each for each in _slash_commands(found) if each.get("command") in endpoint.slash_commands)
    of_events = _part(_part(found, "settings"), "event_subscriptions").get("request_url")
    return next((each["url"] for each in ours if each.get("url")), of_events if endpoint.events else None)


def differences(found: Mapping[str, Any], endpoint: Endpoint, url: str) -> list[Finding]:
    """What is to be changed in the app; a single good finding if nothing is.

    Args:
        found: The exported manifest.
        endpoint: What the app is for.
        url: The stack's URL of the endpoint.
    """
    known = {each.get("command"): each for each in _slash_commands(found)}
    findings = [
        finding
        for name in endpoint.slash_commands
        for finding in _of_command(known.get(name), app_manifest.slash_command(endpoint, name, url))
    ]
    findings += [
        warning(CHECK, f"{name} is in the app and not in the stack", "delete it under Slash Commands, or add it")
        for name, each in known.items()
        if each.get("url") == url and name not in endpoint.slash_commands
    ]
    findings += _of_scopes(found, endpoint)
    findings += _of_interactivity(found, endpoint, url)
    findings += manifest_of_handlers.differences(found, endpoint, url, CHECK)
    findings += _of_settings(found, endpoint)
    return findings or [ok(CHECK, f"its manifest has {len(endpoint.slash_commands)} commands as the stack has them")]


def _of_command(found: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> Iterator[Finding]:
    name = wanted["command"]
    if found is None:
        yield problem(
            CHECK, f"{name} is not in the app", f"create it under Slash Commands, with the URL {wanted['url']}"
        )
        return
    if found.get("url") != wanted["url"]:
        yield problem(
            CHECK,
            f"{name} has the Request URL {found.get('url')}, which is not the stack's",
            f"set it to {wanted['url']} under Slash Commands",
        )
    if bool(found.get("should_escape")) != wanted["should_escape"]:
        yield problem(
            CHECK,
            f"{name} has 'Escape channels, users, and links' {'on' if found.get('should_escape') else 'off'}",
            f"turn it {'on' if wanted['should_escape'] else 'off'} under Slash Commands",
        )
    for key, title in (("description", "Short Description"), ("usage_hint", "Usage Hint")):
        if (found.get(key) or "") != (wanted.get(key) or ""):
            yield warning(
                CHECK,
                f"{name} has another {title} than the stack",
                f"set it to “{wanted.get(key) or ''}” under Slash Commands",
            )


def _of_scopes(found: Mapping[str, Any], endpoint: Endpoint) -> Iterator[Finding]:
    granted = _part(_part(found, "oauth_config"), "scopes").get("bot") or []
    for scope in app_manifest.scopes(endpoint):
        if scope not in granted:
            yield problem(
                CHECK,
                f"the bot lacks the scope {scope}",
                "add it under OAuth & Permissions, Bot Token Scopes, and install the app again",
            )


def _of_interactivity(found: Mapping[str, Any], endpoint: Endpoint, url: str) -> Iterator[Finding]:
    if not endpoint.interactivity:
        return
    interactivity = _part(_part(found, "settings"), "interactivity")
    its_url = interactivity.get("request_url")
    remedy = f"turn it on under Interactivity & Shortcuts, with the Request URL {url}"
    if not interactivity.get("is_enabled"):
        yield problem(CHECK, "Interactivity is off: nobody gets an answer to a click on a button", remedy)
    elif its_url != url:
        yield problem(CHECK, f"Interactivity has the Request URL {its_url}, which is not the stack's", remedy)


def _of_settings(found: Mapping[str, Any], endpoint: Endpoint) -> Iterator[Finding]:
    settings = _part(found, "settings")
    if settings.get("socket_mode_enabled"):
        yield problem(CHECK, "Socket Mode is on: Slack calls no Request URL", "turn it off under Socket Mode")
    if settings.get("token_rotation_enabled") and endpoint.app_posts:
        # https://docs.slack.dev/authentication/using-token-rotation: it cannot be turned off again.
        yield problem(
            CHECK,
            "token rotation is on: the bot token is good for 12 hours only",
            "create the app anew, without token rotation, which cannot be turned off",
        )


def _slash_commands(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _part(found, "features").get("slash_commands") or []


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = document.get(name)
    return part if isinstance(part, dict) else {}
