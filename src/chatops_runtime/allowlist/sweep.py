"""Deletes what has been over for long, and puts counts right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.allowlist import counts
from chatops_runtime.allowlist.actions import delete
from chatops_runtime.allowlist.entry import TRACE_SECONDS
from chatops_runtime.allowlist.registrations import unchanged
from chatops_runtime.allowlist.table import ConditionsFailedError
from chatops_runtime.contracts import allowlist as contract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.allowlist.actions import Action
    from chatops_runtime.allowlist.counts import Count
    from chatops_runtime.allowlist.entry import Entry
    from chatops_runtime.allowlist.table import Table

AT_ONCE = 50
"""Entries in one transaction, of the 100 items that it takes."""


def sweep(table: Table, entries: Sequence[Entry], *, now: float, deadline: float) -> int:
    """Delete entries that have been over for long, and say how many those were.

    Args:
        table: The table.
        entries: As they were read. One that was renewed since stays.
        now: Unix time in seconds.
        deadline: Unix time in seconds, until which others who write are waited for.

    Raises:
        BusyError: The time was up.
    """
    over = [entry for entry in entries if entry.expires_at <= now - TRACE_SECONDS]
    swept = 0
    for family in counts.FAMILIES:
        of_family = [entry for entry in over if entry.family == family]
        for first in range(0, len(of_family), AT_ONCE):
            swept += _delete(table, of_family[first : first + AT_ONCE], family, deadline)
    return swept


def _delete(table: Table, entries: list[Entry], family: int, deadline: float) -> int:
    """Delete those that are as they were read, and count them no longer."""
    kept = entries
    while kept:
        refused = _refused(table, [*map(_deletion, kept), counts.fewer(family, len(kept))], deadline)
        if not refused:
            break
        kept = [entry for number, entry in enumerate(kept) if number not in refused]
    return len(kept)


def _refused(table: Table, actions: list[Action], deadline: float) -> frozenset[int]:
    """Which of the actions' conditions do not hold; none if all was written."""
    try:
        table.write(*actions, deadline=deadline)
    except ConditionsFailedError as error:
        return error.which
    return frozenset()


def _deletion(entry: Entry) -> Action:
    condition, values = unchanged(entry)
    return delete(contract.ENTRY, entry.id, condition, **values)


def correct(table: Table, family: int, seen: Count, entries: int, *, deadline: float) -> bool:
    """Put the count of a family right, if it is wrong; whether it was put right.

    Args:
        table: The table.
        family: 4 or 6.
        seen: The count as it was before the entries were read.
        entries: How many there were.
        deadline: Unix time in seconds.
    """
    if seen.entries == entries:
        return False
    try:
        table.write(counts.corrected(family, seen, entries), deadline=deadline)
    except ConditionsFailedError:
        # Entries came or went meanwhile: it may be right. The next minute looks again.
        return False
    return True
