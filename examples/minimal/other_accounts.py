"""A script in another account: the endpoint's stack, and the stack over there that lets it in."""

import aws_cdk as cdk

from chatops_constructs import (
    Allow,
    Ec2Targets,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    TargetAccount,
    TargetAccountRole,
)


def uptime() -> RunScript:
    """The same in both stacks."""
    return RunScript(
        "uptime",
        targets=Ec2Targets.by_tag("Role", "web"),
        account=TargetAccount("arn:aws:iam::222222222222:role/chatops-ops"),
    )


app = cdk.App()

stack = cdk.Stack(app, "Ops", env=cdk.Environment(account="111111111111", region="eu-central-1"))
slack = SlackCommandEndpoint(
    stack,
    "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
slack.add_command("/uptime", uptime(), description="since when the web servers are up", allow=Allow.workspace())

production = cdk.Stack(app, "Production", env=cdk.Environment(account="222222222222", region="eu-central-1"))
role = TargetAccountRole(production, "Ops", role_name="chatops-ops", trusted_account="111111111111")
role.allow_script("Uptime", uptime())

app.synth()
