"""The smallest command with arguments: `/restart nginx`, or `/restart` and a menu."""

import aws_cdk as cdk

from chatops_constructs import (
    Allow,
    Choice,
    Ec2Targets,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
)

app = cdk.App()
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
slack.add_command(
    "/restart",
    RunScript('systemctl restart "$SERVICE"', targets=Ec2Targets.by_tag("Role", "web")),
    arguments=[Choice("service", ["nginx", "app"])],
    description="restarts a service",
    allow=Allow.channel("C0123OPS"),
)
app.synth()
