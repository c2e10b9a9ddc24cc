"""The notifier's entry point: `chatops_runtime.notifier.handler.handler`."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any

import boto3

from chatops_runtime import log_line
from chatops_runtime.contracts import environment
from chatops_runtime.notifier.batch import Outcome, say
from chatops_runtime.notifier.command_button import CommandButton
from chatops_runtime.notifier.dead_letters import DeadLetters
from chatops_runtime.notifier.delivery import Delivery
from chatops_runtime.notifier.turn_table import TurnTable
from chatops_runtime.notifier.turns import Turns
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.web_client import WebClient

RESERVE_SECONDS = 25.0
"""Of the function's time, for what is under way when no more turn is waited for: one post, timeouts included."""


def handler(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:  # noqa: ANN401 - it has no type
    """Say all messages of a batch in one message, and which of them are to come again.

    It is said at least once: if the function ends between posting and answering, the batch comes again.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting

    Raises:
        Exception: Something is wrong here rather than at Slack, such as a missing permission; all of it comes again.
    """
    began = time.monotonic()
    deadline = time.time() + context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS
    records = event["Records"]
    failure = Outcome(log_line.ERROR, {"outcome": "failed"}, [record["messageId"] for record in records])
    outcome, trouble = failure, {}
    try:
        outcome = say(records, deadline, _delivery(), _dead_letters(), _buttons())
    except Exception as error:
        trouble = _describe(error)
        raise
    finally:
        log_line.write(
            outcome.level,
            "notifier",
            **outcome.facts,
            channel=os.environ[environment.CHANNEL_ID],
            notices=len(records),
            coming_again=len(outcome.left),
            request_id=context.aws_request_id,
            milliseconds=round((time.monotonic() - began) * 1000),
            **trouble,
        )
    return {"batchItemFailures": [{"itemIdentifier": id} for id in outcome.left]}


def _describe(error: Exception) -> dict[str, Any]:
    """With AWS's own word for it, and for what: `AccessDeniedException` of `GetParameter`."""
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return {**log_line.describe(error), "aws_error": code, "aws_operation": getattr(error, "operation_name", None)}


@cache
def _delivery() -> Delivery:
    return Delivery(
        channel=os.environ[environment.CHANNEL_ID],
        client=WebClient(),
        bot_token=BotToken(os.environ[environment.BOT_TOKEN_PARAMETER]),
        turns=Turns(TurnTable(boto3.client("dynamodb"), os.environ[environment.TURNS_TABLE])),
    )


@cache
def _buttons() -> tuple[CommandButton, ...]:
    return CommandButton.of_environment(os.environ.get(environment.COMMAND_BUTTONS, "[]"))


@cache
def _dead_letters() -> DeadLetters:
    return DeadLetters(boto3.client("sqs"), os.environ[environment.DEAD_LETTER_QUEUE_URL])
