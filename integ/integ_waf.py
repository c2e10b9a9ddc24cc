"""A site behind a maintenance switch and an allow-list: does AWS WAF follow what is ordered, and who may order?"""

import json
from itertools import pairwise

import aws_cdk as cdk
from aws_cdk.integ_tests_alpha import ExpectedResult, IApiCall, IntegTest, Match
from constructs import Construct

from chatops_constructs import (
    DualStackSite,
    IpAllowlistFunction,
    IpSetAddresses,
    IpSetPair,
    SiteKind,
    WafMaintenanceSwitch,
    WafScope,
)

# For documentation: nobody comes from there.
RANGE = "198.51.100.0/24"


class GuardedStack(cdk.Stack):
    """The three, with an empty site.

    Attributes:
        developers: Whoever is on the allow-list.
        allowlist: The allow-list.
        maintenance: The switch.
        site: The site.
    """

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        """Create them.

        Args:
            scope: The app.
            id: The stack's name.
            env: Of us-east-1, where all is that AWS WAF has for CloudFront.
        """
        super().__init__(scope, id, env=env)
        self.developers = IpSetPair(
            self, "Developers", waf_scope=WafScope.CLOUDFRONT, addresses=IpSetAddresses.at_run_time()
        )
        self.allowlist = IpAllowlistFunction(self, "Allowlist", ip_sets=self.developers)
        self.maintenance = WafMaintenanceSwitch(
            self, "Maintenance", waf_scope=WafScope.CLOUDFRONT, allow=[self.developers]
        )
        self.site = DualStackSite(
            self,
            "Site",
            kind=SiteKind.PLAIN,
            web_acl=self.maintenance.web_acl,
            versioned=False,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )


us_east_1 = cdk.Environment(region="us-east-1")
app = cdk.App()
stack = GuardedStack(app, "IntegWaf", env=us_east_1)
test = IntegTest(app, "Waf", test_cases=[stack], assertion_stack=cdk.Stack(app, "IntegWafAssertions", env=us_east_1))


def order(function_name: str, text: str, answer: str) -> IApiCall:
    """Give an order, and see from the answer that it is done."""
    event = {"version": 1, "kind": "order", "text": text, "by": "chatops-constructs-integ"}
    given = test.assertions.invoke_function(function_name=function_name, payload=json.dumps(event))
    given.expect(ExpectedResult.object_like({"Payload": Match.string_like_regexp(answer)}))
    return given


def registered(addresses: list[str]) -> IApiCall:
    """Wait until AWS WAF has these IPv4 ranges and no other."""
    ipv4_set = stack.developers.ipv4_set
    request = {"Scope": "CLOUDFRONT", "Name": stack.developers.ipv4_name, "Id": ipv4_set.attr_id}
    got = test.assertions.aws_api_call("WAFV2", "getIPSet", request)
    got.expect(ExpectedResult.object_like({"IPSet": {"Addresses": addresses}}))
    got.wait_for_assertions(total_timeout=cdk.Duration.minutes(3), interval=cdk.Duration.seconds(10))
    return got


def answered(url: str, status: int) -> IApiCall:
    """Wait until there is this answer."""
    got = test.assertions.http_api_call(url)
    got.expect(ExpectedResult.object_like({"status": status}))
    got.wait_for_assertions(total_timeout=cdk.Duration.minutes(5), interval=cdk.Duration.seconds(10))
    return got


registrar, switch = stack.allowlist.registrar.function_name, stack.maintenance.function
assert switch is not None

steps = [
    answered(stack.allowlist.url, 200),
    answered(stack.allowlist.ipv4_url, 200),
    # Nobody has signed this.
    answered(f"{stack.allowlist.url}/iam/registrations", 403),
    order(registrar, f"add {RANGE} for 1h integ", "Registered"),
    registered([RANGE]),
    order(registrar, f"revoke {RANGE}", "Revoked"),
    registered([]),
    # The bucket is empty.
    answered(stack.site.url, 404),
    order(switch.function_name, "on for 10m integ", "closed"),
    answered(stack.site.url, 503),
    order(switch.function_name, "off", "open"),
    answered(stack.site.url, 404),
]
for before, after in pairwise(steps):
    before.next(after)

app.synth()
