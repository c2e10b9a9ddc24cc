"""What is wrong with what a call of `add_command` asks for before the command runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems
from chatops_constructs.slack.admission import menus_of
from chatops_constructs.slack.approval import Approval
from chatops_constructs.slack.concurrency import Concurrency
from chatops_constructs.slack.rule_checks import check_rule
from chatops_runtime.contracts import asking

if TYPE_CHECKING:
    from constructs import Construct

    from chatops_constructs.slack.endpoint_task import TaskSettings

WITH_BOT_TOKEN = "give the endpoint SlackCredentials.from_parameters(…, bot_token=True)"  # noqa: S105 - a remedy


def check_admission(endpoint: Construct, settings: TaskSettings, *, has_bot_token: bool) -> None:
    """Check approval, confirmation and concurrency, each and together.

    Args:
        endpoint: For the error.
        settings: What `add_command` was given.
        has_bot_token: Whether the endpoint has one.

    Raises:
        ValueError: Something is not as `add_command` describes it, or nobody could be asked.
    """
    problems = Problems(endpoint)
    approval = settings.approval
    messages = len(menus_of(settings)) + bool(settings.confirm) + settings.action.asks
    problems.check(
        approval is None or isinstance(approval, Approval),
        "approval",
        approval,
        "Approval(by=…, channel=…)",
        "say who approves, or leave it out",
    )
    problems.check(
        isinstance(settings.confirm, bool),
        "confirm",
        settings.confirm,
        "True or False",
        "say whether the user is asked",
    )
    problems.check(
        not (approval and settings.confirm is True),
        "confirm",
        settings.confirm,
        "no confirmation with an approval, for which somebody else is asked anyway",
        "leave out one of the two",
    )
    problems.check(
        isinstance(settings.concurrency, Concurrency),
        "concurrency",
        settings.concurrency,
        "Concurrency.MANY or Concurrency.ONE",
        "say whether it may run while it runs, or leave it out",
    )
    problems.check(
        has_bot_token or approval is None,
        "approval",
        "an approval",
        "approvals with a bot token only: nobody but who typed a command sees what is posted through its response_url",
        WITH_BOT_TOKEN,
    )
    problems.check(
        has_bot_token or messages <= asking.MOST_WITHOUT_TOKEN,
        "arguments",
        f"{messages} questions, menus of absent choices and the confirmation included",
        f"{asking.MOST_WITHOUT_TOKEN} without a bot token, since Slack takes five messages in answer to a command",
        f"give choices a default, or {WITH_BOT_TOKEN}",
    )
    problems.raise_if_any()
    if approval is not None:
        check_rule(endpoint, "approval.by", approval.by, arguments=settings.arguments, has_bot_token=has_bot_token)
