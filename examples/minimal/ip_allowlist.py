"""An allow-list that people keep themselves, by `/allow-me`."""

import aws_cdk as cdk

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
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
# A rule of your web ACL asks for `developers.statement()`.
developers = IpSetPair(stack, "Developers", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.at_run_time())
allowlist = IpAllowlistFunction(stack, "Allowlist", ip_sets=developers)
slack.add_command("/allow-me", allowlist.slack_action(), description="lets you in", allow=Allow.workspace())
app.synth()
