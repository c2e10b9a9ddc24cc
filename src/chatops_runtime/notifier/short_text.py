"""Short pieces of a message's text, of a width that can be relied on."""

from __future__ import annotations

from datetime import datetime, timezone

from chatops_runtime.notifier.envelope import unix_time
from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.plain_text import clean, one_line

# What is made fit to be shown before it is cut: control sequences take some of a text.
_LONGEST_LOOKED_AT = 20_000


def short(text: object, limit: int) -> str:
    """`text` on one line, as markup of at most `limit` characters; `…` says that it was cut."""
    line = one_line(str(text)[:_LONGEST_LOOKED_AT], _LONGEST_LOOKED_AT)
    if text_budget.width(line) > limit:
        line = text_budget.cut(line, limit - 1).rstrip() + "…"
    return mrkdwn.literal(line)


def paragraph(text: object, limit: int) -> str:
    """The same on as many lines as it has."""
    lines = clean(str(text)[:_LONGEST_LOOKED_AT]).strip()
    if text_budget.width(lines) > limit:
        lines = text_budget.cut(lines, limit - 1).rstrip() + "…"
    return mrkdwn.escape(lines)


def bold(text: object, limit: int, url: str | None = None) -> str:
    """`text` on one line, bold: without what would end that in the middle; a link if there is somewhere to lead."""
    label = short(str(text).replace("*", "∗"), limit - 2) or "(nothing)"
    return f"*{label}*" if url is None else f"*{link(label, url)}*"


def link(label: str, url: str) -> str:
    """`label`, which is markup already, as a link."""
    return f"<{mrkdwn.escape(url)}|{label.replace('|', '¦')}>"


def moment(text: object) -> str:
    """A moment such as `2026-11-22T01:03:50Z` in the zone of whoever reads it; anything else as it is.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    seconds = unix_time(text)
    if seconds is None or seconds < 0:
        return short(text, 60)
    fallback = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"<!date^{int(seconds)}^{{date_short_pretty}} {{time_secs}}|{fallback}>"
