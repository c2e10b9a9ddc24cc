"""What came of a question, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.contracts import asking as contract
from chatops_runtime.slack import mrkdwn

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = {
    contract.APPROVED: ":white_check_mark: *Approved*{by}.",
    contract.DENIED: ":no_entry: *Denied*{by}.",
    contract.CONFIRMED: ":white_check_mark: *Confirmed*{by}.",
    contract.DECLINED: ":no_entry_sign: *Not run*: you said no.",
    contract.CHOSEN: ":white_check_mark: *Chosen*{by}.",
    contract.EXPIRED: ":hourglass: *Expired*: there was no answer in time.",
    contract.CANCELLED: ":no_entry_sign: *Cancelled*{by}.",
    contract.CHANGED: ":warning: *Not run*: what would run has changed since it was asked for. Ask again.",
}


def words(state: str, by: Sequence[str]) -> str:
    """In Slack's markup.

    Args:
        state: One of the contract's `ENDINGS`; of another one it is said as it is.
        by: The ids of those who brought it about.
    """
    people = ", ".join(map(mrkdwn.user, by))
    return _WORDS.get(state, f"Over: {mrkdwn.code(state)}{{by}}.").format(by=f" by {people}" if people else "")
