"""Is a response URL Slack's, and the expected team's?

The function that posts there holds results of commands, so a URL that leads anywhere else must never be followed. The
whole URL is held to one plain shape, which has no room for ports, user names, dots in the path, queries or escapes.
That of a slash command has `commands` in its path, that of a click `actions`, that of a message shortcut `app-actions`:
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

MALFORMED = "response_url_malformed"
OTHER_HOST = "response_url_of_another_host"
OTHER_TEAM = "response_url_of_another_team"

HOST = "hooks.slack.com"
GOV_HOST = "hooks.slack-gov.com"
"""https://docs.slack.dev/govslack: GovSlack's host."""

_SHAPE = re.compile(
    r"https://(?P<host>[a-z0-9.-]+)/(?:commands|actions|app-actions)/(?P<owner>[A-Z0-9]+)(?:/[A-Za-z0-9_-]+)+", re.ASCII
)


def refusal(url: str, owners: Container[str]) -> str | None:
    """Why `url` is not to be posted to: one of this module's names, or None when it is one of `owners`' URLs.

    Args:
        url: The response_url of a slash command or a click.
        owners: Ids that may own it: the team's, and the enterprise's for an app installed to a whole organisation.
    """
    match = _SHAPE.fullmatch(url)
    if match is None:
        return MALFORMED
    if match["host"] not in {HOST, GOV_HOST}:
        return OTHER_HOST
    return None if match["owner"] in owners else OTHER_TEAM


def owner(url: str) -> str | None:
    """The team's (or enterprise's) id in `url`, or None when it is no response URL of Slack's."""
    match = _SHAPE.fullmatch(url)
    return match["owner"] if match is not None and match["host"] in {HOST, GOV_HOST} else None


def is_gov(url: str) -> bool:
    """Whether `url` is GovSlack's, whose Web API has a host of its own."""
    return url.startswith(f"https://{GOV_HOST}/")
