"""Text taken apart word by word, with the quoting that people know from shells.

Between single quotes everything means itself; between double quotes a backslash stands before a double quote or another
backslash; elsewhere it takes the meaning of whatever follows. Nothing is expanded: `$(id)`, `;` and `*` are text.
"""

from __future__ import annotations

import re

from chatops_runtime.arguments.error import ArgumentError
from chatops_runtime.arguments.typed_text import CONTROL

_NAME = re.compile(r"--([A-Za-z][A-Za-z0-9_-]*)(=|(?=\s)|$)")
_LONE_DASHES = re.compile(r"--(?=\s|$)")
_ORDINARY = re.compile(r"""[^\s\\'"<]+""")
_IN_QUOTES = {
    "'": re.compile(r"[^']*"),
    '"': re.compile(r'(?:[^"\\]|\\.)*', re.DOTALL),
}
_ENCLOSED = re.compile(r"""'[^']*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_ESCAPED_IN_QUOTES = re.compile(r'\\(["\\])')


class Words:
    """Goes through a text once: what follows next is asked for as what it has to be."""

    def __init__(self, text: str) -> None:
        """From the beginning of `text`, which is repaired already."""
        self._text = text
        self._at = 0
        self._names_are_over = False
        self.value_is_attached = False
        """Whether the name that was taken last had a `=` after it."""

    def is_over(self) -> bool:
        """Whether there is nothing left but blanks."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at == len(self._text)

    def name(self) -> str | None:
        """The name that follows next, without its dashes; None if something else does. A lone `--` ends all names."""
        if self.is_over() or self._names_are_over:
            return None
        dashes = _LONE_DASHES.match(self._text, self._at)
        if dashes is not None:
            self._at, self._names_are_over = dashes.end(), True
            return None
        found = _NAME.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        self.value_is_attached = found[2] == "="
        return found[1]

    def is_before_a_name(self) -> bool:
        """Whether a name, or what ends all names, follows next."""
        if self.is_over() or self._names_are_over:
            return False
        return any(shape.match(self._text, self._at) for shape in (_NAME, _LONE_DASHES))

    def word(self) -> str:
        """The word that begins right here.

        Raises:
            ArgumentError: A quote is not closed, or the text ends with a backslash.
        """
        parts = []
        while self._at < len(self._text) and not self._text[self._at].isspace():
            parts.append(self._part())
        return "".join(parts)

    def rest(self) -> str:
        """All that is left, without the quotes that enclose it if some do.

        Otherwise it is taken as it is: in prose an apostrophe quotes nothing.
        """
        left = self._text[self._at :].strip()
        self._at = len(self._text)
        enclosed = _ENCLOSED.fullmatch(left)
        return Words(left).word() if enclosed is not None else left

    def _part(self) -> str:
        ordinary = _ORDINARY.match(self._text, self._at)
        if ordinary is not None:
            self._at = ordinary.end()
            return ordinary[0]
        character = self._text[self._at]
        if character in _IN_QUOTES:
            return self._quoted(character)
        control = CONTROL.match(self._text, self._at) if character == "<" else None
        if control is not None:
            self._at = control.end()
            return control[0]
        self._at += 1
        if character != "\\":
            return character
        if self._at == len(self._text):
            raise ArgumentError("The text ends with a backslash, which has to stand before something.")
        self._at += 1
        return self._text[self._at - 1]

    def _quoted(self, quote: str) -> str:
        inside = _IN_QUOTES[quote].match(self._text, self._at + 1)
        end = inside.end() if inside is not None else len(self._text)
        if self._text[end : end + 1] != quote:
            advice = " An apostrophe needs double quotes around its text." if quote == "'" else ""
            raise ArgumentError(f"A quote is not closed: {quote}.{advice}")
        content = self._text[self._at + 1 : end]
        self._at = end + 1
        return content if quote == "'" else _ESCAPED_IN_QUOTES.sub(r"\1", content)
