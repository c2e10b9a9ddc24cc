"""A function with a secret in each store, one of them a field of JSON, under a key; and the policy for developers."""

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

app = cdk.App()
stack = cdk.Stack(app, "Secrets")
key = kms.Key(stack, "Key")
secrets = StageSecrets("acme", stage="staging")
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=secrets.slack_credentials("standup"),
)
function = CommandFunction(stack, "Prints", entry="commands", handler="prints.fingerprint")
secrets.secret("standup", "api-key").give_to(function)
secrets.secret_from_secrets_manager("standup", "database", json_field="password", encryption_key=key).give_to(function)
secrets.secret("standup", "missing").give_to(function)
slack.add_command("/fingerprint", InvokeFunction(function), description="of a secret", allow=Allow.workspace())
secrets.deny_developers_policy(stack, "Denial", functions=[function], policy_name="no-secrets")
cdk.CfnOutput(stack, "KeyArn", value=key.key_arn)
app.synth()
