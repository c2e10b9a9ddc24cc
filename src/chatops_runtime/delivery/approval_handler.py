"""The entry point behind `/deploy`: `chatops_runtime.delivery.approval_handler.handler`."""

from __future__ import annotations

import json
import os
import time
from functools import cache
from typing import Any

import boto3

from chatops_runtime import log_line
from chatops_runtime.authorization.patience import patiently
from chatops_runtime.command_function.slack_command import SlackCommand
from chatops_runtime.contracts import delivery as contract
from chatops_runtime.contracts import environment
from chatops_runtime.delivery.authors import Authors
from chatops_runtime.delivery.desk import Desk
from chatops_runtime.delivery.pipeline import Pipeline
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.token_way import TokenWay
from chatops_runtime.slack.web_client import WebClient


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's context has no type
    """Approve, reject or tell the status, and say in one line of the log who asked for what and what became of it.

    Raises:
        ValueError: The event is no command of the contract.
        ClientError: CodePipeline refused.
    """
    began = time.monotonic()
    facts: dict[str, Any] = {}
    level = log_line.INFO
    try:
        return Desk(_pipeline(), _authors(), facts).obey(SlackCommand.from_event(event)).to_contract()
    except Exception as error:
        level = log_line.ERROR
        facts.update(outcome="failed", **log_line.describe(error))
        raise
    finally:
        log_line.write(
            level,
            "delivery",
            **facts,
            request_id=context.aws_request_id,
            milliseconds=round((time.monotonic() - began) * 1000),
        )


@cache
def _pipeline() -> Pipeline:
    return Pipeline(
        boto3.client("codepipeline"), os.environ[contract.PIPELINE], json.loads(os.environ[contract.STAGES])
    )


@cache
def _authors() -> Authors | None:
    # Whatever else it says, it does not allow it.
    if os.environ[contract.SELF_APPROVAL] == contract.ALLOWED:
        return None
    parameter = os.environ.get(environment.BOT_TOKEN_PARAMETER)
    slack = TokenWay(WebClient(), BotToken(parameter), patiently, gov=False) if parameter else None
    return Authors(json.loads(os.environ[contract.PEOPLE]), slack)
