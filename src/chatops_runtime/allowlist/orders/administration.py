"""What those type who look after all entries: `list`, `add CIDR [for 8h] [note…]`, `revoke WHOM`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.allowlist import ranges
from chatops_runtime.allowlist.orders.error import OrderError
from chatops_runtime.contracts.allowlist import LONGEST_NOTE
from chatops_runtime.contracts.ip_ranges import IpRangeError
from chatops_runtime.durations import leading, spelled
from chatops_runtime.slack.plain_text import one_line

if TYPE_CHECKING:
    from chatops_runtime.contracts.ip_ranges import Network

USAGE = "list | add CIDR [for 8h] [note…] | revoke OWNER|CIDR|@user"

SHORTEST_SECONDS = 60
LONGEST_SECONDS = 365 * 86_400


@dataclass(frozen=True)
class ListAll:
    """Say what is registered."""


@dataclass(frozen=True)
class Add:
    """Register a range.

    Attributes:
        network: The range.
        seconds: For how long; None: for as long as everybody's.
        note: A text, which may be empty.
    """

    network: Network
    seconds: int | None
    note: str


@dataclass(frozen=True)
class Revoke:
    """Let entries no longer count.

    Attributes:
        whom: An owner, a range, a name, or a user whom Slack mentions.
    """

    whom: str


def parse(text: str) -> ListAll | Add | Revoke:
    """The order in what was typed; nothing typed asks for the list.

    Raises:
        OrderError: It is none.
    """
    verb, *rest = text.split(maxsplit=1) if text.strip() else ["list"]
    following = rest[0].strip() if rest else ""
    if verb.lower() == "add":
        return _add(following)
    if verb.lower() == "revoke":
        if not following:
            raise OrderError("after revoke comes an owner, a range, a name or a user")
        return Revoke(following)
    if verb.lower() != "list":
        raise OrderError("the first word is none of list, add and revoke")
    if following:
        raise OrderError("nothing is expected after list")
    return ListAll()


def _add(text: str) -> Add:
    cidr, *rest = text.split(maxsplit=1) if text else [""]
    try:
        network = ranges.of_text(cidr)
    except IpRangeError as error:
        raise OrderError(str(error)) from None
    seconds, note = _for(rest[0].strip() if rest else "")
    if len(note) > LONGEST_NOTE:
        raise OrderError(f"the note has {len(note)} characters; at most {LONGEST_NOTE} are kept")
    return Add(network, seconds, one_line(note, LONGEST_NOTE))


def _for(text: str) -> tuple[int | None, str]:
    """For how long, and what follows."""
    first, *rest = text.split(maxsplit=1) if text else [""]
    if first.lower() != "for":
        if leading(text) is not None:
            # Taken as a note, it would register the range for another time than was meant.
            raise OrderError("a duration comes after the word for: `add 192.0.2.0/24 for 8h`")
        return None, text
    found = leading(rest[0] if rest else "")
    if found is None:
        raise OrderError("after for comes a duration, such as 30m, 8h or 30 days")
    seconds, note = found
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise OrderError(f"a duration is from {spelled(SHORTEST_SECONDS)} to {spelled(LONGEST_SECONDS)}")
    return seconds, note
