"""The design that the switch replaces: a web ACL whose rule a deployment puts in and takes out again.

`cdk deploy -c maintenance=true` closes the site for everybody but developers, `-c maintenance=false` opens it.
"""

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

DEVELOPERS = ["203.0.113.0/24"]
PAGE = "<!doctype html><title>Maintenance</title><h1>Down for maintenance</h1>"


class Prior(cdk.Stack):
    """A site, and a web ACL that blocks everybody else while it is under maintenance."""

    def __init__(self, scope: Construct, id: str, *, maintenance: bool) -> None:
        """Say whether it is."""
        super().__init__(scope, id, env=cdk.Environment(region="us-east-1"))
        developers = wafv2.CfnIPSet(
            self, "Developers", scope="CLOUDFRONT", ip_address_version="IPV4", addresses=DEVELOPERS
        )
        web_acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visibility("WebAcl"),
            rules=[_rule(developers)] if maintenance else [],
            custom_response_bodies={
                "Page": wafv2.CfnWebACL.CustomResponseBodyProperty(content_type="TEXT_HTML", content=PAGE)
            },
        )
        bucket = s3.Bucket(self, "Bucket", removal_policy=cdk.RemovalPolicy.DESTROY)
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(bucket)
            ),
            web_acl_id=web_acl.attr_arn,
        )
        cdk.CfnOutput(self, "Domain", value=distribution.distribution_domain_name)


def _rule(developers: wafv2.CfnIPSet) -> wafv2.CfnWebACL.RuleProperty:
    from_developers = wafv2.CfnWebACL.StatementProperty(ip_set_reference_statement={"arn": developers.attr_arn})
    return wafv2.CfnWebACL.RuleProperty(
        name="Maintenance",
        priority=0,
        statement=wafv2.CfnWebACL.StatementProperty(
            not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=from_developers)
        ),
        action=wafv2.CfnWebACL.RuleActionProperty(
            block=wafv2.CfnWebACL.BlockActionProperty(
                custom_response=wafv2.CfnWebACL.CustomResponseProperty(
                    response_code=503, custom_response_body_key="Page"
                )
            )
        ),
        visibility_config=_visibility("Maintenance"),
    )


def _visibility(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )


app = cdk.App()
Prior(app, "Prior", maintenance=app.node.get_context("maintenance"))
app.synth()
