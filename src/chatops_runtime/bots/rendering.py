"""From what a bot's state machine hands over to the messages that are posted."""

from __future__ import annotations

from typing import Any

from chatops_runtime.contracts.commands_table import VISIBLE_TO_USER
from chatops_runtime.log_line import LoggableError
from chatops_runtime.report import reply as reply_rules
from chatops_runtime.report.pages import FOR_A_REMARK, MOST_MESSAGES, Passage, fill
from chatops_runtime.slack import mrkdwn, text_budget
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.plain_text import clean

_LONGEST = text_budget.MESSAGE - FOR_A_REMARK


class NoReplyError(LoggableError):
    """What the bot's function answered is no reply."""


def render(event: dict[str, Any]) -> tuple[Message, ...]:
    """What is to be posted: a pure function of the event, so that an invocation can go on where one had to stop.

    Args:
        event: `chatops_runtime.contracts.bot_post`.

    Raises:
        NoReplyError: The reply is none.
    """
    if "notice" in event:
        # Failures are few, and what they are told with is much to load.
        from chatops_runtime.bots.failure import render as render_failure  # noqa: PLC0415

        return (render_failure(event["notice"]),)
    return _of_reply(event["reply"])


def _of_reply(reply: object) -> tuple[Message, ...]:
    """None at all for nothing to say, which a text of blanks is as well."""
    answer = {"text": reply} if isinstance(reply, str) else reply
    if answer is None:
        return ()
    wrong = reply_rules.problem(answer)
    if wrong is not None:
        raise NoReplyError(
            f"the function's answer cannot be posted: {wrong}. "
            "It may be null, a text, or an object with `text`, `mrkdwn` or `blocks`"
        )
    return _of_answer(answer)  # type: ignore[arg-type]  # an object, or something would be wrong with it


def _of_answer(answer: dict[str, Any]) -> tuple[Message, ...]:
    if answer.get("visible") == VISIBLE_TO_USER:
        raise NoReplyError("the function's answer is for one user, but nobody asked: leave its `visible` out")
    if "blocks" in answer:
        shown = text_budget.cut(clean(answer.get("text", "")), text_budget.RECOMMENDED)
        return (Message(mrkdwn.escape(shown), answer["blocks"]),)
    is_plain = "text" in answer
    text = clean(answer["text"]) if is_plain else answer["mrkdwn"]
    if not text.strip():
        return ()
    whole = Passage.plain(text) if is_plain else Passage.markup(text)
    return tuple(Message(page, is_plain=is_plain) for page in _pages(whole))


def _pages(whole: Passage) -> list[str]:
    pages = fill(
        [whole],
        most=MOST_MESSAGES,
        room=_LONGEST,
        ending=lambda missing: f"(This was cut: {missing:,} of {len(whole.text):,} characters are missing.)",
    )
    return whole.joined(pages)
