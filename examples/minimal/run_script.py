"""A script of one line on every web server."""

import aws_cdk as cdk

from chatops_constructs import Allow, Ec2Targets, RunScript, SlackCommandEndpoint, SlackCredentials, SlackWorkspace

app = cdk.App()
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
slack.add_command(
    "/uptime",
    RunScript("uptime", targets=Ec2Targets.by_tag("Role", "web")),
    description="since when the web servers are up",
    allow=Allow.workspace(),
)
app.synth()
