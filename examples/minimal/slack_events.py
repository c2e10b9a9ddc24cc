"""A bot that answers when it is mentioned."""

from pathlib import Path

import aws_cdk as cdk

from chatops_constructs import Allow, BotFunction, SlackCommandEndpoint, SlackCredentials, SlackWorkspace

BOTS = Path(__file__).parent / "bots"

app = cdk.App()
stack = cdk.Stack(app, "Bot")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
slack.add_event_handler(
    "app_mention",
    BotFunction(stack, "Answer", entry=BOTS, handler="helper.answer"),
    description="says hello",
    allow=Allow.workspace(),
)
app.synth()
