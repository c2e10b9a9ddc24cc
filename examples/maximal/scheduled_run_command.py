"""A nightly job with all that can be said about it."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk.aws_scheduler import ScheduleExpression

from chatops_constructs import (
    Ec2Targets,
    Overlap,
    RunOn,
    ScheduledRunCommand,
    SlackCredentials,
    SlackNotifier,
    SuccessIf,
)

JOBS = Path(__file__).parent / "jobs"

app = cdk.App()
stack = cdk.Stack(app, "Batch")
key = kms.Key(stack, "Key", enable_key_rotation=True)
succeeded = sns.Topic(stack, "Succeeded", enforce_ssl=True)
ops = SlackNotifier(
    stack,
    "Ops",
    channel="C0123OPS",
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
ScheduledRunCommand(
    stack,
    "Nightly",
    schedule=ScheduleExpression.cron(hour="2", minute="0", time_zone=cdk.TimeZone.ASIA_TOKYO),
    targets=Ec2Targets.by_tag("Role", "web"),
    script_file=JOBS / "nightly.sh",
    description="What the night is for",
    enabled=True,
    run_on=RunOn.ALL,
    min_targets=2,
    success_if=SuccessIf.percent(50),
    max_concurrency="10",
    max_errors="10%",
    timeout=cdk.Duration.hours(3),
    delivery_timeout=cdk.Duration.minutes(5),
    expected_duration=cdk.Duration.minutes(40),
    completion_signal=True,
    overlap=Overlap.LOCK,
    start_within=cdk.Duration.minutes(10),
    on_success=[succeeded],
    on_failure=[ops],
    alarm_if_no_success_within=cdk.Duration.hours(30),
    output_log_group=logs.LogGroup(stack, "Output", retention=logs.RetentionDays.ONE_YEAR),
    encryption_key=key,
)
app.synth()
