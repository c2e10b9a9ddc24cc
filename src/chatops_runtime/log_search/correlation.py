"""Keys in lines that were found, by which other services name the same transaction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chatops_runtime.log_search.line import Line
    from chatops_runtime.log_search.term import Term

MOST_KEYS = 5
"""More would be no transaction any more."""

LONGEST_KEY = 100
LEAST_KEY = 6
"""Characters. A shorter one stands in too many lines that have nothing to do with it."""


def keys_in(lines: Iterable[Line], patterns: Sequence[str], term: Term) -> list[str]:
    """The first keys in the time line that are not what was searched for already.

    Args:
        lines: The time line.
        patterns: Regular expressions; of one with a group, the group is the key.
        term: What was searched for.
    """
    keys: dict[str, None] = {}
    if not patterns:
        return []
    compiled = [re.compile(pattern) for pattern in patterns]
    for line in lines:
        for pattern in compiled:
            for match in pattern.finditer(line.text):
                key = match[1 if pattern.groups else 0] or ""
                if LEAST_KEY <= len(key) <= LONGEST_KEY and not any(key in text or text in key for text in term.texts):
                    keys[key] = None
                if len(keys) == MOST_KEYS:
                    return list(keys)
    return list(keys)
