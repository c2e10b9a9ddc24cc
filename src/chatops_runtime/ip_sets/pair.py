"""A pair of IP sets, IPv4 and IPv6, as `chatops_constructs.IpSetPair` made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from chatops_runtime.contracts import ip_sets as contract
from chatops_runtime.ip_sets.ids import IpSetIds
from chatops_runtime.ip_sets.ip_set import IpSet
from chatops_runtime.ip_sets.patience import OutOfTimeError, Patience
from chatops_runtime.ip_sets.reconciliation import Reconciled, reconcile
from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from chatops_runtime.contracts.ip_ranges import Network
    from chatops_runtime.contracts.ip_sets import IpSetPairNames
    from chatops_runtime.ip_sets.reconciliation import Truth

# Short, and tried once: `Patience` tries again, and knows how much time is left.
CLIENT = Config(connect_timeout=3, read_timeout=7, retries={"total_max_attempts": 1})
LONGEST_CALL_SECONDS = 10.0
"""By so much a call may end after a deadline."""


@dataclass(frozen=True)
class PairReconciled:
    """What became of both sets.

    Attributes:
        ipv4: Of the IPv4 set.
        ipv6: Of the IPv6 set.
    """

    ipv4: Reconciled
    ipv6: Reconciled

    @property
    def changed(self) -> bool:
        """Whether either set was not as it should be at the first look."""
        return self.ipv4.changed or self.ipv6.changed


class PairBehindError(LoggableError):
    """The deadline passed before both sets were in line. The text says which one was not, and why.

    Attributes:
        done: What became of the set that is in line, if there is one.
    """

    def __init__(self, text: str, done: tuple[Reconciled, ...]) -> None:
        """With what was done."""
        super().__init__(text)
        self.done = done


class IpSetPair:
    """Two IP sets that are read and written together."""

    def __init__(self, names: IpSetPairNames, client: Any, patience: Patience | None = None) -> None:  # noqa: ANN401
        """As the contract names them.

        Args:
            names: From `chatops_runtime.contracts.ip_sets.read`.
            client: boto3's WAFv2 client of the pair's region.
            patience: With a clock. Default: the machine's.
        """
        ids = IpSetIds(client, names["scope"])
        self._sets = tuple(
            IpSet(client, ids, scope=names["scope"], name=name, version=version)
            for name, version in ((names["ipv4"], 4), (names["ipv6"], 6))
        )
        self._patience = patience or Patience()

    @classmethod
    def from_contract(cls, text: str) -> IpSetPair:
        """The pair that an environment variable names, with a client of the region that has it."""
        names = contract.read(text)
        return cls(names, boto3.client("wafv2", region_name=names["region"], config=CLIENT))

    def reconcile(self, truth: Truth, *, deadline: float) -> PairReconciled:
        """Bring both sets in line with the truth. It may be called at any time, by anybody, and again.

        Args:
            truth: Reads the ranges of both families that should be in them, anew at every call and consistently.
            deadline: Unix time in seconds: until then troubles that pass are waited for. The last call may take
                `LONGEST_CALL_SECONDS` more for each set.

        Raises:
            PairBehindError: The deadline passed before both were in line.
            IpSetNotFoundError: There is no such set.
            TooManyRangesError: The truth has more ranges of a family than a set holds.
            Exception: AWS refused for another reason, such as a missing permission.
        """
        # The second set is tried once after the deadline too, which is better than not at all.
        ipv4, ipv6 = (self._reconciled(ip_set, truth, deadline) for ip_set in self._sets)
        if isinstance(ipv4, Reconciled) and isinstance(ipv6, Reconciled):
            return PairReconciled(ipv4, ipv6)
        raise PairBehindError(
            "; ".join(one for one in (ipv4, ipv6) if isinstance(one, str)),
            tuple(one for one in (ipv4, ipv6) if isinstance(one, Reconciled)),
        )

    def read(self, *, deadline: float) -> frozenset[Network]:
        """The ranges that are in the two sets.

        Args:
            deadline: Unix time in seconds, as in `reconcile`.

        Raises:
            OutOfTimeError: The deadline passed.
            IpSetNotFoundError: There is no such set.
            Exception: AWS refused for another reason.
        """
        contents = [self._patience.until_it_works(ip_set.read, deadline=deadline) for ip_set in self._sets]
        return frozenset().union(*(content.networks for content in contents))

    def _reconciled(self, ip_set: IpSet, truth: Truth, deadline: float) -> Reconciled | str:
        """What became of one set, or why it is behind."""
        try:
            return reconcile(ip_set, truth, self._patience, deadline=deadline)
        except OutOfTimeError as error:
            return f"{ip_set.name}: {error}"
