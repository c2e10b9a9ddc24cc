"""An endpoint that is observed in every way, encrypted with a key of its own."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.aws_cloudwatch_actions import SnsAction
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

COMMANDS = Path(__file__).parent / "commands"


class Told(cdk.Stack):
    """A command for each way in which it may end."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0TOLD01", app="A0TOLD01"),
            credentials=SlackCredentials.from_parameters("/told", bot_token=True),
            encryption_key=kms.Key(self, "Key", enable_key_rotation=True),
        )
        slack.alarms(actions=[SnsAction(sns.Topic(self, "Alarmed"))])
        slack.dashboard()
        function = CommandFunction(self, "Endings", entry=COMMANDS, handler="endings.come_to")
        slack.add_command(
            "/come-to",
            InvokeFunction(function),
            description="an end",
            allow=Allow.workspace(),
            visible=Visibility.CHANNEL,
        )
        one = Ec2Targets.by_tag("Role", "one")
        slack.add_command(
            "/wait",
            RunScript('while [ -e "$HOME/hold" ]; do sleep 0.05; done', targets=one),
            description="until it is let go",
            allow=Allow.workspace(),
        )
        slack.add_command("/bad", RunScript("exit 1", targets=one), description="a bad result", allow=Allow.workspace())
        slack.add_command(
            "/closed", RunScript("true", targets=one), description="to nobody", allow=Allow.channel("C0ELSEWHERE")
        )


app = cdk.App()
Told(app, "Told")
app.synth()
