"""The function that posts what a stack's bots say."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from chatops_constructs._asked_once import stack_of
from chatops_constructs._one_per_stack import one_per_stack
from chatops_constructs._problems import check
from chatops_constructs._secret_parameter import declare_secrets
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_runtime.contracts import environment as variables
from chatops_runtime.contracts import template_metadata

if TYPE_CHECKING:
    from aws_cdk import Stack
    from aws_cdk import aws_kms as kms

    from chatops_constructs.slack.credentials import SlackCredentials

HASH_LENGTH = 8


class SlackPoster(Construct):
    """Posts to the channels of one Slack app, with its bot token: one per stack and token.

    Attributes:
        function: The function.
        arn: Its ARN.
        credentials: Where the bot token is.
    """

    def __init__(
        self, scope: Construct, id: str, *, credentials: SlackCredentials, encryption_key: kms.IKey | None
    ) -> None:
        """Create the function; use `of` instead.

        Args:
            scope: The stack.
            id: The id in `scope`.
            credentials: Where the bot token is.
            encryption_key: Encrypts its log. None: a key that AWS owns.
        """
        super().__init__(scope, id)
        self.credentials: SlackCredentials = credentials
        parameter = credentials.bot_token_parameter or ""
        self.function = RuntimeFunction(
            self,
            "Function",
            handler="chatops_runtime.bots.handler.handler",
            description="posts to Slack what bots say",
            memory_size=256,
            timeout=Duration.minutes(1),
            environment={variables.BOT_TOKEN_PARAMETER: parameter},
            encryption_key=encryption_key,
        )
        self.arn: str = self.function.function_arn
        credentials.grant_read_bot_token(self.function)
        declare_secrets(
            self.function,
            {"name": parameter, "store": template_metadata.PARAMETER, "kind": template_metadata.BOT_TOKEN},
        )

    @classmethod
    def of(cls, scope: Construct, credentials: SlackCredentials, *, encryption_key: kms.IKey | None) -> SlackPoster:
        """The stack's poster with that token, created at the first call.

        Args:
            scope: Any construct of the stack.
            credentials: Where the bot token is; there has to be one.
            encryption_key: As in the constructor; that of the first call counts.

        Raises:
            ValueError: Other credentials say that the same token is encrypted with another key.
        """
        stack = stack_of(scope)
        # The name of the parameter may be known at deploy time only, and an id may not hold a token.
        resolved = json.dumps(stack.resolve(credentials.bot_token_parameter))
        digest = hashlib.sha256(resolved.encode()).hexdigest()[:HASH_LENGTH].upper()
        poster = one_per_stack(
            scope,
            f"SlackPoster{digest}",
            lambda stack, id: cls(stack, id, credentials=credentials, encryption_key=encryption_key),
        )
        key, known_key = credentials.encryption_key, poster.credentials.encryption_key
        check(
            _resolved_arn(stack, key) == _resolved_arn(stack, known_key),
            scope,
            "credentials",
            f"{credentials.bot_token_parameter}, encrypted with {_named(key)}",
            f"one key for a parameter, and another bot of the stack says {_named(known_key)}",
            "make the credentials once, with encryption_key=…, and give them to all",
        )
        return poster

    def grant_post(self, role: iam.Role) -> None:
        """Let `role` post.

        Args:
            role: The role of a bot's state machine.
        """
        # Not `grant_invoke`: that adds every version and alias of the function.
        role.add_to_policy(
            iam.PolicyStatement(sid="PostToSlack", actions=["lambda:InvokeFunction"], resources=[self.arn])
        )


def _resolved_arn(stack: Stack, key: kms.IKey | None) -> object:
    """The same for one key, however often it was imported."""
    return None if key is None else stack.resolve(key.key_arn)


def _named(key: kms.IKey | None) -> str:
    return "the key aws/ssm" if key is None else f"the key {key.node.path}"
