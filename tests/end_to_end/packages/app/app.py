"""Two functions with a package that is compiled: one that Lambda calls, one behind a command."""

from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from chatops_constructs import (
    Allow,
    CommandFunction,
    InvokeFunction,
    PythonFunction,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
)

FUNCTIONS = Path(__file__).parent / "functions"


class Packages(cdk.Stack):
    """A command for each."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0PACK01", app="A0PACK01"),
            credentials=SlackCredentials.from_parameters("/packages"),
        )
        plain = PythonFunction(self, "Plain", entry=FUNCTIONS, handler="compiled.handler")
        slack.add_command("/plain", InvokeFunction(plain), description="escapes text", allow=Allow.workspace())
        command = CommandFunction(self, "Command", entry=FUNCTIONS, handler="compiled.command")
        slack.add_command("/command", InvokeFunction(command), description="escapes text", allow=Allow.workspace())


app = cdk.App()
Packages(app, "Packages")
app.synth()
