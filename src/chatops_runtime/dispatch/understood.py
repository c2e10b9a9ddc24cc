"""What a command's arguments mean, for the acknowledgement: not what was typed, but what came of it."""

from __future__ import annotations

from chatops_runtime.contracts.request import as_text
from chatops_runtime.durations import spelled
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.plain_text import spelled_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Value

_LONGEST_VALUE = 60
_LONGEST = 2_000
"""About: above a button it has to go into a section of 3,000 characters."""


def words(arguments: Mapping[str, Value], declarations: Iterable[ArgumentDeclaration]) -> str:
    """A line with each value that is known, and a line break before it.

    Args:
        arguments: The values.
        declarations: What the arguments are declared as.
    """
    kinds = {declared["name"]: declared["kind"] for declared in declarations}
    listed: list[str] = []
    for name, value in arguments.items():
        if sum(map(len, listed)) > _LONGEST:
            listed.append("…")
            break
        if value is not None:
            listed.append(f"{mrkdwn.code(name)} is {mrkdwn.code(_cut(_shown(value, kinds.get(name))))}")
    return f"\n{', '.join(listed)}" if listed else ""


def _shown(value: Value, kind: str | None) -> str:
    """As scripts get it, but for seconds, in which nobody counts hours."""
    text = as_text(value)
    if kind == "duration" and text.isdecimal():
        return spelled(int(text))
    if kind == "time" and text.startswith("-"):
        return f"{spelled(int(text[1:]))} ago"
    return text


def _cut(text: str) -> str:
    shown = spelled_out(text)
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[: _LONGEST_VALUE - 1]}…"
