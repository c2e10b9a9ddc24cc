"""Stacks with pairs of IP sets, and what the tests look at."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from chatops_constructs.waf.ip_set_addresses import IpSetAddresses
from chatops_constructs.waf.ip_set_pair import IpSetPair
from chatops_constructs.waf.waf_scope import WafScope

ACCOUNT = "123456789012"
US = cdk.Environment(region="us-east-1")
TOKYO = cdk.Environment(region="ap-northeast-1")


def new_stack(id: str = "Edge", env: cdk.Environment | None = US, app: cdk.App | None = None) -> cdk.Stack:
    return cdk.Stack(app or cdk.App(), id, env=env)


def at_run_time(stack: cdk.Stack, id: str = "Switch", waf_scope: WafScope = WafScope.CLOUDFRONT) -> IpSetPair:
    return IpSetPair(stack, id, waf_scope=waf_scope, addresses=IpSetAddresses.at_run_time())


def in_template(stack: cdk.Stack, *cidrs: str, id: str = "Office", **options: Any) -> IpSetPair:
    return IpSetPair(stack, id, waf_scope=WafScope.CLOUDFRONT, addresses=IpSetAddresses.in_template(*cidrs), **options)


def sets(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    return {
        one["Properties"]["IPAddressVersion"]: dict(one)
        for one in Template.from_stack(stack).find_resources("AWS::WAFv2::IPSet").values()
    }


def role(stack: cdk.Stack, id: str = "Role") -> iam.Role:
    return iam.Role(stack, id, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    return [
        statement
        for policy in Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def plain(value: Any) -> str:
    """A template's value, with references as `<…>`."""
    if isinstance(value, str):
        return value
    if "Ref" in value:
        return f"<{value['Ref']}>"
    return "".join(plain(part) for part in value["Fn::Join"][1])
