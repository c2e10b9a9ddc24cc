"""What people type: `on [for 30m] [reason…]`, `off`, `status`."""

from __future__ import annotations

from dataclasses import dataclass

from chatops_runtime.contracts.maintenance import LONGEST_REASON, LONGEST_SECONDS, SHORTEST_SECONDS
from chatops_runtime.durations import leading, spelled
from chatops_runtime.slack.plain_text import one_line

USAGE = "on [for 30m] [reason…] | off | status"


class OrderError(ValueError):
    """What was typed is no order. The text says why, without what was typed."""


@dataclass(frozen=True)
class On:
    """Close the site.

    Attributes:
        seconds: For so long; None: until somebody opens it.
        reason: Why; empty without one.
    """

    seconds: int | None
    reason: str


@dataclass(frozen=True)
class Off:
    """Open the site."""


@dataclass(frozen=True)
class Status:
    """Say how it is."""


def parse(text: str) -> On | Off | Status:
    """The order in what was typed; nothing typed asks for the status.

    Raises:
        OrderError: It is none.
    """
    verb, *rest = text.split(maxsplit=1)[:2] if text.strip() else ["status"]
    following = rest[0].strip() if rest else ""
    if verb.lower() == "on":
        return _on(following)
    if verb.lower() not in ("off", "status"):
        raise OrderError("the first word is none of on, off and status")
    if following:
        raise OrderError(f"nothing is expected after {verb.lower()}")
    return Off() if verb.lower() == "off" else Status()


def _on(text: str) -> On:
    first, *rest = text.split(maxsplit=1)[:2] if text else [""]
    if first.lower() != "for":
        if leading(text) is not None:
            # Taken as a reason, it would close the site without an end.
            raise OrderError("a duration comes after the word for: `on for 30m`")
        return On(None, _reason(text))
    found = leading(rest[0] if rest else "")
    if found is None:
        raise OrderError("after for comes a duration in hours and minutes, such as 30m, 1h30m or 90 minutes")
    seconds, reason = found
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise OrderError(f"a duration is from {spelled(SHORTEST_SECONDS)} to {spelled(LONGEST_SECONDS)}")
    return On(seconds, _reason(reason))


def _reason(text: str) -> str:
    if len(text) > LONGEST_REASON:
        raise OrderError(f"the reason has {len(text)} characters; at most {LONGEST_REASON} are kept")
    return one_line(text, LONGEST_REASON)
