"""What is said to whoever asked, in Slack's markup. It mentions nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.durations import spelled
from chatops_runtime.maintenance.orders import USAGE
from chatops_runtime.slack.moment import moment
from chatops_runtime.slack.mrkdwn import code, literal

if TYPE_CHECKING:
    from chatops_runtime.maintenance.orders import OrderError
    from chatops_runtime.maintenance.state import Change, State

SHOWN_CHANGES = 3
REACH = "It takes AWS WAF seconds to minutes to reach all places."
BEHIND = (
    ":warning: This is stored, but AWS WAF has not taken it yet ({trouble}). It is tried again every minute; ask for "
    "the status in a while."
)


def usage(error: OrderError) -> str:
    """Why what was typed is no order, and what is one."""
    return f":x: Nothing was changed: {literal(str(error))}. Write {code(USAGE)}"


def switched(state: State, now: float, *, already: bool) -> str:
    """What the order made of the switch."""
    closing = state.closing(now)
    if closing is not None:
        return f"{_closed(closing, now)} {REACH}"
    return (
        ":white_check_mark: The site was open already." if already else f":white_check_mark: The site is open. {REACH}"
    )


def repeated(state: State, now: float) -> str:
    """To a request that was heeded before."""
    return f"This request was heeded before; now: {_now(state, now)}"


def status(state: State, now: float, *, sets: str) -> str:
    """All that is known."""
    lines = [_now(state, now), f"IP sets: {sets}"]
    if state.healed_at is not None:
        lines.append(f"The IP sets had been changed by somebody else and were put right at {moment(state.healed_at)}")
    lines += [f"• {_told(change)}" for change in state.changes[:SHOWN_CHANGES]]
    return "\n".join(lines)


def _now(state: State, now: float) -> str:
    closing = state.closing(now)
    return ":white_check_mark: The site is open." if closing is None else _closed(closing, now)


def _closed(change: Change, now: float) -> str:
    since = change.at if change.since is None else change.since
    end = (
        "until somebody opens it"
        if change.until is None
        else f"until {moment(change.until)}, for {spelled(change.until - now)} from now"
    )
    return f":construction: *The site is closed* since {moment(since)}, {end}. {_by(change)}."


def _told(change: Change) -> str:
    until = f" until {moment(change.until)}" if change.until is not None else ""
    return f"{moment(change.at)}: {'closed' if change.on else 'opened'}{until}. {_by(change)}"


def _by(change: Change) -> str:
    return f"By {literal(change.by)}" + (f": {literal(change.reason)}" if change.reason else "")
