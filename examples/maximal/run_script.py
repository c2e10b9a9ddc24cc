"""A script that takes text, runs for most of an hour, and whose whole output is kept for a year."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

from chatops_constructs import Allow, Ec2Targets, RunScript, SlackCommandEndpoint, SlackCredentials, SlackWorkspace

JOBS = Path(__file__).parent / "jobs"

app = cdk.App()
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    # Results that come more than 25 minutes after the command need the bot.
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
slack.add_command(
    "/reindex",
    RunScript(
        script_file=JOBS / "reindex.sh",
        targets=Ec2Targets.by_tag("Role", "search", "spare").and_tag("Stage", "production"),
        timeout=cdk.Duration.hours(2),
        delivery_timeout=cdk.Duration.minutes(5),
        accepts_text=True,
        output_log_group=logs.LogGroup(stack, "Output", retention=logs.RetentionDays.ONE_YEAR),
        expected_duration=cdk.Duration.minutes(40),
        completion_signal=True,
    ),
    description="indexes a collection anew",
    allow=Allow.channel("C0123OPS"),
)
app.synth()
