"""An allow-list with all that can be said about it, and all the ways to it."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from chatops_constructs import (
    Allow,
    IpAllowlistFunction,
    IpSetAddresses,
    IpSetPair,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    WafScope,
)

app = cdk.App()
stack = cdk.Stack(app, "Ops")
key = kms.Key(stack, "Key", enable_key_rotation=True)
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
    encryption_key=key,
)
developers = IpSetPair(stack, "Developers", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.at_run_time())
allowlist = IpAllowlistFunction(
    stack,
    "Allowlist",
    ip_sets=developers,
    valid_for=cdk.Duration.hours(10),
    link_valid_for=cdk.Duration.minutes(5),
    ipv6_prefix_length=56,
    shared_secret_parameter="/ops/allowlist-secret",  # noqa: S106 - the name of a parameter
    shared_secret_key=key,
    throttle_rate=20,
    throttle_burst=40,
    encryption_key=key,
    log_group=logs.LogGroup(stack, "Logs", retention=logs.RetentionDays.ONE_YEAR, encryption_key=key),
    access_log_group=logs.LogGroup(stack, "AccessLogs", retention=logs.RetentionDays.ONE_MONTH),
)
slack.add_command("/allow-me", allowlist.slack_action(), description="lets you in", allow=Allow.workspace())
slack.add_command(
    "/allow-list",
    allowlist.slack_admin_action(),
    description="who is let in, and who no longer",
    allow=Allow.channel("C0123SEC"),
)
allowlist.grant_register(iam.Role(stack, "Builder", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com")))
allowlist.grant_administration(iam.Role(stack, "OnCall", assumed_by=iam.AccountRootPrincipal()))
app.synth()
