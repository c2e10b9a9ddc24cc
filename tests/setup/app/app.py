"""An endpoint with a sub-command, text and a bot token, and a stack that has nothing of ours."""

import aws_cdk as cdk
from aws_cdk import aws_sns as sns

from chatops_constructs import (
    Allow,
    CommandFunction,
    Ec2Targets,
    InvokeFunction,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
)

app = cdk.App()
ops = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    ops,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
web = Ec2Targets.by_tag("Role", "web")
everybody = Allow.workspace()
slack.add_command("/ps", RunScript("ps", targets=web), description="top processes", allow=everybody)
slack.add_command("/ops restart", RunScript("true", targets=web), description="restarts it", allow=everybody)
hello = CommandFunction(ops, "Hello", entry="commands", handler="hello.hello")
slack.add_command("/ops hello", InvokeFunction(hello), description="says hello", allow=everybody)

sns.Topic(cdk.Stack(app, "Plain"), "Topic")
app.synth()
