"""Bots that behave in every way that the end-to-end tests ask for."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import TimeZone
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk.aws_scheduler import ScheduleExpression
from constructs import Construct

from chatops_constructs import BotFunction, ScheduledSlackBot, SlackCredentials, SlackNotifier

BOTS = Path(__file__).parent / "bots"
CREDENTIALS = SlackCredentials.from_parameters("/end-to-end/bots", bot_token=True)
OTHERS = SlackCredentials.from_parameters("/end-to-end/others", bot_token=True)

# Tests fire the schedules themselves; by simulated time these are not due.
YEARLY = ScheduleExpression.cron(minute="0", hour="0", day="1", month="1")


class Bots(cdk.Stack):
    """One bot for each thing that can become of one."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.failed = sns.Topic(self, "Failed", topic_name="failed")
        for name in ("Told", "Markup", "Blocks", "Long", "Nothing", "Raising", "Crashing", "BadBlocks"):
            self.add(name)
        self.add("OutOfTime", timeout=cdk.Duration.seconds(3))
        self.add("Slackless", of="told", failure_channel=None, on_failure=[])
        self.add("Watched", of="told", alarm_if_no_success_within=cdk.Duration.hours(2))
        self.add_plain_function()
        notifier = SlackNotifier(self, "Notifier", channel="C0456DEV", credentials=OTHERS)
        self.add("Notified", of="raising", on_failure=[notifier])
        key = kms.Key(self, "Key", enable_key_rotation=True)
        self.add("Keyed", of="told", encryption_key=key, credentials=OTHERS)
        self.add("KeyedRaising", of="raising", encryption_key=key, on_failure=[])

    def add(self, id: str, *, of: str = "", timeout: cdk.Duration | None = None, **options: Any) -> None:
        """A bot with a function of the same name, unless the options say otherwise."""
        name = of or "".join(f"_{each.lower()}" if each.isupper() else each for each in id).strip("_")
        function = BotFunction(self, f"{id}Function", entry=BOTS, handler=f"speaking.{name}", timeout=timeout)
        self.add_bot(id, function, **options)

    def add_plain_function(self) -> None:
        """In any language, with nothing of ours."""
        code = "def handler(event, context): return {'text': event['bot'], 'color': 'red'} if event else None"
        function = lambda_.Function(
            self,
            "Plain",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(code),
        )
        self.add_bot("NoReply", function)

    def add_bot(self, id: str, handler: lambda_.IFunction, **options: Any) -> None:
        """What they have in common."""
        given: dict[str, Any] = {
            "schedule": YEARLY,
            "credentials": CREDENTIALS,
            "failure_channel": "C0FAILED",
            "on_failure": [self.failed],
            **options,
        }
        ScheduledSlackBot(self, id, handler=handler, channel="C0TEAM", **given)


class Clocks(cdk.Stack):
    """Bots on days on which clocks change, and on weekdays only."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        clock = BotFunction(self, "Clock", entry=BOTS, handler="speaking.clock")
        for name, zone in (("Tokyo", TimeZone.ASIA_TOKYO), ("Berlin", TimeZone.EUROPE_BERLIN)):
            ScheduledSlackBot(
                self,
                name,
                schedule=ScheduleExpression.cron(week_day="MON-FRI", hour="9", minute="0", time_zone=zone),
                handler=clock,
                channel="C0TEAM",
                credentials=CREDENTIALS,
            )


app = cdk.App()
Bots(app, "Bots")
Clocks(app, "Clocks")
app.synth()
