"""What a user typed, as it left the keyboard: before Slack's clients and Slack itself made something else of it.

macOS, iOS and Slack's clients put typographic quotes and dashes for plain ones and no-break spaces for blanks, and
Slack puts mentions and links in angle brackets (https://docs.slack.dev/interactivity/implementing-slash-commands) and
writes `&`, `<` and `>` as entities (https://docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import re

from chatops_runtime.slack import mrkdwn

_EM_DASH = "\u2014"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
        "\u00a0": " ",
        "\u202f": " ",
        _EM_DASH: "--",
    }
)
# Some keyboards make an en dash of two hyphens. Elsewhere it stands between numbers, and stays.
_EN_DASH_OF_A_NAME = re.compile("(?<!\\S)\u2013(?=[A-Za-z])")

CONTROL = re.compile(r"<(?:[@#!][^<>]*|[a-z][a-z0-9+.-]*:[^<>]*)>")
"""A mention or a link as Slack writes it: one word, whatever stands in its label."""

_LINK = re.compile(r"<([a-z][a-z0-9+.-]*:[^<>|]*)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<([@#!][^<>|]*)\|[^<>]*>")
_ADDED = ("http://", "mailto:", "tel:")


def repaired(text: str) -> str:
    """`text` with plain quotes, dashes and blanks."""
    return _EN_DASH_OF_A_NAME.sub("--", text).translate(_PLAIN)


def plain(text: str) -> str:
    """`text` with links as they were typed, mentions without the names beside their ids, and no entities."""
    return mrkdwn.unescape(_MENTION.sub(r"<\1>", _LINK.sub(_as_typed, text)))


def _as_typed(link: re.Match[str]) -> str:
    """Of `<http://example.com|example.com>` what was typed. A label that says something else is not believed."""
    address, label = link[1], link[2]
    if label and any(address == added + label for added in _ADDED):
        return label
    return address
