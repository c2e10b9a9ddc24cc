"""A site with all that can be said about it."""

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53

from chatops_constructs import DualStackSite, SiteKind

ACCOUNT = "123456789012"

app = cdk.App()
stack = cdk.Stack(app, "Web", env=cdk.Environment(account=ACCOUNT, region="us-east-1"))
zone = route53.HostedZone.from_hosted_zone_attributes(
    stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
)
certificate = acm.Certificate(
    stack, "Certificate", domain_name="www.example.com", validation=acm.CertificateValidation.from_dns(zone)
)
DualStackSite(
    stack,
    "Site",
    kind=SiteKind.SPA,
    web_acl=f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/site/01234567-89ab-cdef-0123-456789abcdef",
    domain_names=["www.example.com"],
    hosted_zone=zone,
    certificate=certificate,
    content_security_policy="default-src 'self'; connect-src 'self' https://api.example.com",
    unchanging_assets=["/assets/*", "/fonts/*"],
    versioned=True,
    removal_policy=cdk.RemovalPolicy.RETAIN,
    access_log_group=logs.LogGroup(stack, "AccessLogs", retention=logs.RetentionDays.THREE_MONTHS),
    encryption_key=kms.Key(stack, "Key", enable_key_rotation=True),
)
app.synth()
