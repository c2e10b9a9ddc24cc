"""A function that reads a secret of its stage, and a policy for those who must not."""

from pathlib import Path

import aws_cdk as cdk

from chatops_constructs import (
    Allow,
    CommandFunction,
    InvokeFunction,
    SlackCommandEndpoint,
    SlackWorkspace,
    StageSecrets,
)

REPORTS = Path(__file__).parents[1] / "maximal" / "reports"

app = cdk.App()
stack = cdk.Stack(app, "Ops")
secrets = StageSecrets("acme", stage="staging")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=secrets.slack_credentials("reports"),
)
link = CommandFunction(stack, "Link", entry=REPORTS, handler="reports.own")
secrets.secret("reports", "link-key").give_to(link)
slack.add_command("/report", InvokeFunction(link), description="a link to a report", allow=Allow.channel("C0123OPS"))
secrets.deny_developers_policy(stack, "NoSecretsForDevelopers")
app.synth()
