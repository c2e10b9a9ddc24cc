"""How the IP sets are known to be: the table's item of the kind `PROJECTION`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.allowlist.actions import update
from chatops_runtime.contracts import allowlist as contract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.allowlist.table import Table

ID = "sets"
KEPT_HEALED = 20
KEPT_FRESH = 1000


@dataclass(frozen=True)
class Standing:
    """What the projection found when it last looked.

    Attributes:
        in_line_at: When the entries were read that the IP sets hold; None: the sets have never been in line.
        in_line_since: Since when nothing had to be changed.
        healed_at: When the sets were last found otherwise than they should be, and put right; None: never.
        healed: What was put right then: ranges, with `+` if they had been taken out, with `-` if they had been put in.
        fresh: Of the ranges that were in the sets at `in_line_at`, those that had just been registered.
    """

    in_line_at: int | None = None
    in_line_since: int | None = None
    healed_at: int | None = None
    healed: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()


def read(table: Table) -> Standing:
    """As it is stored."""
    item = table.get(contract.PROJECTION, ID) or {}
    times = {name: int(item[name]) for name in ("in_line_at", "in_line_since", "healed_at") if name in item}
    return Standing(**times, healed=tuple(item.get("healed", ())), fresh=tuple(item.get("fresh", ())))


def note(table: Table, *, at: int, fresh: Sequence[str], changed: bool, healed: Sequence[str], deadline: float) -> None:
    """Note that the IP sets hold what was read at a time.

    Args:
        table: The table.
        at: The time, in seconds of Unix time.
        fresh: Of what they hold, the ranges that had just been registered.
        changed: Whether they had to be changed for it.
        healed: What of that somebody else had changed.
        deadline: Unix time in seconds.

    Raises:
        ConditionsFailedError: Somebody else has noted a later time.
    """
    sets = ["#in_line_at = :at", f"#in_line_since = {':at' if changed else 'if_not_exists(#in_line_since, :at)'}"]
    sets.append("#fresh = :fresh")
    values: dict[str, object] = {"at": at, "fresh": list(fresh[:KEPT_FRESH])}
    if healed:
        sets += ["#healed_at = :at", "#healed = :healed"]
        values["healed"] = list(healed[:KEPT_HEALED])
    later = "attribute_not_exists(#in_line_at) OR #in_line_at <= :at"
    table.write(update(contract.PROJECTION, ID, f"SET {', '.join(sets)}", later, **values), deadline=deadline)
