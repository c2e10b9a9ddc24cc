"""Filter patterns of text, as FilterLogEvents reads them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html: terms are case-sensitive, all of
them have to be in a line; in double quotes they may hold anything, `?` stands before terms of which one is enough, `-`
before those that must not be there, and what stands between two `%` is a regular expression. MiniStack reads a quoted
phrase word by word, in any case, and `?` and `*` as placeholders.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops_local.ministack.logs.answers import RefusedError
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Callable

_compile_filter_pattern = private("services.cloudwatch_logs:_compile_filter_pattern", "raw")

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
MOST_CHARACTERS = 1024

_TERM = re.compile(r'(?P<sign>[?-]?)(?:"(?P<phrase>[^"\\]*)"|%(?P<regex>[^%]*)%|(?P<word>[A-Za-z0-9_]+))(?=\s|$)\s*')


def apply() -> None:
    """Evaluate them so, wherever MiniStack does; JSON and space-delimited patterns as MiniStack does."""
    _compile_filter_pattern.wrap(_compiled)


def _compiled(original: Untyped) -> Untyped:
    def compile_filter_pattern(raw: str) -> Callable[[str], bool]:
        pattern = (raw or "").strip()
        if len(pattern) > MOST_CHARACTERS:
            raise RefusedError("InvalidParameterException", f"filterPattern has more than {MOST_CHARACTERS} characters")
        if pattern.startswith(("{", "[")):
            matcher: Callable[[str], bool] = original(pattern)
            return matcher
        return _matcher(pattern)

    return compile_filter_pattern


def _matcher(pattern: str) -> Callable[[str], bool]:
    needed: list[Callable[[str], bool]] = []
    any_of: list[Callable[[str], bool]] = []
    at = 0
    while at < len(pattern):
        found = _TERM.match(pattern, at)
        if found is None:
            raise RefusedError(
                "InvalidParameterException", f"Invalid filter pattern, from {pattern[at : at + 20]!r} on"
            )
        at = found.end()
        contains = _containing(found)
        if found["sign"] == "?":
            any_of.append(contains)
        elif found["sign"] == "-":
            needed.append(lambda line, contains=contains: not contains(line))  # type: ignore[misc]
        else:
            needed.append(contains)
    return lambda line: all(each(line) for each in needed) and (not any_of or any(each(line) for each in any_of))


def _containing(found: re.Match[str]) -> Callable[[str], bool]:
    if found["regex"] is not None:
        regex = re.compile(found["regex"])
        return lambda line: regex.search(line) is not None
    text = found["word"] if found["phrase"] is None else found["phrase"]
    return lambda line: text in line
