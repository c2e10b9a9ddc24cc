"""The smallest rule that says who may: `/disk` is for one channel."""

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
    "/disk",
    RunScript("df -h /", targets=Ec2Targets.by_tag("Role", "web")),
    description="free disk space of the web servers",
    allow=Allow.channel("C0123OPS"),
)
app.synth()
