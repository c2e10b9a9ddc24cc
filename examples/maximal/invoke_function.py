"""A function with all that can be said about it, which two commands invoke: one of them may change things."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from chatops_constructs import (
    Allow,
    CommandFunction,
    InvokeFunction,
    PythonDependencies,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
)

COMMANDS = Path(__file__).parents[1] / "ops_bot" / "commands"

app = cdk.App()
stack = cdk.Stack(app, "Ops")
key = kms.Key(stack, "Key", enable_key_rotation=True)
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
flags = CommandFunction(
    stack,
    "Flags",
    entry=COMMANDS,
    handler="hello.hello",
    dependencies=PythonDependencies.none(),
    runtime=lambda_.Runtime.PYTHON_3_14,
    architecture=lambda_.Architecture.X86_64,
    description="Shows and sets feature flags",
    timeout=cdk.Duration.minutes(5),
    memory_size=512,
    environment={"STAGE": "production"},
    log_group=logs.LogGroup(stack, "FlagsLogs", retention=logs.RetentionDays.SIX_MONTHS, encryption_key=key),
    encryption_key=key,
)
slack.add_command(
    "/flags",
    InvokeFunction(flags, accepts_text=False, more_fields={"may_set": False}),
    description="shows the feature flags",
    allow=Allow.workspace(),
)
slack.add_command(
    "/flags set",
    InvokeFunction(flags, accepts_text=True, more_fields={"may_set": True}),
    description="sets one",
    allow=Allow.channel("C0123OPS"),
)
app.synth()
