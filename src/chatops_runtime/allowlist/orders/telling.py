"""What is said to whoever typed something, in Slack's markup. It mentions nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.durations import spelled
from chatops_runtime.slack import text_budget
from chatops_runtime.slack.moment import moment
from chatops_runtime.slack.mrkdwn import code, literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.allowlist.entry import Entry
    from chatops_runtime.allowlist.standing import Standing

SHOWN_ENTRIES = 30
HEAD_ROOM = 1000
"""Characters of a message, for what is said beside the lines."""

NOTHING_OWN = "Nothing of yours is registered."
NOTHING_BUT_LINKS = "Nothing of that owner is registered. Links that were made and not used are of no use any more."
BUSY = ":x: Too many register at this moment. Look at the list, and try again in a few seconds."
REACH = "It takes a minute or so until AWS WAF has it in all places."


def usage(problem: str, expected: str) -> str:
    """Why nothing was done, and what may be typed."""
    return f":x: Nothing was changed: {literal(problem)}. Write {code(expected)}"


def link(url: str, expires_at: int, now: float, valid_seconds: int) -> str:
    """A one-time link, for its owner alone."""
    return (
        f":key: Open <{url}|your personal link> where you want to come from, and press the button there: it lets the"
        f" addresses of that connection, IPv4 and IPv6, through for {spelled(valid_seconds)}. It can be used once,"
        f" until {moment(expires_at)} ({spelled(expires_at - now)} from now). Do not pass it on: whoever opens it"
        " registers in your name."
    )


def own(entries: Sequence[Entry]) -> str:
    """One's own entries."""
    if not entries:
        return f"{NOTHING_OWN} Write the command without anything after it for a link."
    return "\n".join(["Registered for you:", *(f"• {_range(entry)}" for entry in entries)])


def everybody(entries: Sequence[Entry], standing: Standing) -> str:
    """All entries, those that end first at the top, as many as can be read, and how the IP sets are."""
    soonest_first = sorted(entries, key=lambda entry: (entry.expires_at, entry.id))
    families = [sum(entry.family == family for entry in entries) for family in (4, 6)]
    lines = [f"*{len(entries)} registered*, {families[0]} of IPv4, {families[1]} of IPv6. {_sets(standing)}"]
    lines += _that_fit(
        [f"• {_range(entry)}, {code(entry.owner.id)}, by {literal(entry.by)}" for entry in soonest_first]
    )
    return "\n".join(lines)


def added(entry: Entry) -> str:
    """A range that an administrator has added."""
    return f":white_check_mark: Registered: {_range(entry)}. {REACH}"


def revoked(entries: Sequence[Entry]) -> str:
    """Entries that count no more."""
    lines = [f"• {code(str(entry.network))} of {literal(entry.owner.name)}" for entry in entries]
    return "\n".join([":wastebasket: Revoked:", *_that_fit(lines), REACH])


def _that_fit(lines: Sequence[str]) -> list[str]:
    """The first lines, as many as somebody reads and a message holds, and how many were left out."""
    shown: list[str] = []
    room = text_budget.MESSAGE - HEAD_ROOM
    for line in lines[:SHOWN_ENTRIES]:
        room -= text_budget.units(line)
        if room < 0:
            break
        shown.append(line)
    left_out = len(lines) - len(shown)
    return [*shown, f"…and {left_out} more."] if left_out else shown


def _range(entry: Entry) -> str:
    note = f": {literal(entry.note)}" if entry.note else ""
    return f"{code(str(entry.network))} until {moment(entry.expires_at)}{note}"


def _sets(standing: Standing) -> str:
    if standing.in_line_at is None:
        return "The IP sets have not been brought in line yet."
    said = f"IP sets in line at {moment(standing.in_line_at)}."
    if standing.healed_at is not None:
        said += f" Somebody else had changed them; put right at {moment(standing.healed_at)}."
    return said
