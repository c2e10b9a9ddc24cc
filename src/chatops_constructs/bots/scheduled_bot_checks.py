"""What is wrong with the parameters of a `ScheduledSlackBot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_constructs._problems import Problems


def check_handler(problems: Problems, handler: object) -> None:
    """Note what is no function."""
    problems.check(
        hasattr(handler, "function_arn") and hasattr(handler, "grant_invoke"),
        "handler",
        handler,
        "a function of aws_cdk.aws_lambda, such as a BotFunction",
        "write it like BotFunction(self, 'Remind', entry='bots', handler='standup.remind')",
    )
