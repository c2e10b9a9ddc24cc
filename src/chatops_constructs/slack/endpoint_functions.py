"""The two functions that every endpoint has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam

from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_runtime.contracts import environment as variables

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from chatops_constructs.slack.credentials import SlackCredentials
    from chatops_constructs.slack.off_switch import OffSwitch
    from chatops_constructs.slack.workspace import SlackWorkspace

MACHINES_IN_A_STATEMENT = 20


class Dispatch(RuntimeFunction):
    """Verifies Slack's requests and starts commands."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        endpoint_name: str,
        workspace: SlackWorkspace,
        credentials: SlackCredentials,
        off_switch: OffSwitch,
        encryption_key: kms.IKey | None,
    ) -> None:
        """Create the function, which may read the signing secret and the switch, and start nothing yet.

        Args:
            scope: The endpoint.
            id: The id in `scope`.
            endpoint_name: The endpoint's physical name.
            workspace: The workspace and the app.
            credentials: Where the signing secret is.
            off_switch: What stops all commands.
            encryption_key: Encrypts its log. None: a key that AWS owns.
        """
        super().__init__(
            scope,
            id,
            handler="chatops_runtime.dispatch.handler.handler",
            description="verifies Slack's requests and starts commands",
            memory_size=256,
            timeout=Duration.seconds(10),
            environment={
                variables.ENDPOINT: endpoint_name,
                variables.TEAM_ID: workspace.team_id,
                variables.APP_ID: workspace.app_id,
                variables.SIGNING_SECRET_PARAMETER: credentials.signing_secret_parameter,
                variables.OFF_SWITCH_PARAMETER: off_switch.name,
            },
            encryption_key=encryption_key,
        )
        credentials.grant_read_signing_secret(self)
        off_switch.grant_read(self)
        self._statement: iam.PolicyStatement | None = None
        self._commands = 0

    def may_start(self, machine_arn: str) -> None:
        """Let it start a state machine that is no command's.

        Args:
            machine_arn: The machine.
        """
        self._let_start([machine_arn])

    def may_start_command(self, machine_arn: str) -> None:
        """Let it start a command.

        Each machine by its ARN. In statements of twenty, of which CDK makes a policy more when one is full. Not at
        synthesis: CDK may have looked by then.

        Args:
            machine_arn: The command's machine.
        """
        if self._statement is None or self._commands % MACHINES_IN_A_STATEMENT == 0:
            self._statement = self._let_start([])
        self._statement.add_resources(machine_arn)
        self._commands += 1

    def _let_start(self, machines: list[str]) -> iam.PolicyStatement:
        statement = iam.PolicyStatement(actions=["states:StartExecution"], resources=machines)
        self.add_to_role_policy(statement)
        return statement


class Report(RuntimeFunction):
    """Posts questions and the results of commands to Slack."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        endpoint_name: str,
        workspace: SlackWorkspace,
        credentials: SlackCredentials,
        encryption_key: kms.IKey | None,
    ) -> None:
        """Create the function, which may read the bot token, if there is one.

        Args:
            scope: The endpoint.
            id: The id in `scope`.
            endpoint_name: The endpoint's physical name.
            workspace: The workspace.
            credentials: Where the bot token is.
            encryption_key: Encrypts its log. None: a key that AWS owns.
        """
        bot_token = credentials.bot_token_parameter
        super().__init__(
            scope,
            id,
            handler="chatops_runtime.report.handler.handler",
            description="posts the results of commands to Slack",
            memory_size=256,
            timeout=Duration.minutes(1),
            environment={
                variables.ENDPOINT: endpoint_name,
                variables.TEAM_ID: workspace.team_id,
                **({variables.BOT_TOKEN_PARAMETER: bot_token} if bot_token else {}),
            },
            encryption_key=encryption_key,
        )
        credentials.grant_read_bot_token(self)
