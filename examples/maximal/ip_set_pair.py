"""A pair in the template, a pair of the run time with who may update it, and a web ACL that lets both in."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_wafv2 as wafv2

from chatops_constructs import IpSetAddresses, IpSetPair, WafScope


def _metric(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )


app = cdk.App()
stack = cdk.Stack(app, "Edge")
office = IpSetPair(
    stack,
    "Office",
    waf_scope=WafScope.REGIONAL,
    addresses=IpSetAddresses.in_template("10.0.0.0/8", "2001:db8:0:7::/64", allow_private=True),
    description="The office, over the VPN and by itself",
)
visitors = IpSetPair(
    stack,
    "Visitors",
    waf_scope=WafScope.REGIONAL,
    addresses=IpSetAddresses.at_run_time(),
)
visitors.grant_update(iam.Role(stack, "Keeper", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))
wafv2.CfnWebACL(
    stack,
    "WebAcl",
    scope="REGIONAL",
    default_action=wafv2.CfnWebACL.DefaultActionProperty(block={}),
    visibility_config=_metric("web-acl"),
    rules=[
        wafv2.CfnWebACL.RuleProperty(
            name=name,
            priority=priority,
            statement=pair.statement(),
            action=wafv2.CfnWebACL.RuleActionProperty(allow={}),
            visibility_config=_metric(name),
        )
        for priority, (name, pair) in enumerate({"office": office, "visitors": visitors}.items())
    ],
)
app.synth()
