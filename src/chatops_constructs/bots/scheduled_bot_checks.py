"""What is wrong with the parameters of a `ScheduledSlackBot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems, matches
from chatops_constructs.slack.notifier import CONVERSATION_ID

if TYPE_CHECKING:
    from chatops_constructs.slack.credentials import SlackCredentials


def check_handler(problems: Problems, handler: object) -> None:
    """Note what is no function."""
    problems.check(
        hasattr(handler, "function_arn") and hasattr(handler, "grant_invoke"),
        "handler",
        handler,
        "a function of aws_cdk.aws_lambda, such as a BotFunction",
        "write it like BotFunction(self, 'Remind', entry='bots', handler='standup.remind')",
    )


def check_channel(problems: Problems, name: str, channel: object) -> None:
    """Note what is no id of a conversation."""
    problems.check(
        matches(CONVERSATION_ID, channel),
        name,
        channel,
        "an id: C (or G, D, U, W) and capital letters or digits, not a name",
        "copy the id at the bottom of the channel's details in Slack",
    )


def check_credentials(problems: Problems, credentials: SlackCredentials) -> None:
    """Note if there is no bot token."""
    problems.check(
        credentials.bot_token_parameter is not None,
        "credentials",
        "SlackCredentials without a bot token",
        "credentials with a bot token, without which nobody can post to a channel",
        "write SlackCredentials.from_parameters(…, bot_token=True)",
    )
