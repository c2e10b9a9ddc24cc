"""An endpoint, and the stack of the place where its commands work, which lets them do three things.

Both are deployed into the local cloud's one account: what stands between accounts is the role, and the endpoint's stack
can do nothing there without it.
"""

import aws_cdk as cdk
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

ACCOUNT = "123456789012"
FAR = TargetAccount(f"arn:aws:iam::{ACCOUNT}:role/far-ops")
FAR_INSTANCES = Ec2Targets.by_tag("Role", "far")
ORDERS = "/far/orders"


def who() -> RunScript:
    return RunScript('echo "$CHATOPS_TEXT from $(hostname)"', targets=FAR_INSTANCES, accepts_text=True, account=FAR)


def held() -> RunScript:
    return RunScript(
        "touch begun; while [ -e hold ]; do sleep 0.1; done; touch over", targets=FAR_INSTANCES.pick(), account=FAR
    )


def unknown() -> RunScript:
    return RunScript("echo nobody allowed this", targets=FAR_INSTANCES, account=FAR)


def closed() -> RunScript:
    account = TargetAccount(f"arn:aws:iam::{ACCOUNT}:role/closed-ops")
    return RunScript("echo never", targets=FAR_INSTANCES, account=account)


def orders(scope: Construct) -> LogSearch:
    return LogSearch(log_groups=[logs.LogGroup.from_log_group_name(scope, "FarOrders", ORDERS)], account=FAR)


class Hub(cdk.Stack):
    """The endpoint."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team("T0FAR", app="A0FAR"),
            credentials=SlackCredentials.from_parameters("/end-to-end/far", bot_token=True),
        )
        everybody = Allow.workspace()
        approval = Approval(by=Allow.user("U0ADA"), channel="C0FAR")
        slack.add_command("/who", who(), description="says who", allow=everybody)
        slack.add_command("/careful", who(), description="says who", allow=everybody, approval=approval)
        slack.add_command("/held", held(), description="waits", allow=everybody)
        slack.add_command("/unknown", unknown(), description="is not allowed there", allow=everybody)
        slack.add_command("/closed", closed(), description="is trusted by nobody", allow=everybody)
        slack.add_command("/logsearch", orders(self), description="finds a request", allow=everybody)


class Spoke(cdk.Stack):
    """What the commands may do elsewhere."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        logs.LogGroup(self, "Orders", log_group_name=ORDERS, removal_policy=cdk.RemovalPolicy.DESTROY)
        role = TargetAccountRole(self, "Ops", role_name="far-ops", trusted_account=ACCOUNT, trusted_stack="Hub")
        role.allow_script("Who", who())
        role.allow_script("Held", held())
        role.allow_log_search(orders(self))
        other = TargetAccountRole(
            self, "Closed", role_name="closed-ops", trusted_account=ACCOUNT, trusted_stack="Other"
        )
        other.allow_script("Closed", closed())


app = cdk.App()
Spoke(app, "Spoke")
Hub(app, "Hub")
app.synth()
