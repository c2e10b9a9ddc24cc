"""Who is on duty, with all that can be said about it."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk.aws_scheduler import ScheduleExpression

from chatops_constructs import BotFunction, PythonDependencies, ScheduledSlackBot, SlackCredentials

BOTS = Path(__file__).parent / "bots"

app = cdk.App()
stack = cdk.Stack(app, "Team")
key = kms.Key(stack, "Key", enable_key_rotation=True)
mail = sns.Topic(stack, "Mail", enforce_ssl=True)
announce = BotFunction(
    stack,
    "Announce",
    entry=BOTS,
    handler="duty.announce",
    dependencies=PythonDependencies.none(),
    runtime=lambda_.Runtime.PYTHON_3_14,
    architecture=lambda_.Architecture.ARM_64,
    description="Says who is on duty",
    timeout=cdk.Duration.seconds(30),
    memory_size=512,
    environment={"ROTA": "hanako taro jiro"},
    log_group=logs.LogGroup(stack, "AnnounceLogs", retention=logs.RetentionDays.SIX_MONTHS, encryption_key=key),
    encryption_key=key,
)
ScheduledSlackBot(
    stack,
    "Duty",
    schedule=ScheduleExpression.cron(hour="9", minute="0", time_zone=cdk.TimeZone.EUROPE_BERLIN),
    handler=announce,
    channel="C0123TEAM",
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True, encryption_key=key),
    failure_channel="C0123OPS",
    # Slack may be what fails.
    on_failure=[mail],
    enabled=True,
    start_within=cdk.Duration.minutes(10),
    alarm_if_no_success_within=cdk.Duration.hours(30),
    description="Who has the pager today",
    encryption_key=key,
)
app.synth()
