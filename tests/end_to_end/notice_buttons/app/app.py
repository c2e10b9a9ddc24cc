"""A notifier whose notices have buttons, and the endpoint whose commands they run."""

import aws_cdk as cdk
from constructs import Construct

from chatops_constructs import (
    Allow,
    CommandButton,
    Ec2Targets,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackNotifier,
    SlackWorkspace,
    Text,
    Visibility,
)

CHANNEL = "C0BUTTONS"


class Buttons(cdk.Stack):
    """Notices that offer to look into what they tell."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        credentials = SlackCredentials.from_parameters("/butt", bot_token=True)
        slack = SlackCommandEndpoint(
            self, "Slack", workspace=SlackWorkspace.team("T0BUTT01", app="A0BUTT01"), credentials=credentials
        )
        slack.add_command(
            "/trace",
            RunScript(
                'printf "%s until %s by %s" "$REQUEST" "$UNTIL" "$CHATOPS_USER_ID"',
                targets=Ec2Targets.by_tag("Role", "one"),
            ),
            description="what happened to a request",
            allow=Allow.user("U0ADA"),
            visible=Visibility.CHANNEL,
            arguments=[Text("request"), Text("until", required=False, default="now")],
        )
        notifier = SlackNotifier(
            self,
            "Notifier",
            channel=CHANNEL,
            credentials=credentials,
            commands=[
                CommandButton(
                    "/trace", label="Trace the request", argument_from="request <(.+)>", text="--until later"
                ),
                CommandButton("/trace", label="Trace the first", text="first", confirm=False),
            ],
            endpoint=slack,
        )
        cdk.CfnOutput(self, "Topic", value=notifier.topic.topic_arn)


app = cdk.App()
Buttons(app, "Buttons")
app.synth()
