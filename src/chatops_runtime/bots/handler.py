"""The entry point of the function that posts: `chatops_runtime.bots.handler.handler`."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from chatops_runtime import embedded_metrics, log_line
from chatops_runtime.bots.posting import Posting
from chatops_runtime.bots.rendering import NoReplyError, render
from chatops_runtime.contracts import bot_post, environment
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.token_way import TokenWay
from chatops_runtime.slack.web_client import WebClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

NEEDED_MILLISECONDS = 25_000
"""For one message: the token is read and perhaps read again, and Slack answers within ten seconds each time."""


def handler(event: dict[str, Any], context: Any) -> dict[str, object]:  # noqa: ANN401 - Lambda's context has no type
    """Post what a bot says, or as much of that as Slack takes now: `chatops_runtime.contracts.bot_post`.

    Raises:
        Exception: Something is wrong here rather than at Slack.
    """
    began = time.monotonic()
    level, facts = log_line.ERROR, {}
    try:
        answer = _answer(event, context)
        facts = {**answer, **_metrics(event, answer)}
        level = log_line.INFO if answer["done"] and "error" not in answer else log_line.WARN
    except Exception as error:
        facts = log_line.describe(error)
        raise
    else:
        return answer
    finally:
        log_line.write(
            level,
            "bot_post",
            bot=event.get("bot"),
            id=event.get("id"),
            channel=event.get("channel_id"),
            says="notice" if "notice" in event else "reply",
            tries=event.get("tries"),
            request_id=context.aws_request_id,
            milliseconds=round((time.monotonic() - began) * 1000),
            **facts,
        )


def _answer(event: dict[str, Any], context: Any) -> dict[str, object]:  # noqa: ANN401
    if event["version"] != bot_post.VERSION:
        raise ValueError(f"the event has version {event['version']!r}: this code reads version {bot_post.VERSION}")
    try:
        messages = render(event)
    except NoReplyError as error:
        return {"done": True, "said": event["said"], "error": bot_post.NO_REPLY, "cause": str(error)}
    posting = Posting(
        event["channel_id"],
        _way(),
        said=event["said"],
        tries=event["tries"],
        has_time=lambda: context.get_remaining_time_in_millis() >= NEEDED_MILLISECONDS,
    )
    return posting.answer(messages)


def _metrics(event: dict[str, Any], answer: dict[str, object]) -> dict[str, object]:
    """Of replies that were posted, or never will be."""
    if "notice" in event or not answer["done"] or not (answer["said"] or "error" in answer):
        return {}
    return embedded_metrics.facts(
        {bot_post.NOT_POSTED if "error" in answer else bot_post.POSTED: 1},
        namespace=bot_post.NAMESPACE,
        dimension=bot_post.DIMENSION,
        name=event["bot"],
        now=time.time(),
    )


@cache
def _way() -> TokenWay:
    # Short pauses are for the state machine as well, which does not pay for waiting.
    return TokenWay(WebClient(), BotToken(os.environ[environment.BOT_TOKEN_PARAMETER]), _at_once, gov=False)


def _at_once(call: Callable[[], T]) -> T:
    return call()
