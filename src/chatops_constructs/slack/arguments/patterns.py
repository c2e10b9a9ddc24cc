"""Regular expressions that are matched while Slack waits: those that may take for ever are refused.

A backtracking matcher takes exponential time where something is repeated whose own length varies: `(a+)+`, `(a|aa)*`
(https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS). Such nesting is refused, the few
harmless cases as well; what is left takes polynomial time, and texts are short.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems

MOST_CHARACTERS = 200

MOST_REPEATS_OF_A_GROUP = 10
"""So often a group of varying length may be repeated: `(\\d{1,3}\\.){3}` is harmless."""

# A character of a pattern, escaped or not, a whole set of characters, or a quantifier.
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*(?:,\d*)?\}|.", re.DOTALL)
_QUANTIFIER = re.compile(r"\{(\d*)(,?)(\d*)\}")


def check_pattern(problems: Problems, pattern: object, parameter: str = "pattern") -> None:
    """Note a problem unless `pattern` is a regular expression that is soon matched.

    Args:
        problems: Where it is noted.
        pattern: What the caller gave.
        parameter: As which parameter.
    """
    problems.check(
        isinstance(pattern, str) and 0 < len(pattern) <= MOST_CHARACTERS and _compiles(pattern),
        parameter,
        pattern,
        f"a regular expression of Python's, of up to {MOST_CHARACTERS} characters and without (?x)",
        "try it with re.compile",
        tokens=False,
    )
    problems.check(
        not (isinstance(pattern, str) and _compiles(pattern) and _may_take_for_ever(pattern)),
        parameter,
        pattern,
        "one in which nothing is repeated whose own length varies, as in (a+)+ or (a|aa)*, which may take for ever",
        "write it without the inner or the outer repetition, such as [a-z,]+ for ([a-z]+,)+",
    )


def _compiles(pattern: str) -> bool:
    try:
        return not re.compile(pattern).flags & re.VERBOSE
    except (re.error, OverflowError, RecursionError):
        return False


def _may_take_for_ever(pattern: str) -> bool:
    varies = [False]  # whether the length of what was read of the group varies, for each group that is open
    group_varies = False  # the same of the group that was just closed
    tokens = _TOKEN.findall(pattern)
    for before, token in zip(["", *tokens], tokens, strict=False):
        if token == "(":  # noqa: S105 - no password
            varies.append(False)
        elif token == ")":  # noqa: S105
            group_varies = varies.pop()
            varies[-1] |= group_varies
        elif token == "|":  # noqa: S105
            varies[-1] = True
        elif (limits := _limits(token)) and before != "(":
            least, most = limits
            if before == ")" and group_varies and most > MOST_REPEATS_OF_A_GROUP:
                return True
            varies[-1] |= least != most
    return False


def _limits(token: str) -> tuple[int, float] | None:
    """How often a quantifier repeats what is before it; None if the token is none."""
    simple: dict[str, tuple[int, float]] = {"*": (0, float("inf")), "+": (1, float("inf")), "?": (0, 1)}
    found = _QUANTIFIER.fullmatch(token)
    if not found or token in {"{}", "{,}"}:
        return simple.get(token)
    least, comma, most = found.groups()
    return int(least or 0), float(most or "inf") if comma else float(least)
