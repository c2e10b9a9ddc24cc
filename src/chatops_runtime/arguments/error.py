"""What is wrong with what was typed."""

from __future__ import annotations

from chatops_runtime.slack import mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_SHOWN = 100


class ArgumentError(ValueError):
    """What was typed does not say what is declared. Its text is in Slack's markup, for who typed it."""


def shown(text: str) -> str:
    """What was typed as inline code, cut if it is long."""
    return mrkdwn.code(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """A question after what is most like what was typed, with a blank before it; empty if nothing is like it."""
    import difflib  # noqa: PLC0415 - only when something is wrong

    by_lower = {name.lower(): name for name in known}
    found = difflib.get_close_matches(typed.lower()[:_LONGEST_SHOWN], by_lower, n=1)
    return f" Did you mean {mrkdwn.code(by_lower[found[0]])}?" if found else ""
