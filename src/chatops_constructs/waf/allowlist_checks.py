"""What is wrong with the parameters of an `IpAllowlistFunction`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration

from chatops_constructs._durations import check_duration
from chatops_constructs._problems import Problems, matches
from chatops_constructs._secret_parameter import MOST_CHARACTERS, NAME
from chatops_constructs.waf.ip_set_pair import IpSetPair
from chatops_constructs.waf.keeper import Keeper

if TYPE_CHECKING:
    from constructs import Construct

SHORTEST_VALID, LONGEST_VALID = Duration.minutes(5), Duration.days(30)
SHORTEST_LINK, LONGEST_LINK = Duration.minutes(1), Duration.hours(1)
IPV6_PREFIX_LENGTHS = range(48, 129)


def check_parameters(
    allowlist: Construct,
    *,
    ip_sets: object,
    valid_for: object,
    link_valid_for: object,
    ipv6_prefix_length: object,
    shared_secret_parameter: object,
    shared_secret_key: object,
    throttle_rate: object,
    throttle_burst: object,
) -> None:
    """Check them together.

    Raises:
        ValueError: At least one is not allowed.
    """
    problems = Problems(allowlist)
    _check_pair(problems, ip_sets)
    for parameter, value, shortest, longest in (
        ("valid_for", valid_for, SHORTEST_VALID, LONGEST_VALID),
        ("link_valid_for", link_valid_for, SHORTEST_LINK, LONGEST_LINK),
    ):
        check_duration(problems, parameter, value, least=shortest.to_seconds(), most=longest.to_seconds())
    problems.check(
        _is_number(ipv6_prefix_length) and ipv6_prefix_length in IPV6_PREFIX_LENGTHS,
        "ipv6_prefix_length",
        ipv6_prefix_length,
        f"a prefix length of {IPV6_PREFIX_LENGTHS[0]} to {IPV6_PREFIX_LENGTHS[-1]}",
        "leave it out for 64, the network of one line, within which addresses change daily",
        tokens=False,
    )
    _check_secret(problems, shared_secret_parameter, shared_secret_key)
    for parameter, limit in (("throttle_rate", throttle_rate), ("throttle_burst", throttle_burst)):
        problems.check(
            _is_number(limit) and limit >= 1,  # type: ignore[operator]
            parameter,
            limit,
            "a number of 1 or more",
            "choose one, or leave it out",
        )
    problems.raise_if_any()


def _check_pair(problems: Problems, ip_sets: object) -> None:
    at_run_time = "IpSetPair(…, addresses=IpSetAddresses.at_run_time())"
    if not isinstance(ip_sets, IpSetPair):
        problems.check(False, "ip_sets", ip_sets, "an IpSetPair", f"make one: {at_run_time}")
        return
    problems.check(
        ip_sets.addresses.owned_at_run_time,
        "ip_sets",
        "a pair whose addresses are in the template",
        "a pair whose addresses are kept at run time",
        f"make one: {at_run_time}",
    )
    keeper = Keeper.of(ip_sets)
    problems.check(
        keeper is None,
        "ip_sets",
        f"a pair that {keeper.path} keeps" if keeper else "",
        "a pair that nobody else keeps, as each would empty what the other fills",
        f"make another: {at_run_time}",
    )


def _check_secret(problems: Problems, parameter: object, key: object) -> None:
    problems.check(
        parameter is None or (matches(NAME, parameter) and len(str(parameter)) <= MOST_CHARACTERS),
        "shared_secret_parameter",
        parameter,
        "/ and a path of letters, digits, '.', '-' and '_', not under /aws or /ssm, without / at its end",
        "write the parameter's name like '/ops/prod/allowlist-secret'; never the secret itself",
    )
    problems.check(
        key is None or parameter is not None,
        "shared_secret_key",
        "a key",
        "none without shared_secret_parameter",
        "leave it out, or name the parameter that it encrypts",
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
