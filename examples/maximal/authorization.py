"""Rules of every kind, alone and combined."""

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
    # User groups and guests are looked up in Slack, with the bot's token.
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
web = Ec2Targets.by_tag("Role", "web")

everybody = Allow.workspace(guests=True)
employees = Allow.workspace(guests=False)
in_operations = Allow.channel("C0123OPS", "C0456NIGHTS")
admins = Allow.user_group("S0123ADMINS")
on_call = Allow.user("U012AB3CD", "U034EF5GH")

slack.add_command("/uptime", RunScript("uptime", targets=web), description="since when it runs", allow=everybody)
slack.add_command("/who", RunScript("who", targets=web), description="who is logged in", allow=employees)
slack.add_command(
    "/ops reload",
    RunScript("systemctl reload nginx", targets=web),
    description="has nginx read its configuration again",
    # Somebody of either, and in the channel, so that others see it.
    allow=(admins | on_call) & in_operations,
)
slack.add_command(
    "/deploy",
    RunScript('/srv/deploy "$STAGE"', targets=web),
    arguments=[Choice("stage", ["dev", "test", "prod"])],
    description="deploys the latest version",
    allow=in_operations.when("stage", "dev", "test") | admins.when("stage", "prod"),
)
app.synth()
