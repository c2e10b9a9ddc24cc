"""Bring an IP set in line with a stored truth, whoever else does the same.

The order is what makes it safe: first the set with its lock token, then the truth, then the update with that token, and
then the truth once more. Whoever changes the truth and then reconciles has read the set after the change, or gets a
conflict and reads it again; and an update that was made from an older truth cannot come after theirs, since its token
is an older one. Only if they found the set as they want it, and updated nothing, it can: that is what the last look is
for. So nobody's change of the truth is lost, and an update that somebody made from the same truth is not made twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.contracts.ip_ranges import MAXIMUM, in_order, of_family, without_contained
from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chatops_runtime.contracts.ip_ranges import Network
    from chatops_runtime.ip_sets.ip_set import IpSet
    from chatops_runtime.ip_sets.patience import Patience

    Truth = Callable[[], Iterable[Network]]


class TooManyRangesError(LoggableError):
    """More ranges than an IP set holds."""


@dataclass(frozen=True)
class Reconciled:
    """What a reconciliation found and did. The set is now as the truth was when it was last read.

    Attributes:
        name: The set's name.
        added: Ranges that were not in it at the first look, and are now, by whomever.
        removed: Ranges that were in it at the first look, and are not now, by whomever.
        size: How many ranges it has.
        tries: How often it was looked at.
        written: Whether this reconciliation updated it: an update that AWS confirmed.
    """

    name: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    size: int
    tries: int
    written: bool

    @property
    def changed(self) -> bool:
        """Whether the set was not as it should be at the first look."""
        return bool(self.added or self.removed)


def reconcile(ip_set: IpSet, truth: Truth, patience: Patience, *, deadline: float) -> Reconciled:
    """Bring one IP set in line with the truth.

    Args:
        ip_set: The set.
        truth: Reads the ranges that should be in it, of both families if it likes, anew at every call and consistently
            (a strongly consistent read of a table): what was acknowledged before the call has to be in it.
        patience: With a clock.
        deadline: Unix time in seconds. Within it troubles that pass are waited for.

    Raises:
        OutOfTimeError: The deadline passed; the set may not be as it should.
        IpSetNotFoundError: There is no such set.
        TooManyRangesError: The truth has more ranges than an IP set holds. The set is as it was.
        Exception: AWS refused for another reason, such as a missing permission.
    """
    return patience.until_it_works(_Reconciliation(ip_set, truth).once, deadline=deadline)


class _Reconciliation:
    """What is remembered from one try to the next: only what the report says. All else is read anew."""

    def __init__(self, ip_set: IpSet, truth: Truth) -> None:
        self._ip_set = ip_set
        self._truth = truth
        self._tries = 0
        self._at_first: frozenset[Network] | None = None

    def once(self) -> Reconciled:
        written = False
        while True:
            self._tries += 1
            content = self._ip_set.read()
            if self._at_first is None:
                self._at_first = content.networks
            wanted = _wanted(self._ip_set, self._truth)
            if wanted == content.networks:
                break
            self._ip_set.write(wanted, content)
            written = True
            if wanted == _wanted(self._ip_set, self._truth):
                break
        return Reconciled(
            name=self._ip_set.name,
            added=_texts(wanted - self._at_first),
            removed=_texts(self._at_first - wanted),
            size=len(wanted),
            tries=self._tries,
            written=written,
        )


def _wanted(ip_set: IpSet, truth: Truth) -> frozenset[Network]:
    wanted = without_contained(of_family(truth(), ip_set.version))
    if len(wanted) > MAXIMUM:
        raise TooManyRangesError(f"{ip_set.name} would have {len(wanted)} ranges; an IP set holds {MAXIMUM}")
    return frozenset(wanted)


def _texts(networks: Iterable[Network]) -> tuple[str, ...]:
    return tuple(map(str, in_order(networks)))
