"""How many entries there are of each family: counted with each of them, in the same transaction.

Each change of a count makes the item's `changes` one more. So whoever has read an item, then counted the entries, and
writes what was counted under the condition that `changes` is as it was, knows that none came or went meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.allowlist.actions import Action, update
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.contracts.ip_ranges import MAXIMUM

if TYPE_CHECKING:
    from chatops_runtime.allowlist.table import Table

FAMILIES = (4, 6)


@dataclass(frozen=True)
class Count:
    """A count as it was read.

    Attributes:
        entries: How many there are said to be.
        changes: How often that has changed.
    """

    entries: int
    changes: int


def read(table: Table, family: int) -> Count:
    """The count of a family."""
    item = table.get(contract.COUNT, str(family)) or {}
    return Count(int(item.get("entries", 0)), int(item.get("changes", 0)))


def one_more(family: int) -> Action:
    """Count an entry, unless there are as many already as an IP set holds."""
    return update(
        contract.COUNT,
        str(family),
        "ADD #entries :one, #changes :one",
        "attribute_not_exists(#entries) OR #entries < :most",
        one=1,
        most=MAXIMUM,
    )


def fewer(family: int, entries: int) -> Action:
    """No longer count so many entries."""
    return update(contract.COUNT, str(family), "ADD #entries :fewer, #changes :one", "", fewer=-entries, one=1)


def corrected(family: int, seen: Count, entries: int) -> Action:
    """Write how many there are, unless the count has changed since it was `seen`."""
    unchanged = "#changes = :seen" if seen.changes else "attribute_not_exists(#changes)"
    values = {"seen": seen.changes} if seen.changes else {}
    return update(
        contract.COUNT,
        str(family),
        "SET #entries = :entries, #changes = :changes",
        unchanged,
        entries=entries,
        changes=seen.changes + 1,
        **values,
    )
