"""A bot for tickets: a reaction, messages of other bots too, its own button, a shortcut."""

from pathlib import Path

import aws_cdk as cdk

from chatops_constructs import (
    Allow,
    BotFunction,
    Concurrency,
    ReplyIn,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

BOTS = Path(__file__).parent / "bots"
SUPPORT = "C0123SUPPORT"

app = cdk.App()
stack = cdk.Stack(app, "Tickets")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
offer = BotFunction(stack, "Offer", entry=BOTS, handler="tickets.offer")
file = BotFunction(stack, "File", entry=BOTS, handler="tickets.file")
slack.add_event_handler(
    "reaction_added",
    offer,
    description="offers a ticket for what is marked with :ticket:",
    allow=Allow.user_group("S0123SUPPORT"),
    channels=[SUPPORT],
)
slack.add_event_handler(
    "message.channels",
    offer,
    description="looks at what people and alarms write",
    allow=Allow.workspace(),
    reply_in=ReplyIn.CHANNEL,
    channels=[SUPPORT],
    subtypes=["message_changed"],
    from_bots=True,
    scopes=["channels:history"],
    concurrency=Concurrency.MANY,
)
slack.add_interaction_handler(
    "block_actions",
    "ticket_*",
    file,
    description="files a ticket",
    allow=Allow.channel(SUPPORT),
    visible=Visibility.CHANNEL,
    concurrency=Concurrency.MANY,
)
slack.add_interaction_handler(
    "message_action",
    "file_a_ticket",
    file,
    description="files a ticket about a message",
    allow=Allow.workspace(guests=False),
    title="File a ticket",
)
app.synth()
