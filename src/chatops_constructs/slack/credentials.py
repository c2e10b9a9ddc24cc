"""Where Slack's secrets are. Never the secrets themselves: functions read them when they run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops_constructs._problems import check, matches
from chatops_constructs._secret_parameter import MOST_CHARACTERS, grant_read_secret

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_

# As the names of parameters (`_secret_parameter.NAME`); one of the 15 levels is the parameter's own.
PREFIX = re.compile(r"(?!/(?i:aws|ssm))(/[A-Za-z0-9._-]+){1,14}")

SIGNING_SECRET = "slack-signing-secret"  # noqa: S105 - the last part of a parameter's name
BOT_TOKEN = "slack-bot-token"  # noqa: S105 - the last part of a parameter's name


class SlackCredentials:
    """The names of the SSM parameters that hold Slack's secrets: make them with `from_parameters`.

    Attributes:
        signing_secret_parameter: The name of the SecureString with the signing secret.
        bot_token_parameter: The name of the SecureString with the bot token, or None.
        encryption_key: The customer-managed key that both are encrypted with, or None: the account's `aws/ssm` key.
    """

    def __init__(
        self, *, signing_secret_parameter: str, bot_token_parameter: str | None, encryption_key: kms.IKey | None
    ) -> None:
        """Keep the names; use `from_parameters` instead.

        Args:
            signing_secret_parameter: The parameter with the signing secret.
            bot_token_parameter: The parameter with the bot token, if there is one.
            encryption_key: The key that both are encrypted with.
        """
        self.signing_secret_parameter = signing_secret_parameter
        self.bot_token_parameter = bot_token_parameter
        self.encryption_key = encryption_key

    @classmethod
    def from_parameters(
        cls, prefix: str, *, bot_token: bool = False, encryption_key: kms.IKey | None = None
    ) -> SlackCredentials:
        """Secrets in the Parameter Store as `<prefix>/slack-signing-secret` and `<prefix>/slack-bot-token`.

        You create them, as SecureString, before the first command; CloudFormation cannot:

            aws ssm put-parameter --type SecureString --name /ops/prod/slack-signing-secret --value …

        They are read when a function runs, so they are in no template, no environment and no log, and a changed one
        takes effect without a deploy.

        Example:
            from chatops_constructs import SlackCredentials

            credentials = SlackCredentials.from_parameters("/ops/prod")

        Args:
            prefix: The path in front of both names: `/` and letters, digits, `.`, `-`, `_`, up to 14 levels.
            bot_token: Whether the bot token exists too. With it, results that come later than Slack's 30 minutes for
                answering a command are posted by the bot, and long ones are uploaded. Default: False.
            encryption_key: The customer-managed key that the parameters are encrypted with. Default: the account's
                `aws/ssm` key, which needs no permission.

        Raises:
            ValueError: The prefix is no such path.
        """
        check(
            matches(PREFIX, prefix) and len(prefix) <= MOST_CHARACTERS,
            "SlackCredentials.from_parameters",
            "prefix",
            prefix,
            "/ and a path of letters, digits, '.', '-' and '_', not under /aws or /ssm, without / at its end",
            "write it like '/ops/prod'",
        )
        return cls(
            signing_secret_parameter=f"{prefix}/{SIGNING_SECRET}",
            bot_token_parameter=f"{prefix}/{BOT_TOKEN}" if bot_token else None,
            encryption_key=encryption_key,
        )

    def grant_read_signing_secret(self, function: lambda_.Function) -> None:
        """Let `function` read the signing secret, by GetParameters, and no other parameter.

        Args:
            function: The function that verifies requests.
        """
        grant_read_secret(
            function,
            self.signing_secret_parameter,
            sid="ReadTheSigningSecret",
            encryption_key=self.encryption_key,
            action="ssm:GetParameters",  # together with the off-switch
        )

    def grant_read_bot_token(self, function: lambda_.Function) -> None:
        """Let `function` read the bot token, if there is one.

        Args:
            function: The function that posts messages.
        """
        if self.bot_token_parameter is not None:
            grant_read_secret(
                function, self.bot_token_parameter, sid="ReadTheBotToken", encryption_key=self.encryption_key
            )
