"""A switch that `/maintenance` turns, and the web ACL of a load balancer."""

import aws_cdk as cdk
from aws_cdk import aws_wafv2 as wafv2

from chatops_constructs import (
    Allow,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    WafMaintenanceSwitch,
    WafScope,
)

LOAD_BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/api/0123456789abcdef"

app = cdk.App()
stack = cdk.Stack(app, "Edge")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
maintenance = WafMaintenanceSwitch(stack, "Maintenance", waf_scope=WafScope.REGIONAL)
slack.add_command(
    "/maintenance",
    maintenance.slack_action(),
    description="closes the API, and opens it",
    allow=Allow.channel("C0123OPS"),
)
wafv2.CfnWebACLAssociation(stack, "Association", resource_arn=LOAD_BALANCER, web_acl_arn=maintenance.web_acl.attr_arn)
app.synth()
