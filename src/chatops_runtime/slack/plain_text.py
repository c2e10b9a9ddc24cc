"""Output of programs made fit to be shown: no terminal escapes, no control, direction or invisible characters."""

from __future__ import annotations

import re
import unicodedata

# ECMA-48 control sequences, introduced by ESC or by the one-character C1 form. A string sequence (OSC, DCS, SOS, PM,
# APC) is removed with its content if it ends on its line; an unterminated one loses only its introducer, lest it take
# the rest of the output with it.
_STRING_CONTENT = r"[^\n\x07\x1b\x90\x98\x9b-\x9f]*"
_SEQUENCES = re.compile(
    rf"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f]){_STRING_CONTENT}(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)
_NOT_PLAIN = re.compile(r"[^\n\t\x20-\x7e]")
# Control, format (bidirectional controls, zero-width characters, tags) and lone surrogates: nothing to look at.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_LINE_BREAKS = frozenset("\u0085\u2028\u2029")

_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI = "\u00a9\u00ae\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_LOOSE_JOINER = re.compile(f"(?<![{_EMOJI}]){_ZERO_WIDTH_JOINER}|{_ZERO_WIDTH_JOINER}(?![{_EMOJI}])")


def clean(text: str) -> str:
    r"""`text` with printable characters, `\n` and `\t` only.

    A lone carriage return means what a terminal makes of it: what follows takes the line's place, so that of a
    progress bar only its last state is left. Zero-width joiners stay where they join emoji.
    """
    text = _SEQUENCES.sub("", text).replace("\r\n", "\n")
    text = "\n".join(map(_last_state, text.split("\n"))) if "\r" in text else text
    return _LOOSE_JOINER.sub("", _NOT_PLAIN.sub(_visible, text))


def spelled_out(text: str) -> str:
    r"""`text` with what cannot be seen spelled out, as in `\u202e`: for whoever decides by what it says."""
    return "".join(
        character if character == "\n" or character.isprintable() else repr(character)[1:-1] for character in text
    )


def one_line(text: str, limit: int) -> str:
    """`text` cleaned, on one line, of at most `limit` characters; `…` says that it was cut."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _last_state(line: str) -> str:
    return next((state for state in reversed(line.split("\r")) if state), "")


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    if character in _LINE_BREAKS:
        return "\n"
    if character == _ZERO_WIDTH_JOINER:
        return character
    return "" if unicodedata.category(character) in _INVISIBLE else character
