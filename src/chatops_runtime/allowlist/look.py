"""One look of the projection: the IP sets are brought in line, then the table is tidied up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime import log_line
from chatops_runtime.allowlist import counts, standing
from chatops_runtime.allowlist.following import Follower, unexplained
from chatops_runtime.allowlist.sweep import correct, sweep
from chatops_runtime.allowlist.table import BusyError, ConditionsFailedError, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.allowlist.counts import Count
    from chatops_runtime.allowlist.following import Snapshot
    from chatops_runtime.ip_sets.pair import IpSetPair, PairReconciled

SHOWN_RANGES = 20


class Look:
    """One look.

    Attributes:
        level: How bad it is, for the log line.
        facts: What happened, for the log line.
        followed: Whether the IP sets are known to be in line.
    """

    def __init__(self, table: Table, pair: IpSetPair, now: Callable[[], float]) -> None:
        """With a clock that says Unix time in seconds."""
        self._table = table
        self._now = now
        self._follower = Follower(table, pair, now)
        self.level: str = log_line.INFO
        self.facts: dict[str, Any] = {}
        self.followed = False

    @property
    def fuller(self) -> int | None:
        """How many ranges the fuller set should hold; None: the entries could not be read."""
        return None if self._follower.last is None else self._follower.last.fuller

    def look(self, *, deadline: float) -> None:
        """Bring the sets in line with the table, whatever they hold.

        Args:
            deadline: Unix time in seconds, until which troubles that pass are waited for.

        Raises:
            PairBehindError: AWS WAF did not take it in time.
            Exception: AWS refused.
        """
        before = standing.read(self._table)
        counted = {family: counts.read(self._table, family) for family in counts.FAMILIES}
        result, snapshot = self._follower.follow(deadline=deadline)
        self.followed = True
        self._describe(result, snapshot)
        healed = unexplained(result, snapshot, before)
        if healed:
            self.level = log_line.WARN
            self.facts.update(outcome="healed", healed=healed[:SHOWN_RANGES], healed_ranges=len(healed))
        try:
            self._note(changed=result.changed, healed=healed, deadline=deadline)
            self._tidy_up(snapshot, counted, deadline)
        except BusyError as error:
            # The sets are in line, and in a minute there is another look.
            self.facts.update(untidy=str(error))

    def _describe(self, result: PairReconciled, snapshot: Snapshot) -> None:
        self.facts.update(ipv4=result.ipv4.size, ipv6=result.ipv6.size)
        changes = {
            "added": (*result.ipv4.added, *result.ipv6.added),
            "removed": (*result.ipv4.removed, *result.ipv6.removed),
        }
        for what, ranges in changes.items():
            if ranges:
                self.facts.update({what: ranges[:SHOWN_RANGES], f"{what}_ranges": len(ranges)})
        if snapshot.unreadable:
            self.level = log_line.ERROR
            self.facts.update(unreadable=snapshot.unreadable[:SHOWN_RANGES])

    def _note(self, *, changed: bool, healed: list[str], deadline: float) -> None:
        try:
            standing.note(
                self._table,
                at=self._follower.began_at,
                fresh=self._follower.fresh,
                changed=changed,
                healed=healed,
                deadline=deadline,
            )
        except ConditionsFailedError:
            return  # Somebody else has looked at the same time, and began later.

    def _tidy_up(self, snapshot: Snapshot, counted: dict[int, Count], deadline: float) -> None:
        corrected = [
            family
            for family, seen in counted.items()
            if correct(self._table, family, seen, snapshot.of(family), deadline=deadline)
        ]
        swept = sweep(self._table, snapshot.entries, now=self._now(), deadline=deadline)
        self.facts.update(swept=swept or None, corrected_counts=corrected or None)
