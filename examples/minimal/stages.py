"""Staging and production of one definition, which are checked to be the same."""

from pathlib import Path

import aws_cdk as cdk

from chatops_constructs import (
    Allow,
    CommandFunction,
    InvokeFunction,
    SlackCommandEndpoint,
    SlackWorkspace,
    Stages,
    StageSecrets,
    StageSettings,
    assert_stage_parity,
)

COMMANDS = Path(__file__).parents[1] / "ops_bot" / "commands"


def bots(stage: cdk.Stage, settings: StageSettings) -> None:
    stack = cdk.Stack(stage, "Bots")
    slack = SlackCommandEndpoint(
        stack,
        "Slack",
        workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
        credentials=StageSecrets("acme", stage=settings.name).slack_credentials("bots"),
    )
    hello = CommandFunction(stack, "Hello", entry=COMMANDS, handler="hello.hello")
    slack.add_command("/hello", InvokeFunction(hello), description="says hello", allow=Allow.workspace())


app = cdk.App()
Stages(
    app,
    build=bots,
    settings=[
        StageSettings(name="staging", account="111122223333", region="eu-central-1"),
        StageSettings(name="production", account="444455556666", region="eu-central-1"),
    ],
)
assert_stage_parity(app)
