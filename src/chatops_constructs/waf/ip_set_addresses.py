"""Who says which addresses are in a pair of IP sets: the template, or the run time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems, is_token
from chatops_runtime.contracts import ip_ranges
from chatops_runtime.contracts.ip_ranges import IpRangeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chatops_runtime.contracts.ip_ranges import Network

ALLOW_PRIVATE = "write the public range, or allow_private=True if AWS WAF guards something that is reached privately"


class IpSetAddresses:
    """The addresses of an `IpSetPair`, and who owns them: make one with `in_template` or `at_run_time`.

    One of the two, never both: CloudFormation writes the template's addresses whenever it updates an IP set, so what
    the run time had put there would be gone.
    """

    def __init__(self, given: Sequence[Network], *, owned_at_run_time: bool) -> None:
        """Keep what was checked; use `in_template` or `at_run_time` instead.

        Args:
            given: The ranges.
            owned_at_run_time: Whether the run time owns the addresses.
        """
        self._given = tuple(given)
        self._owned_at_run_time = owned_at_run_time

    @staticmethod
    def in_template(*cidrs: str, allow_private: bool = False) -> IpSetAddresses:
        """These ranges, of both families in any order; a deployment is what changes them.

        Ranges within others are left out, as the construct notes. Neighbours are not joined.

        Example:
            from chatops_constructs import IpSetAddresses

            office = IpSetAddresses.in_template("203.0.113.0/24", "2001:db8:0:7::/64")

        Args:
            cidrs: Each in CIDR notation, with a prefix length of 1 or more. Everyone is `0.0.0.0/1`, `128.0.0.0/1`,
                `::/1` and `8000::/1`. At most 10,000 of a family.
            allow_private: Whether private, link-local, reserved and other ranges that nobody has on the Internet are
                let pass: for what is reached privately, such as an internal load balancer. Default: they are refused,
                but for ranges of documentation, of which the construct warns.

        Raises:
            ValueError: A range that AWS WAF does not take, or too many; the text names every one.
        """
        problems = Problems("IpSetAddresses.in_template")
        networks = [
            network for cidr in cidrs for network in _checked(cidr, allow_private=allow_private, problems=problems)
        ]
        for version in (4, 6):
            count = len(ip_ranges.without_contained(ip_ranges.of_family(networks, version)))
            problems.check(
                count <= ip_ranges.MAXIMUM,
                "cidrs",
                f"{count} ranges of IPv{version}",
                f"at most {ip_ranges.MAXIMUM} of a family",
                "give wider ranges, or make a second pair",
            )
        problems.raise_if_any()
        return IpSetAddresses(networks, owned_at_run_time=False)

    @staticmethod
    def at_run_time() -> IpSetAddresses:
        """None in the template; functions put them there, from a truth that is stored elsewhere.

        Example:
            from chatops_constructs import IpSetAddresses

            registered = IpSetAddresses.at_run_time()
        """
        return IpSetAddresses((), owned_at_run_time=True)

    @property
    def owned_at_run_time(self) -> bool:
        """Whether the run time owns the addresses."""
        return self._owned_at_run_time

    def of_family(self, version: int) -> list[str]:
        """The ranges of one family as the template has them: sorted, none within another.

        Args:
            version: 4 or 6.
        """
        return [str(network) for network in ip_ranges.of_family(ip_ranges.without_contained(self._given), version)]

    @property
    def left_out(self) -> list[str]:
        """The ranges that others contain, or that were given twice."""
        rest = Counter(self._given) - Counter(ip_ranges.without_contained(self._given))
        return [str(network) for network in rest.elements()]

    @property
    def for_documentation(self) -> list[str]:
        """The ranges that are for documentation: somebody copied an example."""
        return [str(network) for network in self._given if ip_ranges.kind_of(network) == ip_ranges.DOCUMENTATION]


def _checked(cidr: str, *, allow_private: bool, problems: Problems) -> Iterator[Network]:
    """The range, unless there is a problem with it."""
    try:
        network = ip_ranges.parse(cidr)
        if not allow_private and ip_ranges.kind_of(network) != ip_ranges.DOCUMENTATION:
            ip_ranges.check_public(network, remedy=ALLOW_PRIVATE)
    except IpRangeError as error:
        value = cidr if is_token(cidr) else error.value
        problems.check(False, "cidrs", value, error.allowed, error.remedy, tokens=False)
    else:
        yield network
