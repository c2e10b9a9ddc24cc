"""One outcome as a row of a table: what differs from run to run is made the same, and nothing is markup but code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.end_to_end.faults.outcome import Outcome

ID = "5e9c0d86b4"
USER = "taro"
CHANNEL = "#ops"

_CHANGING = (
    (re.compile(r" \(https://console\.aws\.amazon\.com/[^)\s]*\)"), " (a link)"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "7f0c3d1e"),
    (re.compile(r"\bi-[0-9a-f]{17}\b"), "i-0123456789abcdef0"),
    (re.compile(r"arn:aws:[^\s'\"`]+"), "arn:aws:…"),
    (re.compile(r"(?<=/chatops/)[\w-]+(?=/off-switch)"), "ENDPOINT"),
)
_EMOJI = {":white_check_mark:": "✅", ":x:": "❌", ":no_entry:": "⛔", ":warning:": "⚠️"}
_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_LINES_OF_OUTPUT = 3
_CODE = re.compile(r"(`[^`]*`)")
_BOLD = re.compile(r"\*(`[^`\n]*`)\*")


def cells(outcome: Outcome) -> list[str]:
    """What was seen, how often it ran, whether it is lost, where it shows."""
    seen = [f"*{each.by}:* {_text(each.text, outcome)}" for each in outcome.seen]
    return [
        "<br>".join(seen) or "nothing",
        str(outcome.runs),
        outcome.kept.value,
        "<br>".join(_text(each, outcome) for each in outcome.shows),
    ]


def _text(text: str, outcome: Outcome) -> str:
    if outcome.id:
        text = text.replace(outcome.id, ID).replace(outcome.id[:10], ID)
        text = text.replace(outcome.user, USER).replace(outcome.channel, CHANNEL)
    for changing, constant in _CHANGING:
        text = changing.sub(constant, text)
    for name, emoji in _EMOJI.items():
        text = text.replace(name, emoji)
    text = _BOLD.sub(r"\1", _FENCE.sub(_output, text)).replace("|", "&#124;")
    parts = _CODE.split(text)
    # Every second part is code.
    return "".join(part if index % 2 else _plain(part) for index, part in enumerate(parts))


def _output(fence: re.Match[str]) -> str:
    """Output as one line of code, without what is in the middle of much."""
    lines = [line.strip() for line in fence[1].splitlines()]
    if len(lines) > _LINES_OF_OUTPUT:
        lines = [*lines[:2], "…", lines[-1]]
    return f"`{' ⏎ '.join(lines)}`"


def _plain(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("&amp;#124;", "&#124;")
    return re.sub(r"([*_\[\]])", r"\\\1", text).replace("\n", "<br>")
