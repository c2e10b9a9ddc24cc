"""A plain Python function behind a slash command."""

from pathlib import Path

import aws_cdk as cdk

from chatops_constructs import (
    Allow,
    CommandFunction,
    InvokeFunction,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
)

COMMANDS = Path(__file__).parents[1] / "ops_bot" / "commands"

app = cdk.App()
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
hello = CommandFunction(stack, "Hello", entry=COMMANDS, handler="hello.hello")
slack.add_command("/hello", InvokeFunction(hello), description="says hello", allow=Allow.workspace())
app.synth()
