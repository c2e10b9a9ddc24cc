"""Commands with much to say, of an app with a bot token and of one without."""

from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from chatops_constructs import (
    Allow,
    CommandFunction,
    Ec2Targets,
    InvokeFunction,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

HERE = Path(__file__).parent


class Delivery(cdk.Stack):
    """Two endpoints with the same commands."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.say = CommandFunction(self, "Say", entry=HERE / "commands", handler="functions.say")
        self.endpoint("Bare", app="A0BARE001", bot_token=False)
        self.endpoint("Token", app="A0TOKEN01", bot_token=True)

    def endpoint(self, id: str, *, app: str, bot_token: bool) -> None:
        """An endpoint with a function and a script, whose answers the channel sees, and one for the user alone."""
        slack = SlackCommandEndpoint(
            self,
            id,
            workspace=SlackWorkspace.team("T0TEAM001", app=app),
            credentials=SlackCredentials.from_parameters(f"/delivery/{id.lower()}", bot_token=bot_token),
        )
        big = RunScript("yes 0123456789abcdef | head -c 20000", targets=Ec2Targets.by_tag("Role", "one"))
        actions = {"/say": InvokeFunction(self.say), "/big": big}
        for name, action in actions.items():
            slack.add_command(
                name, action, description="says much", allow=Allow.workspace(), visible=Visibility.CHANNEL
            )
        slack.add_command("/mine", big, description="says much to one", allow=Allow.workspace())


app = cdk.App()
Delivery(app, "Delivery")
app.synth()
