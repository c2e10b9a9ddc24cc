"""Two workflows behind commands, one of another team, with an approval, and a quick one; and what runs, and ran."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_stepfunctions as sfn

from chatops_constructs import (
    Allow,
    Approval,
    Choice,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    StartWorkflow,
    Visibility,
)

WORKFLOWS = Path(__file__).parent / "workflows"

app = cdk.App()
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    # A result that may come after half an hour takes a bot token, and so does an approval.
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
restore = sfn.StateMachine.from_state_machine_name(stack, "Restore", "RestoreTable")
slack.add_command(
    "/restore",
    StartWorkflow(
        restore,
        input={"table": "{% $command.arguments.table %}", "requested_by": "{% $command.user.name %}", "dry_run": False},
        timeout=cdk.Duration.hours(2),
        accepts_text=False,
        express=False,
    ),
    arguments=[Choice("table", ["orders", "invoices"])],
    description="restores a table from last night's backup",
    allow=Allow.channel("C0123OPS"),
    visible=Visibility.CHANNEL,
    approval=Approval(
        by=Allow.user_group("S0123ADMINS"), channel="C0123OPS", quorum=1, within=cdk.Duration.minutes(10)
    ),
)
price = sfn.StateMachine(
    stack,
    "Price",
    definition_body=sfn.DefinitionBody.from_file(str(WORKFLOWS / "price.asl.json")),
    state_machine_type=sfn.StateMachineType.EXPRESS,
)
slack.add_command("/price", StartWorkflow(price), description="what something costs", allow=Allow.workspace())
slack.add_command("/ops status", slack.status_action(), description="what runs now", allow=Allow.workspace())
slack.add_command("/ops history", slack.history_action(), description="what ran last", allow=Allow.workspace())
app.synth()
