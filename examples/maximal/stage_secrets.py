"""Secrets in both stores, under keys of your own; functions that developers may not change."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from chatops_constructs import (
    Allow,
    CommandFunction,
    InvokeFunction,
    SlackCommandEndpoint,
    SlackWorkspace,
    StageSecrets,
)

REPORTS = Path(__file__).parent / "reports"

app = cdk.App()
stack = cdk.Stack(app, "Ops")
secrets = StageSecrets("acme", stage="staging", encryption_key=kms.Key(stack, "Key", enable_key_rotation=True))
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=secrets.slack_credentials("reports", bot_token=True),
)
own = CommandFunction(stack, "Own", entry=REPORTS, handler="reports.own")
secrets.secret("reports", "link-key").give_to(own)
slack.add_command("/report", InvokeFunction(own), description="a link to a report", allow=Allow.channel("C0123OPS"))

# The partner rotates this one: their program writes it into Secrets Manager.
partners = CommandFunction(stack, "Partners", entry=REPORTS, handler="reports.partners")
secrets.secret_from_secrets_manager(
    "reports",
    "link-key",
    name="partner/links",
    json_field="key",
    encryption_key=kms.Key(stack, "PartnersKey", enable_key_rotation=True),
).give_to(partners, read_as="partner-key")
slack.add_command(
    "/report partner", InvokeFunction(partners), description="a link to a partner's", allow=Allow.channel("C0123OPS")
)

secrets.deny_developers_policy(
    stack, "NoSecretsForDevelopers", functions=[own, partners], policy_name="no-secrets-of-staging"
)
app.synth()
