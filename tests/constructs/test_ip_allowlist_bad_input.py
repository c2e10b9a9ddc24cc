"""IpAllowlistFunction: parameters that are refused, each with its name, what is allowed and what to do."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from chatops_constructs.waf.ip_set_addresses import IpSetAddresses
from chatops_constructs.waf.ip_set_pair import IpSetPair
from chatops_constructs.waf.waf_scope import WafScope
from tests.constructs.allowlists import TOKYO, allowlist, new_stack, pair
from tests.constructs.maintenance import switch


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"ip_sets": "Developers"}, r"ip_sets is 'Developers'; allowed: an IpSetPair; make one: IpSetPair\("),
        ({"valid_for": 12}, "valid_for is 12; allowed: a Duration of 5 minutes to 30 days"),
        ({"valid_for": cdk.Duration.minutes(4)}, "valid_for is '4 minutes'; allowed: a Duration of 5 minutes to 30"),
        ({"valid_for": cdk.Duration.days(31)}, "valid_for is '31 days'"),
        ({"valid_for": cdk.Duration.millis(300_500)}, "valid_for is .*in whole seconds"),
        ({"valid_for": cdk.Duration.seconds(cdk.Token.as_number({"Ref": "X"}))}, "valid_for is"),
        (
            {"link_valid_for": cdk.Duration.seconds(59)},
            "link_valid_for is '59 seconds'; allowed: a Duration of 1 minute",
        ),
        ({"link_valid_for": cdk.Duration.minutes(61)}, "link_valid_for is '1 hour 1 minute'"),
        ({"ipv6_prefix_length": 47}, "ipv6_prefix_length is 47; allowed: a prefix length of 48 to 128"),
        ({"ipv6_prefix_length": 129}, "ipv6_prefix_length is 129"),
        ({"ipv6_prefix_length": 64.5}, "ipv6_prefix_length is 64.5"),
        ({"ipv6_prefix_length": True}, "ipv6_prefix_length is True"),
        ({"ipv6_prefix_length": "64"}, "ipv6_prefix_length is '64'"),
        ({"shared_secret_parameter": "secret"}, "shared_secret_parameter is 'secret'; .* never the secret itself"),
        ({"shared_secret_parameter": "/aws/secret"}, "shared_secret_parameter is '/aws/secret'"),
        ({"shared_secret_parameter": "/ops/secret/"}, "shared_secret_parameter is '/ops/secret/'"),
        ({"throttle_rate": 0}, "throttle_rate is 0; allowed: a number of 1 or more"),
        ({"throttle_burst": 0}, "throttle_burst is 0"),
        ({"throttle_rate": "50"}, "throttle_rate is '50'"),
    ],
)
def test_is_refused(options: dict[str, Any], text: str) -> None:
    _, stack = new_stack()
    with pytest.raises(ValueError, match=text):
        allowlist(stack, **options)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    _, stack = new_stack()
    with pytest.raises(
        ValueError, match=r"IpAllowlistFunction 'Ops/Allowlist': valid_for is 1(.|\n)*throttle_rate is 0"
    ):
        allowlist(stack, valid_for=1, throttle_rate=0)


def test_a_key_for_no_secret() -> None:
    _, stack = new_stack()
    with pytest.raises(ValueError, match="shared_secret_key is 'a key'; allowed: none without shared_secret_parameter"):
        allowlist(stack, shared_secret_key=kms.Key(stack, "Key"))


class TestThePair:
    def test_with_addresses_in_the_template(self) -> None:
        _, stack = new_stack()
        office = IpSetPair(
            stack, "Office", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.in_template("203.0.113.0/24")
        )
        with pytest.raises(ValueError, match="ip_sets is 'a pair whose addresses are in the template'"):
            allowlist(stack, ip_sets=office)

    def test_that_another_allowlist_keeps(self) -> None:
        _, stack = new_stack()
        shared = pair(stack)
        allowlist(stack, ip_sets=shared)
        with pytest.raises(
            ValueError, match="ip_sets is 'a pair that Ops/Allowlist keeps'; allowed: a pair that nobody"
        ):
            allowlist(stack, "Other", ip_sets=shared)

    def test_that_a_maintenance_switch_keeps(self) -> None:
        _, stack = new_stack()
        maintenance = switch(stack, waf_scope=WafScope.REGIONAL)
        with pytest.raises(ValueError, match="ip_sets is 'a pair that Ops/Maintenance/RunTime keeps'"):
            allowlist(stack, ip_sets=maintenance.switch_sets)

    def test_of_another_account(self) -> None:
        app, edge = new_stack("Edge", cdk.Environment(account="210987654321", region="ap-northeast-1"))
        ops = cdk.Stack(app, "Ops", env=TOKYO)
        with pytest.raises(ValueError, match="the other stack's account is '123456789012'; allowed: 210987654321"):
            allowlist(ops, ip_sets=pair(edge))

    def test_of_a_region_that_nobody_knows(self) -> None:
        app, edge = new_stack("Edge", None)
        ops = cdk.Stack(app, "Ops", env=TOKYO)
        with pytest.raises(ValueError, match="the stack's region is 'known at deploy time only'"):
            allowlist(ops, ip_sets=pair(edge))
