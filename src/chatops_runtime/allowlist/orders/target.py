"""Whose entries an administrator means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.allowlist.entry import IAM, RANGE, SECRET, SLACK
from chatops_runtime.allowlist.orders.error import OrderError
from chatops_runtime.contracts.ip_ranges import IpRangeError, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.allowlist.entry import Entry

SHOWN_OWNERS = 5

# https://docs.slack.dev/interactivity/implementing-slash-commands: with "escape channels, users, and links".
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", re.ASCII)
_OWNER = re.compile(rf"(?:{SLACK}|{IAM}|{SECRET}|{RANGE}):\S+")


@dataclass(frozen=True)
class Meant:
    """What is to be revoked.

    Attributes:
        entries: The entries.
        owner_ids: Whose links are to end as well. Nobody's if a range was named, which may be one of several of theirs.
    """

    entries: list[Entry]
    owner_ids: tuple[str, ...]


def meant(whom: str, entries: Sequence[Entry]) -> Meant:
    """What is meant: an owner, just a range, or the one owner of a name.

    Args:
        whom: What was typed.
        entries: All that count.

    Raises:
        OrderError: Several owners have that name.
    """
    owner_id = _owner(whom)
    if owner_id is not None:
        return Meant([entry for entry in entries if entry.owner.id == owner_id], (owner_id,))
    try:
        network = parse(whom)
    except IpRangeError:
        return _named(whom.removeprefix("@"), entries)
    return Meant([entry for entry in entries if entry.network == network], ())


def _owner(whom: str) -> str | None:
    """The id of an owner that is named beyond doubt, whether there are entries or not."""
    mention = _MENTION.fullmatch(whom)
    if mention:
        return f"{SLACK}:{mention[1]}"
    return whom if _OWNER.fullmatch(whom) else None


def _named(name: str, entries: Sequence[Entry]) -> Meant:
    found = [entry for entry in entries if entry.owner.name == name]
    owners = sorted({entry.owner.id for entry in found})
    if len(owners) > 1:
        shown = ", ".join(owners[:SHOWN_OWNERS])
        more = f" and {len(owners) - SHOWN_OWNERS} more" if len(owners) > SHOWN_OWNERS else ""
        raise OrderError(f"{len(owners)} owners have that name: {shown}{more}; say which one")
    return Meant(found, tuple(owners))
