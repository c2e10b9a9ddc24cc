"""What becomes of one batch of messages from the queue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chatops_runtime import log_line
from chatops_runtime.notifier import refusal
from chatops_runtime.notifier.composition import compose
from chatops_runtime.notifier.turns import NotNowError
from chatops_runtime.slack import refusals
from chatops_runtime.slack.bot_token import BotTokenUnusableError
from chatops_runtime.slack.web_client import SlackRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.notifier.command_button import CommandButton
    from chatops_runtime.notifier.dead_letters import DeadLetters
    from chatops_runtime.notifier.delivery import Delivery
    from chatops_runtime.slack.message import Message

    Record = dict[str, Any]

BOT_TOKEN_UNUSABLE = "bot_token_unusable"  # noqa: S105 - a reason, not a secret


@dataclass(frozen=True)
class Outcome:
    """What became of a batch.

    Attributes:
        level: The log line's level.
        facts: What the log line says: neither a message's text nor a token.
        left: The ids of the messages that are to come again.
    """

    level: str
    facts: dict[str, str]
    left: list[str] = field(default_factory=list)


def say(
    records: Sequence[Record],
    deadline: float,
    delivery: Delivery,
    dead_letters: DeadLetters,
    buttons: Sequence[CommandButton] = (),
) -> Outcome:
    """Say all messages in one message to Slack.

    What Slack cannot take now comes again. What it will not take goes to the dead-letter queue at once, where an alarm
    tells of it: trying for hours would only hide it.

    Raises:
        Exception: Something is wrong here rather than at Slack, such as a missing permission.
    """
    try:
        _deliver(compose(records, buttons), deadline, delivery)
    except NotNowError as later:
        everything = [record["messageId"] for record in records]
        return Outcome(log_line.WARN, {"outcome": "comes_again", "detail": str(later)}, everything)
    except BotTokenUnusableError as unusable:
        reason, detail, what_to_do = BOT_TOKEN_UNUSABLE, str(unusable), refusal.REDRIVE
    except SlackRefusedError as refused:
        reason, detail, what_to_do = refused.code, str(refused), refusal.advice(refused.code)
    else:
        return Outcome(log_line.INFO, {"outcome": "posted"})
    facts = {"outcome": "refused", "reason": reason, "detail": detail, "what_to_do": what_to_do}
    return Outcome(log_line.ERROR, facts, dead_letters.put(records, reason))


def _deliver(message: Message, deadline: float, delivery: Delivery) -> None:
    """Deliver `message`; if Slack does not like its blocks, as text: better a notice without buttons than none."""
    try:
        delivery.deliver(message, deadline)
    except SlackRefusedError as refused:
        if message.blocks is None or not refusals.is_of_content(refused.code):
            raise
        log_line.write(log_line.WARN, "notice_without_buttons", reason=refused.code)
        delivery.deliver(replace(message, blocks=None), deadline)
