"""From a push to production: a bot goes to staging, and after an approval in Slack to production."""

from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk
from aws_cdk.aws_scheduler import ScheduleExpression
from constructs import Construct

from chatops_constructs import (
    Allow,
    BotFunction,
    CdkSynth,
    DeliveryPipeline,
    DeliveryStage,
    GitHubSource,
    ScheduledSlackBot,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackNotifier,
    SlackWorkspace,
    Stages,
    StageSecrets,
    StageSettings,
    assert_stage_parity,
)

STANDUP = Path(__file__).parents[1] / "slack_bots" / "bots" / "standup"
TOOLS = cdk.Environment(account="777788889999", region="ap-northeast-1")
RELEASES = "C0RELEASES"


@dataclass(frozen=True, kw_only=True)
class BotSettings(StageSettings):
    """What differs between the stages."""

    channel: str


STAGING = BotSettings(name="staging", account="111122223333", region="ap-northeast-1", channel="C0STAGING")
PRODUCTION = BotSettings(name="production", account="444455556666", region="ap-northeast-1", channel="C0TEAM")


class Bots(cdk.Stack):
    """What is delivered."""

    def __init__(self, scope: Construct, id: str, *, settings: BotSettings) -> None:
        super().__init__(scope, id)
        ScheduledSlackBot(
            self,
            "Standup",
            schedule=ScheduleExpression.cron(
                week_day="MON-FRI", hour="9", minute="30", time_zone=cdk.TimeZone.ASIA_TOKYO
            ),
            handler=BotFunction(self, "Remind", entry=STANDUP, handler="standup.remind"),
            channel=settings.channel,
            # Without it in the stage's account the pipeline stops before it deploys.
            credentials=StageSecrets("acme", stage=settings.name).slack_credentials("standup", bot_token=True),
        )


class Delivery(cdk.Stack):
    """What delivers it, in an account of its own, and asks and tells in Slack."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, env=TOOLS)
        stages = Stages(
            self,
            build=lambda stage, settings: Bots(stage, "Bots", settings=settings),
            settings=[STAGING, PRODUCTION],
        )
        credentials = SlackCredentials.from_parameters("/acme/tools/deploy", bot_token=True)
        releases = SlackNotifier(
            self,
            "Releases",
            channel=RELEASES,
            credentials=credentials,
            commands=DeliveryPipeline.approval_buttons("/deploy"),
        )
        delivery = DeliveryPipeline(
            self,
            "Delivery",
            source=GitHubSource("acme/bots", branch="main"),
            synth=CdkSynth.pip(),
            stages=[
                DeliveryStage(stages["staging"]),
                DeliveryStage(stages["production"], approval=True),
            ],
            on_approval=[releases],
            on_failure=[releases],
            on_success=[releases],
        )
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
            credentials=credentials,
        )
        slack.add_command(
            "/deploy",
            delivery.approval_action(credentials=credentials),
            description="approves what goes to production",
            allow=Allow.channel(RELEASES),
        )


app = cdk.App()
Delivery(app, "Delivery")
assert_stage_parity(app)
