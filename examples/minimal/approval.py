"""The smallest approval: somebody else agrees before the service is restarted."""

import aws_cdk as cdk

from chatops_constructs import (
    Allow,
    Approval,
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
    # The bot posts the card.
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
slack.add_command(
    "/restart",
    RunScript("systemctl restart nginx", targets=Ec2Targets.by_tag("Role", "web")),
    description="restarts the web servers",
    allow=Allow.channel("C0123OPS"),
    approval=Approval(by=Allow.channel("C0123OPS"), channel="C0123OPS"),
)
app.synth()
