"""Colours, marks and line breaks."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from dataclasses import dataclass
from typing import TextIO

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NARROWEST = 40
_EMOJI = {
    ":white_check_mark:": "✔",
    ":x:": "✘",
    ":warning:": "⚠",
    ":no_entry:": "⛔",
    ":no_entry_sign:": "⛔",
    ":hourglass:": "⏳",
    ":hourglass_flowing_sand:": "⏳",
    ":raised_hand:": "✋",
    ":grey_question:": "?",
}
"""Shortcodes that Slack shows as pictures."""


@dataclass(frozen=True)
class Style:
    """How text is marked on one stream."""

    colours: bool = False

    @classmethod
    def of(cls, stream: TextIO) -> Style:
        """With colours on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb says otherwise."""
        return cls(stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")

    def good(self, text: str) -> str:
        """Green."""
        return self._in(32, text)

    def bad(self, text: str) -> str:
        """Red."""
        return self._in(31, text)

    def strong(self, text: str) -> str:
        """Bold."""
        return self._in(1, text)

    def faint(self, text: str) -> str:
        """Dim."""
        return self._in(2, text)

    def mark(self, *, ok: bool) -> str:
        """A tick or a cross."""
        return self.good("✔") if ok else self.bad("✘")

    def _in(self, code: int, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours else text


def with_emoji(text: str) -> str:
    """`text` with the commonest of Slack's emoji shortcodes as characters."""
    for shortcode, character in _EMOJI.items():
        text = text.replace(shortcode, character)
    return text


def indented(text: str, indent: str) -> str:
    """`text` in lines that fit the terminal, each behind `indent`.

    What would move the cursor or turn the direction of text is shown as `�`.
    """
    width = max(_NARROWEST, shutil.get_terminal_size((100, 24)).columns - len(indent))
    lines = [line for each in text.expandtabs().splitlines() for line in _wrapped(_CONTROL.sub("�", each), width)]
    return "\n".join((indent + line).rstrip() for line in lines)


def _wrapped(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, replace_whitespace=False, break_on_hyphens=False) or [""]
