"""A site and its API, which close for maintenance from Slack, and let in who works on them and says so."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3_deployment as deployment
from aws_cdk.aws_scheduler import ScheduleExpression
from constructs import Construct

from chatops_constructs import (
    Allow,
    DualStackSite,
    IpAllowlistFunction,
    IpSetAddresses,
    IpSetPair,
    MaintenancePage,
    MaintenanceWindow,
    SiteKind,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    SwitchedBy,
    Visibility,
    WafMaintenanceSwitch,
    WafScope,
)

HERE = Path(__file__).parent
# AWS WAF for CloudFront is there, and only there.
VIRGINIA = cdk.Environment(region="us-east-1")
TOKYO = cdk.Environment(region="ap-northeast-1")

SUNDAY_NIGHT = MaintenanceWindow(
    name="SundayNight",
    schedule=ScheduleExpression.cron(week_day="SUN", hour="2", minute="0", time_zone=cdk.TimeZone.ASIA_TOKYO),
    duration=cdk.Duration.hours(1),
)


class Edge(cdk.Stack):
    """The switch, and who passes while the site is closed: the office, and developers wherever they are."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, env=VIRGINIA)
        self.developers = IpSetPair(
            self, "Developers", waf_scope=WafScope.CLOUDFRONT, addresses=IpSetAddresses.at_run_time()
        )
        self.maintenance = WafMaintenanceSwitch(
            self,
            "Maintenance",
            waf_scope=WafScope.CLOUDFRONT,
            pass_through=["203.0.113.0/24", "2001:db8:0:7::/64"],
            allow=[self.developers],
            switched_by=SwitchedBy.run_time(windows=[SUNDAY_NIGHT]),
            page=MaintenancePage.standard(service="Corner shop"),
            json_paths=["/api/"],
        )


class Shop(cdk.Stack):
    """The site behind the switch, and its API, which nobody reaches but through the site."""

    def __init__(self, scope: Construct, id: str, *, edge: Edge) -> None:
        super().__init__(scope, id, env=VIRGINIA)
        site = DualStackSite(self, "Site", kind=SiteKind.PLAIN, web_acl=edge.maintenance.web_acl)
        deployment.BucketDeployment(
            self,
            "Content",
            sources=[deployment.Source.asset(str(HERE / "site"))],
            destination_bucket=site.bucket,
            prune=False,
            memory_limit=512,
        )
        url = self._hours().add_function_url(auth_type=lambda_.FunctionUrlAuthType.AWS_IAM)
        site.distribution.add_behavior(
            "/api/*",
            origins.FunctionUrlOrigin.with_origin_access_control(
                url, ip_address_type=cloudfront.OriginIpAddressType.DUALSTACK
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        )
        cdk.CfnOutput(self, "Url", value=site.url)

    def _hours(self) -> lambda_.Function:
        log_group = logs.LogGroup(self, "HoursLogs", retention=logs.RetentionDays.ONE_MONTH)
        role = iam.Role(self, "HoursRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        return lambda_.Function(
            self,
            "Hours",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(HERE / "api")),
            handler="hours.handler",
            role=role,
            log_group=log_group,
        )


class Ops(cdk.Stack):
    """The commands, in the region where the team's other things are."""

    def __init__(self, scope: Construct, id: str, *, edge: Edge) -> None:
        super().__init__(scope, id, env=TOKYO)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
            credentials=SlackCredentials.from_parameters("/guarded-site/prod"),
        )
        slack.add_command(
            "/maintenance",
            edge.maintenance.slack_action(),
            description="closes the shop for maintenance, and opens it",
            allow=Allow.channel("C012OPS34"),
            visible=Visibility.CHANNEL,
        )
        allowlist = IpAllowlistFunction(self, "Allowlist", ip_sets=edge.developers, valid_for=cdk.Duration.hours(10))
        slack.add_command(
            "/allow-me",
            allowlist.slack_action(),
            description="lets you see the shop while it is closed",
            allow=Allow.workspace(),
        )


app = cdk.App()
edge = Edge(app, "GuardedSiteEdge")
Shop(app, "GuardedSite", edge=edge)
Ops(app, "GuardedSiteOps", edge=edge)
app.synth()
