"""A Step Functions workflow behind a slash command."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_stepfunctions as sfn

from chatops_constructs import Allow, SlackCommandEndpoint, SlackCredentials, SlackWorkspace, StartWorkflow

WORKFLOW = Path(__file__).parents[1] / "maximal" / "workflows" / "restore.asl.json"

app = cdk.App()
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
restore = sfn.StateMachine(stack, "Restore", definition_body=sfn.DefinitionBody.from_file(str(WORKFLOW)))
slack.add_command("/restore", StartWorkflow(restore), description="restores a table", allow=Allow.channel("C0123OPS"))
app.synth()
