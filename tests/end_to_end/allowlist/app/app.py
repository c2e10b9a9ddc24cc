"""A site that nobody sees but who is on an allow-list, which is kept from another region, and one kept from its own."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_deployment as deployment
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from chatops_constructs import (
    Allow,
    DualStackSite,
    IpAllowlistFunction,
    IpSetAddresses,
    IpSetPair,
    SiteKind,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    WafScope,
)

HERE = Path(__file__).parent
VIRGINIA = cdk.Environment(region="us-east-1")
TOKYO = cdk.Environment(region="ap-northeast-1")


def shown_as(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=False, metric_name=name, sampled_requests_enabled=True
    )


class Edge(cdk.Stack):
    """The site, its web ACL, and the pair of those who pass."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, env=VIRGINIA)
        self.registered = IpSetPair(
            self, "Registered", waf_scope=WafScope.CLOUDFRONT, addresses=IpSetAddresses.at_run_time()
        )
        web_acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(block={}),
            visibility_config=shown_as("others"),
            rules=[
                wafv2.CfnWebACL.RuleProperty(
                    name="Registered",
                    priority=0,
                    action=wafv2.CfnWebACL.RuleActionProperty(allow={}),
                    statement=self.registered.statement(),
                    visibility_config=shown_as("registered"),
                )
            ],
        )
        site = DualStackSite(self, "Site", kind=SiteKind.PLAIN, web_acl=web_acl)
        deployment.BucketDeployment(
            self,
            "Content",
            sources=[deployment.Source.asset(str(HERE / "site"))],
            destination_bucket=site.bucket,
            memory_limit=512,
        )
        cdk.CfnOutput(self, "Url", value=site.url)


class Ops(cdk.Stack):
    """The allow-list and its commands, where the team's other things are."""

    def __init__(self, scope: Construct, id: str, *, edge: Edge) -> None:
        super().__init__(scope, id, env=TOKYO)
        allowlist = IpAllowlistFunction(
            self,
            "Allowlist",
            ip_sets=edge.registered,
            valid_for=cdk.Duration.minutes(10),
            link_valid_for=cdk.Duration.minutes(2),
            shared_secret_parameter="/allowlist-end-to-end/shared-secret",
        )
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
            credentials=SlackCredentials.from_parameters("/allowlist-end-to-end"),
        )
        slack.add_command("/allow-me", allowlist.slack_action(), description="lets you in", allow=Allow.workspace())
        slack.add_command(
            "/allow-list",
            allowlist.slack_admin_action(),
            description="who is let in from where",
            allow=Allow.user("U012ADMIN"),
        )
        allowlist.grant_register(caller(self, "Developer"))
        allowlist.grant_administration(caller(self, "Administrator"))
        caller(self, "Stranger")


class Here(cdk.Stack):
    """An allow-list in the region and the stack of what it keeps."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, env=TOKYO)
        registered = IpSetPair(self, "Registered", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.at_run_time())
        IpAllowlistFunction(self, "Allowlist", ip_sets=registered)


def caller(scope: Construct, id: str) -> iam.Role:
    """A role of people of this account."""
    return iam.Role(scope, id, assumed_by=iam.AccountRootPrincipal())


app = cdk.App()
edge = Edge(app, "AllowlistEdge")
Ops(app, "AllowlistOps", edge=edge)
Here(app, "AllowlistHere")
app.synth()
