"""Endpoints whose functions answer what happens in Slack."""

from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from chatops_constructs import (
    Allow,
    BotFunction,
    CommandFunction,
    Concurrency,
    InvokeFunction,
    ReplyIn,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

BOTS = Path(__file__).parent / "bots"
EVERYBODY = Allow.workspace()


class Events(cdk.Stack):
    """One endpoint with functions of every kind, and one that answers bots."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0EVENT1", app="A0EVENT1"),
            credentials=SlackCredentials.from_parameters("/events", bot_token=True),
        )
        answer = BotFunction(self, "Answer", entry=BOTS, handler="helper.answer")
        echo = BotFunction(self, "Echo", entry=BOTS, handler="helper.echo")
        count = BotFunction(self, "Count", entry=BOTS, handler="helper.count")
        act = BotFunction(self, "Act", entry=BOTS, handler="helper.act")
        slack.add_event_handler("app_mention", answer, description="answers", allow=EVERYBODY)
        slack.add_event_handler(
            "message.channels",
            echo,
            description="says it again",
            allow=EVERYBODY,
            reply_in=ReplyIn.CHANNEL,
            channels=["C0ECHO"],
        )
        slack.add_event_handler("message.im", echo, description="says it again", allow=EVERYBODY)
        slack.add_event_handler(
            "reaction_added",
            count,
            description="tells",
            allow=Allow.user_group("S0FRIENDS"),
            concurrency=Concurrency.ONE,
        )
        slack.add_event_handler("pin_added", echo, description="tells", allow=Allow.user("U0BOSS"))
        for kind, id, allow in (
            ("block_actions", "go_now", EVERYBODY),
            ("block_actions", "go_*", Allow.user("U0BOSS")),
            ("shortcut", "page", EVERYBODY),
            ("message_action", "ticket", EVERYBODY),
            ("view_submission", "form", EVERYBODY),
            ("view_submission", "bosses", Allow.user("U0BOSS")),
        ):
            slack.add_interaction_handler(
                kind,
                id,
                act,
                description="does it",
                allow=allow,
                visible=Visibility.CHANNEL if id == "go_now" else Visibility.USER,
            )
        controls = CommandFunction(self, "Controls", entry=BOTS, handler="controls.show")
        slack.add_command("/controls", InvokeFunction(controls), description="shows controls", allow=EVERYBODY)
        other = SlackCommandEndpoint(
            self,
            "Other",
            workspace=SlackWorkspace.team("T0EVENT1", app="A0EVENT2"),
            credentials=SlackCredentials.from_parameters("/other", bot_token=True),
        )
        other.add_event_handler(
            "message.channels",
            BotFunction(self, "EchoOfBots", entry=BOTS, handler="helper.echo"),
            description="says again what bots say",
            allow=EVERYBODY,
            from_bots=True,
        )


app = cdk.App()
Events(app, "Events")
app.synth()
