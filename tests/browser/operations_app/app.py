"""Operations that somebody approves, completes, confirms or cancels."""

import aws_cdk as cdk
from constructs import Construct

from chatops_constructs import (
    Allow,
    Approval,
    Choice,
    Ec2Targets,
    Flag,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

OPS = "C0LOCALOPS"
ADMINS = Allow.user_group("S0ADMINS")


class Operations(cdk.Stack):
    """`/ops` on the web servers."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
            credentials=SlackCredentials.from_parameters("/operations/prod", bot_token=True),
        )
        web = Ec2Targets.by_tag("Role", "web")
        slack.add_command(
            "/ops restart",
            RunScript('echo "$SERVICE is restarted"', targets=web),
            description="restarts a service on the web servers",
            arguments=[
                Choice("service", ["nginx", "app"], help="what is restarted"),
                Flag("force", help="even if busy"),
            ],
            allow=Allow.workspace(),
            visible=Visibility.CHANNEL,
            approval=Approval(by=ADMINS, channel=OPS, within=cdk.Duration.minutes(30)),
        )
        slack.add_command(
            "/ops drain",
            RunScript("echo drained", targets=web),
            description="takes the web servers out of service",
            allow=Allow.workspace(),
            approval=Approval(by=ADMINS, channel=OPS, within=cdk.Duration.minutes(1)),
        )
        slack.add_command(
            "/ops uptime",
            RunScript("uptime -p", targets=web.pick(max=2)),
            description="since when servers are up",
            allow=Allow.workspace(),
        )
        slack.add_command(
            "/ops clear",
            RunScript("echo cleared", targets=web),
            description="empties the caches",
            allow=Allow.workspace(),
            confirm=True,
        )
        slack.add_command(
            "/ops reindex",
            RunScript("sleep 600", targets=web),
            description="builds the search index anew",
            allow=Allow.workspace(),
        )


app = cdk.App()
Operations(app, "Operations")
app.synth()
