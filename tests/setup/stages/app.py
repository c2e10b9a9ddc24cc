"""Two stages with a bot each, and a stack that declares its stage by the names of its secrets alone."""

import aws_cdk as cdk

from chatops_constructs import CommandFunction, SlackNotifier, StageSecrets


def add_bot(scope: cdk.Stack, stage: str) -> None:
    """Add a notifier, and a function with a secret in each store."""
    secrets = StageSecrets("acme", stage=stage)
    credentials = secrets.slack_credentials("standup", bot_token=True)
    SlackNotifier(scope, "Notifier", channel="C0123OPS", credentials=credentials)
    function = CommandFunction(scope, "Hello", entry="commands", handler="hello.hello")
    secrets.secret("standup", "api-key").give_to(function)
    secrets.secret_from_secrets_manager("standup", "database", json_field="password").give_to(function)
    secrets.secret_from_secrets_manager("standup", "partner").give_to(function)


app = cdk.App()
for stage, account in (("Staging", "123456789012"), ("Production", "222222222222")):
    environment = cdk.Environment(account=account, region="us-east-1")
    add_bot(cdk.Stack(cdk.Stage(app, stage, env=environment), "Bots"), stage.lower())
add_bot(cdk.Stack(app, "Alone"), "preview")
app.synth()
