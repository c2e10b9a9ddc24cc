"""Commands that ask back: menus, an approval, a search in logs; and what runs now."""

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
    Integer,
    InvokeFunction,
    LogSearch,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
    Visibility,
)

COMMANDS = Path(__file__).parent / "commands"
CHANNEL = "C0123OPS"


class OpsRoom(cdk.Stack):
    """`/service` and `/drain` on the web servers, `/order` and `/logsearch` for a service, `/ops` about all of them."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment | None = None) -> None:
        super().__init__(scope, id, env=env)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
            credentials=SlackCredentials.from_parameters("/ops-room/prod", bot_token=True),
        )
        everybody = Allow.workspace()
        web = Ec2Targets.by_tag("Role", "web")

        slack.add_command(
            "/service",
            RunScript('ps -C "$SERVICE" -o pid,etime,args || echo "$SERVICE does not run"', targets=web),
            arguments=[Choice("service", ["nginx", "sshd", "cron"], help="which one")],
            description="how a service is doing on the web servers",
            allow=everybody,
        )
        slack.add_command(
            "/drain",
            RunScript('touch drain && echo "$(hostname) takes no new requests"', targets=web.pick(max=2)),
            description="takes up to two web servers out of service",
            allow=everybody,
            approval=Approval(by=Allow.channel(CHANNEL), channel=CHANNEL),
            concurrency=Concurrency.ONE,
            visible=Visibility.CHANNEL,
        )

        orders = CommandFunction(self, "Orders", entry=COMMANDS, handler="orders.order")
        slack.add_command(
            "/order",
            InvokeFunction(orders),
            arguments=[Integer("pieces", least=1, most=99, help="how many")],
            description="orders something",
            allow=everybody,
        )
        slack.add_command(
            "/logsearch",
            LogSearch(log_groups={"orders": orders.log_group}),
            description="finds a request in the logs",
            allow=everybody,
        )

        slack.add_command("/ops status", slack.status_action(), description="what runs now", allow=everybody)
        slack.add_command("/ops history", slack.history_action(), description="what ran last", allow=everybody)


app = cdk.App()
OpsRoom(app, "OpsRoom")
app.synth()
