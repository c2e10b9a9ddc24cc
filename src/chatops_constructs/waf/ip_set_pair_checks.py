"""What is wrong with the parameters of an `IpSetPair`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_cdk import Stack, Token

from chatops_constructs._problems import Problems, matches
from chatops_constructs.waf.ip_set_addresses import IpSetAddresses
from chatops_constructs.waf.waf_scope import WafScope

if TYPE_CHECKING:
    from constructs import Construct

GLOBAL_REGION = "us-east-1"

# https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSet.html
DESCRIPTION = re.compile(r"[\w+=:#@/\-,.][\w+=:#@/\-,.\s]{1,254}[\w+=:#@/\-,.]", re.ASCII)


def check_parameters(pair: Construct, waf_scope: object, addresses: object, description: str | None) -> None:
    """Check them together.

    Raises:
        ValueError: At least one is not allowed.
    """
    problems = Problems(pair)
    problems.check(
        isinstance(waf_scope, WafScope), "waf_scope", waf_scope, "a WafScope", "write WafScope.CLOUDFRONT or .REGIONAL"
    )
    problems.check(
        isinstance(addresses, IpSetAddresses),
        "addresses",
        addresses,
        "IpSetAddresses",
        "say who owns them: IpSetAddresses.in_template(…) or IpSetAddresses.at_run_time()",
    )
    if waf_scope is WafScope.CLOUDFRONT:
        check_global_region(problems, pair)
    at_run_time = isinstance(addresses, IpSetAddresses) and addresses.owned_at_run_time
    problems.check(
        description is None or not at_run_time,
        "description",
        description,
        "none for addresses at run time",
        "leave it out: an edit of it would make CloudFormation empty the sets",
    )
    problems.check(
        description is None or matches(DESCRIPTION, description),
        "description",
        description,
        "3 to 256 letters, digits, blanks and +=:#@/-,._ of ASCII",
        "leave out other characters",
        tokens=False,
    )
    problems.raise_if_any()


def check_global_region(problems: Problems, construct: Construct) -> None:
    """Check that a construct for CloudFront is in the one region that has such."""
    region = Stack.of(construct).region
    problems.check(
        region == GLOBAL_REGION,
        "the stack's region",
        "known at deploy time only" if Token.is_unresolved(region) else region,
        f"{GLOBAL_REGION}, where AWS WAF has all that is for CloudFront",
        f'put it into a stack with env=cdk.Environment(region="{GLOBAL_REGION}"); functions of other regions reach it',
    )
