"""Commands that somebody has to agree to, to complete, or may cancel; and a workspace beside it."""

from pathlib import Path

import aws_cdk as cdk
from constructs import Construct

from chatops_constructs import (
    Allow,
    Approval,
    Choice,
    CommandFunction,
    Concurrency,
    Ec2Targets,
    InvokeFunction,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

COMMANDS = Path(__file__).parent / "commands"
CHANNEL = "C0APPROVE"


class Approvals(cdk.Stack):
    """A command for each question."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0APPR01", app="A0APPR01"),
            credentials=SlackCredentials.from_parameters("/appr", bot_token=True),
        )
        one, web, many = (Ec2Targets.by_tag("Role", role) for role in ("one", "web", "many"))
        admins = Allow.user_group("S0ADMINS")
        hour = cdk.Duration.hours(1)
        function = CommandFunction(
            self, "Versioned", entry=COMMANDS, handler="versioned.tell", environment={"VERSION": "one"}
        )
        slack.add_command(
            "/deploy",
            InvokeFunction(function),
            description="deploys",
            allow=Allow.workspace(),
            visible=Visibility.CHANNEL,
            approval=Approval(by=admins, channel=CHANNEL, within=hour),
        )
        slack.add_command(
            "/reboot",
            RunScript("echo version one", targets=one),
            description="reboots",
            allow=Allow.workspace(),
            approval=Approval(by=Allow.workspace(), channel=CHANNEL, quorum=2, within=hour),
        )
        slack.add_command(
            "/hurry",
            RunScript("echo in time", targets=one),
            description="is urgent",
            allow=Allow.workspace(),
            approval=Approval(by=admins, channel=CHANNEL, within=cdk.Duration.minutes(1)),
        )
        slack.add_command(
            "/serve",
            RunScript('echo "serving $SERVICE"', targets=one),
            description="serves",
            allow=Allow.workspace(),
            arguments=[Choice("service", ["nginx", "app"])],
        )
        slack.add_command(
            "/where",
            RunScript("echo here", targets=web.pick(max=2)),
            description="somewhere",
            allow=Allow.workspace(),
        )
        slack.add_command(
            "/one-of-many",
            RunScript("echo here", targets=many.pick()),
            description="on one of many",
            allow=Allow.workspace(),
        )
        slack.add_command(
            "/sure", RunScript("echo done", targets=one), description="is meant", allow=Allow.workspace(), confirm=True
        )
        slack.add_command(
            "/only",
            RunScript(
                'touch "$HOME/begun"; while [ -e "$HOME/hold" ]; do sleep 0.05; done; touch "$HOME/over"',
                targets=one,
            ),
            description="once at a time",
            allow=Allow.workspace(),
            visible=Visibility.CHANNEL,
            concurrency=Concurrency.ONE,
        )
        slack.add_command(
            "/runners",
            RunScript("echo as a runner", targets=one),
            description="for a group",
            allow=Allow.user_group("S0RUNNERS"),
        )
        slack.add_command(
            "/staff",
            RunScript("echo as staff", targets=one),
            description="for no guests",
            allow=Allow.workspace(guests=False),
        )


class Neighbours(cdk.Stack):
    """Another workspace, with a command of the same name."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0NEXT01", app="A0NEXT01"),
            credentials=SlackCredentials.from_parameters("/next", bot_token=True),
        )
        slack.add_command(
            "/deploy",
            RunScript("echo next door", targets=Ec2Targets.by_tag("Role", "one")),
            description="deploys",
            allow=Allow.workspace(),
            approval=Approval(by=Allow.workspace(), channel=CHANNEL, within=cdk.Duration.hours(1)),
        )


app = cdk.App()
Approvals(app, "Approvals")
Neighbours(app, "Neighbours")
app.synth()
