"""The entry point: `chatops_runtime.queue_desk.handler.handler`."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import boto3

from chatops_runtime import log_line
from chatops_runtime.command_function import SlackCommand
from chatops_runtime.contracts import queue_desk as contract
from chatops_runtime.queue_desk.desk import Desk, Queues


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer what is asked: `chatops_runtime.contracts.queue_desk`.

    Raises:
        Exception: SQS could not be asked.
    """
    del context
    asked = SlackCommand.from_event(event)
    view = event["view"]
    facts: dict[str, object] = {"view": view, "user_id": asked.user.id, "channel_id": asked.channel.id}
    try:
        reply = _desk().redrive() if view == contract.REDRIVE else _desk().status()
    except Exception as error:
        log_line.write(log_line.ERROR, "queue_desk", id=asked.request_id, **facts, **log_line.describe(error))
        raise
    log_line.write(log_line.INFO, "queue_desk", id=asked.request_id, **facts)
    return reply.to_contract()


@cache
def _desk() -> Desk:
    queues = Queues(
        name=os.environ[contract.NAME],
        url=os.environ[contract.QUEUE_URL],
        arn=os.environ[contract.QUEUE_ARN],
        dead_letters_url=os.environ[contract.DEAD_LETTERS_URL],
        dead_letters_arn=os.environ[contract.DEAD_LETTERS_ARN],
    )
    return Desk(boto3.client("sqs"), queues)
