"""A function with packages, which are built without Docker for its architecture and its Python."""

from pathlib import Path

import aws_cdk as cdk

from chatops_constructs import (
    Allow,
    InvokeFunction,
    PythonFunction,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
)

FUNCTIONS = Path(__file__).parents[1] / "functions"

app = cdk.App()
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
escape = PythonFunction(stack, "Escape", entry=FUNCTIONS / "escape", handler="escape.handler")
slack.add_command("/escape", InvokeFunction(escape), description="writes text as HTML", allow=Allow.workspace())
app.synth()
