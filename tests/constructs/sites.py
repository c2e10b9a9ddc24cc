"""The sites that the tests of `DualStackSite` look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_wafv2 as wafv2

from chatops_constructs.site.dual_stack_site import DualStackSite
from chatops_constructs.site.site_kind import SiteKind
from tests.constructs.stacks import Synthesised

if TYPE_CHECKING:
    from constructs import Construct

ACCOUNT = "123456789012"
US_EAST_1 = cdk.Environment(account=ACCOUNT, region="us-east-1")
TOKYO = cdk.Environment(account=ACCOUNT, region="ap-northeast-1")
WEB_ACL_ARN = f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/site/01234567-89ab-cdef-0123-456789abcdef"
CERTIFICATE_ARN = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef"


def new_stack(id: str = "Web", env: cdk.Environment | None = US_EAST_1) -> tuple[cdk.App, cdk.Stack]:
    app = cdk.App(analytics_reporting=False)
    return app, cdk.Stack(app, id, env=env)


def site(scope: Construct, id: str = "Site", **options: Any) -> DualStackSite:
    """A site with what is required, unless the options say otherwise."""
    return DualStackSite(scope, id, **{"kind": SiteKind.SPA, **options})


def zone(scope: Construct, name: str = "example.com") -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(
        scope, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name=name
    )


def web_acl(scope: Construct, acl_scope: str = "CLOUDFRONT") -> wafv2.CfnWebACL:
    return wafv2.CfnWebACL(
        scope,
        "Acl",
        scope=acl_scope,
        default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
        visibility_config=wafv2.CfnWebACL.VisibilityConfigProperty(
            cloud_watch_metrics_enabled=True, metric_name="acl", sampled_requests_enabled=True
        ),
    )


def synthesised(**options: Any) -> Synthesised:
    """A site with the options in a stack of us-east-1 of its own."""
    app, stack = new_stack()
    site(stack, **options)
    return Synthesised.of(app, stack)


def distribution_of(one: Synthesised) -> dict[str, Any]:
    config: dict[str, Any] = one.only("CloudFront::Distribution")["DistributionConfig"]
    return config
