"""How much of a text a message has room for, and how several texts share it.

Slack recommends 4,000 characters, cuts a text off at 40,000 without a word
(https://docs.slack.dev/changelog/2018-truncating-really-long-messages), and refuses some messages beyond about 13,200
(https://github.com/slackapi/bolt-js/issues/2509).
Characters are counted as Slack counts them, by the safest reading: after escaping, and in UTF-16 units.
"""

from __future__ import annotations

import re
import unicodedata

MESSAGE = 12_000
"""For the text of one message, all in all."""

RECOMMENDED = 3_500
"""For what is shown of a text that comes as a file as well, so that the message stays below the 4,000 characters that
Slack recommends: https://docs.slack.dev/reference/methods/chat.postMessage#truncating."""

_ESCAPED_WIDTH = {"&": 5, "<": 4, ">": 4}
# Variation selectors are combining marks; joiners and skin tones belong to the emoji before them as well.
_CONTINUES = frozenset({"\u200d", *map(chr, range(0x1F3FB, 0x1F400))})
_OPEN_MARKUP = re.compile(r"&[a-z]{0,4}\Z|<[^<>]*\Z")


def width(text: str) -> int:
    """How many characters of a message `text` takes once it is escaped."""
    return sum(map(_width, text))


def units(text: str) -> int:
    """How many characters of a message `text` takes that is Slack's markup already."""
    return sum(map(_units, text))


def cut(text: str, limit: int) -> str:
    """The beginning of the plain `text` that takes at most `limit` once it is escaped, in whole characters."""
    taken = 0
    for index, character in enumerate(text):
        taken += _width(character)
        if taken > limit:
            return text[: _boundary(text, index)]
    return text


def at_line_end(part: str) -> str:
    """A `part` that was cut off a text, without its last line, unless that is most of it."""
    end = part.rfind("\n") + 1
    return part[:end] if end > len(part) // 2 else part


def cut_beginning(text: str, limit: int) -> str:
    """The end of the plain `text` that takes at most `limit` once it is escaped, in whole characters."""
    taken = 0
    for index in range(len(text) - 1, -1, -1):
        taken += _width(text[index])
        if taken > limit:
            return text[_boundary_after(text, index + 1) :]
    return text


def cut_markup(text: str, limit: int) -> str:
    """The beginning of `text`, which is Slack's markup already, without half an entity, mention or link at its end."""
    taken = 0
    for index, character in enumerate(text):
        taken += _units(character)
        if taken > limit:
            return _OPEN_MARKUP.sub("", text[: _boundary(text, index)])
    return text


def fair_shares(wanted: list[int], budget: int) -> list[int]:
    """What each gets of `budget`: no more than wanted, and nobody less than another unless content with it."""
    shares = [0] * len(wanted)
    left = max(budget, 0)
    for served, index in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        shares[index] = min(wanted[index], left // (len(wanted) - served))
        left -= shares[index]
    return shares


def _width(character: str) -> int:
    return _ESCAPED_WIDTH.get(character) or _units(character)


def _units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


def _boundary(text: str, index: int) -> int:
    """The last place up to `index` that does not split an accent from its letter or an emoji into its parts."""
    while index > 0 and (_continues(text[index]) or text[index - 1] == "\u200d"):
        index -= 1
    return index


def _boundary_after(text: str, index: int) -> int:
    """The first place from `index` on that does not split an accent from its letter or an emoji into its parts."""
    while index < len(text) and (_continues(text[index]) or text[index - 1] == "\u200d"):
        index += 1
    return index


def _continues(character: str) -> bool:
    return character in _CONTINUES or unicodedata.category(character).startswith("M")
