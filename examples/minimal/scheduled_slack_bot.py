"""A reminder in a channel, on weekdays at nine."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk.aws_scheduler import ScheduleExpression

from chatops_constructs import BotFunction, ScheduledSlackBot, SlackCredentials

BOTS = Path(__file__).parent / "bots"

app = cdk.App()
stack = cdk.Stack(app, "Team")
ScheduledSlackBot(
    stack,
    "Standup",
    schedule=ScheduleExpression.cron(week_day="MON-FRI", hour="9", minute="0", time_zone=cdk.TimeZone.ASIA_TOKYO),
    handler=BotFunction(stack, "Remind", entry=BOTS, handler="standup.remind"),
    channel="C0123TEAM",
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
app.synth()
