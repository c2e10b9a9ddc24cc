"""Finds out what only Slack knows about who may run a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration

from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_runtime.contracts import environment as variables

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from chatops_constructs.slack.credentials import SlackCredentials


class Authorizer(RuntimeFunction):
    """The *authorize* function, which commands ask about their rules: it reads who is in a group, and who is a guest.

    Behind the acknowledgement, since Slack is asked for it. It may read the bot token and nothing else.
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
        """Create the function.

        Args:
            scope: The endpoint.
            id: The id in `scope`.
            team_id: The workspace.
            credentials: Where the bot token is, if there is one.
            encryption_key: Encrypts its log. None: a key that AWS owns.
        """
        bot_token = credentials.bot_token_parameter
        super().__init__(
            scope,
            id,
            handler="chatops_runtime.authorization.handler.handler",
            description="asks Slack who may run a command",
            memory_size=256,
            timeout=Duration.seconds(30),
            environment={
                variables.TEAM_ID: team_id,
                **({variables.BOT_TOKEN_PARAMETER: bot_token} if bot_token else {}),
            },
            encryption_key=encryption_key,
        )
        credentials.grant_read_bot_token(self)
