"""Two jobs of a small shop, each on a schedule, without a server or a function of their own."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from aws_cdk.aws_scheduler import ScheduleExpression
from constructs import Construct

from chatops_constructs import Ec2Targets, RunOn, ScheduledRunCommand, SuccessIf

HERE = Path(__file__).parent


class ScheduledBatch(cdk.Stack):
    """A nightly batch on any one of the batch instances, and warm caches on all web servers."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment | None = None) -> None:
        super().__init__(scope, id, env=env)
        succeeded = sns.Topic(self, "Succeeded", enforce_ssl=True)
        failed = sns.Topic(self, "Failed", enforce_ssl=True)
        batch = Ec2Targets.by_tag("Role", "batch")
        web = Ec2Targets.by_tag("Role", "web")

        ScheduledRunCommand(
            self,
            "NightlyBatch",
            schedule=ScheduleExpression.cron(hour="2", minute="0", time_zone=cdk.TimeZone.ASIA_TOKYO),
            script_file=HERE / "jobs" / "nightly_batch.sh",
            targets=batch,
            run_on=RunOn.ANY_ONE,
            timeout=cdk.Duration.hours(3),
            expected_duration=cdk.Duration.minutes(40),
            on_success=[succeeded],
            on_failure=[failed],
            alarm_if_no_success_within=cdk.Duration.hours(30),
        )
        ScheduledRunCommand(
            self,
            "WarmCaches",
            schedule=ScheduleExpression.cron(minute="*/15", time_zone=cdk.TimeZone.ASIA_TOKYO),
            script_file=HERE / "jobs" / "warm_caches.sh",
            targets=web,
            min_targets=2,
            success_if=SuccessIf.percent(50),
            timeout=cdk.Duration.minutes(5),
            on_failure=[failed],
        )


app = cdk.App()
ScheduledBatch(app, "ScheduledBatch")
app.synth()
