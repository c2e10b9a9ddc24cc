"""A restart and a log search in another account, the restart approved by two people, with a key for the output."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from chatops_constructs import (
    Allow,
    Approval,
    Ec2Targets,
    LogSearch,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    TargetAccount,
    TargetAccountRole,
)

OPS, PRODUCTION = "111111111111", "222222222222"
# The region may be another one than the endpoint's.
PRODUCTION_ROLE = TargetAccount(f"arn:aws:iam::{PRODUCTION}:role/chatops-ops", region="eu-central-1")


def restart() -> RunScript:
    """Of one web server, which is picked."""
    return RunScript(
        "systemctl restart nginx", targets=Ec2Targets.by_tag("Role", "web").pick(), account=PRODUCTION_ROLE
    )


def search(scope: Construct) -> LogSearch:
    """In the logs of two services."""
    groups = {
        name: logs.LogGroup.from_log_group_name(scope, f"{name}Logs", f"/aws/lambda/{name}")
        for name in ("orders", "billing")
    }
    return LogSearch(log_groups=groups, account=PRODUCTION_ROLE)


app = cdk.App()

stack = cdk.Stack(app, "Ops", env=cdk.Environment(account=OPS, region="eu-central-1"))
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
)
admins = Allow.user_group("S0ADMINS")
slack.add_command(
    "/restart",
    restart(),
    description="restarts a web server in production",
    allow=admins,
    approval=Approval(by=admins, channel="C0123OPS", quorum=2),
)
slack.add_command("/logsearch", search(stack), description="finds a request in production", allow=Allow.workspace())

production = cdk.Stack(app, "Production", env=cdk.Environment(account=PRODUCTION, region="eu-central-1"))
role = TargetAccountRole(
    production,
    "Ops",
    role_name="chatops-ops",
    trusted_account=OPS,
    trusted_stack="Ops",
    encryption_key=kms.Key(production, "Key", enable_key_rotation=True),
)
role.allow_script("Restart", restart())
role.allow_log_search(search(production))

app.synth()
