"""A function with packages and all that can be said about it: what Lambda calls is in a layer."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from chatops_constructs import (
    Allow,
    InvokeFunction,
    PythonDependencies,
    PythonFunction,
    RuntimeLayer,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
)

ESCAPE = Path(__file__).parents[1] / "functions" / "escape"

app = cdk.App()
stack = cdk.Stack(app, "Ops")
key = kms.Key(stack, "Key", enable_key_rotation=True)
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
escape = PythonFunction(
    stack,
    "Escape",
    entry=ESCAPE,
    handler="escape.command",
    dependencies=PythonDependencies.from_requirements(ESCAPE / "requirements.txt"),
    entry_point="chatops_runtime.command_function.handler",
    layers=[RuntimeLayer.of(stack)],
    runtime=lambda_.Runtime.PYTHON_3_14,
    architecture=lambda_.Architecture.X86_64,
    description="Writes text as HTML",
    timeout=cdk.Duration.seconds(10),
    memory_size=512,
    environment={"CHATOPS_HANDLER": "escape.command"},
    log_group=logs.LogGroup(stack, "EscapeLogs", retention=logs.RetentionDays.SIX_MONTHS, encryption_key=key),
    encryption_key=key,
)
slack.add_command("/escape", InvokeFunction(escape), description="writes text as HTML", allow=Allow.workspace())
app.synth()
