"""Finds out what only Slack knows about who may run a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration

from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_runtime.contracts import environment as variables

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from chatops_constructs.slack.authorization import Allow
    from chatops_constructs.slack.credentials import SlackCredentials


class Authorizer(RuntimeFunction):
    """The *authorize* function, which commands ask about their rules: it reads who is in a group, and who is a guest.

    Behind the acknowledgement, since Slack is asked for it. It may read the bot token and nothing else, and that only
    if a rule takes it: one about an argument that is chosen from a menu does not.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        team_id: str,
        credentials: SlackCredentials,
        encryption_key: kms.IKey | None,
    ) -> None:
        """Create the function; it judges the rules that it is told of with `judge`.

        Args:
            scope: The endpoint.
            id: The id in `scope`.
            team_id: The workspace.
            credentials: Where the bot token is, if there is one.
            encryption_key: Encrypts its log. None: a key that AWS owns.
        """
        super().__init__(
            scope,
            id,
            handler="chatops_runtime.authorization.handler.handler",
            description="asks Slack who may run a command",
            memory_size=256,
            timeout=Duration.seconds(30),
            environment={variables.TEAM_ID: team_id},
            encryption_key=encryption_key,
        )
        self._credentials = credentials
        self._asks_slack = False

    def judge(self, rule: Allow) -> None:
        """Let it read the bot token if only Slack knows whom the rule lets in, rather than an argument.

        Args:
            rule: The rule of a command.
        """
        bot_token = self._credentials.bot_token_parameter
        if self._asks_slack or bot_token is None or not rule.needs_slack:
            return
        self._asks_slack = True
        self.add_environment(variables.BOT_TOKEN_PARAMETER, bot_token)
        self._credentials.grant_read_bot_token(self)
