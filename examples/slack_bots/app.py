"""A platform for bots, in staging and production: a bot is a folder below `bots` and a few lines here."""

from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk
from aws_cdk.aws_scheduler import ScheduleExpression
from constructs import Construct

from chatops_constructs import (
    Allow,
    BotFunction,
    ScheduledSlackBot,
    SlackCommandEndpoint,
    SlackWorkspace,
    Stages,
    StageSecrets,
    StageSettings,
    Visibility,
    assert_stage_parity,
)

BOTS = Path(__file__).parent / "bots"


@dataclass(frozen=True, kw_only=True)
class BotSettings(StageSettings):
    """What differs between the stages: each has a Slack app of its own, and speaks in its own channel."""

    slack_app: str
    channel: str


STAGING = BotSettings(
    name="staging", account="111122223333", region="ap-northeast-1", slack_app="A0STAGING", channel="C0STAGING"
)
PRODUCTION = BotSettings(
    name="production", account="444455556666", region="ap-northeast-1", slack_app="A0BOTS", channel="C0TEAM"
)


class Bots(cdk.Stack):
    """The bots of a stage, and what they share: the endpoint of their Slack app, and the names of their secrets."""

    def __init__(self, scope: Construct, id: str, *, settings: BotSettings) -> None:
        super().__init__(scope, id)
        secrets = StageSecrets("acme", stage=settings.name)
        credentials = secrets.slack_credentials("bots", bot_token=True)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T012AB3CD", app=settings.slack_app),
            credentials=credentials,
        )

        # Speaks on a schedule. Its packages are in bots/standup/requirements.txt, with their hashes.
        ScheduledSlackBot(
            self,
            "Standup",
            schedule=ScheduleExpression.cron(
                week_day="MON-FRI", hour="9", minute="30", time_zone=cdk.TimeZone.ASIA_TOKYO
            ),
            handler=BotFunction(self, "Remind", entry=BOTS / "standup", handler="standup.remind"),
            channel=settings.channel,
            credentials=credentials,
        )
        # The button in what it says.
        slack.add_interaction_handler(
            "block_actions",
            "standup_away",
            BotFunction(self, "Away", entry=BOTS / "standup", handler="standup.away"),
            description="tells the others who is away",
            allow=Allow.workspace(),
            visible=Visibility.CHANNEL,
        )

        # Answers when it is mentioned, and reads a secret.
        feedback = BotFunction(self, "Link", entry=BOTS / "feedback", handler="feedback.answer")
        secrets.secret("feedback", "link-key").give_to(feedback)
        slack.add_event_handler(
            "app_mention", feedback, description="gives everybody their own feedback form", allow=Allow.workspace()
        )

        # For whoever looks after the accounts to attach: who develops bots does not need their tokens.
        secrets.deny_developers_policy(self, "NoSecretsForDevelopers")


app = cdk.App()
Stages(
    app,
    build=lambda stage, settings: Bots(stage, "Bots", settings=settings),
    settings=[STAGING, PRODUCTION],
)
assert_stage_parity(app)
