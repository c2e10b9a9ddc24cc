"""The decide function's entry point: `chatops_runtime.decide.handler.handler`."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from chatops_runtime import log_line
from chatops_runtime.authorization.composition import authorizer
from chatops_runtime.contracts import commands_table, control, decision, environment
from chatops_runtime.decide import words
from chatops_runtime.decide.answering import Answering
from chatops_runtime.decide.cancelling import Cancelling
from chatops_runtime.decide.click import Click
from chatops_runtime.decide.history import Histories
from chatops_runtime.decide.outcome import Outcome
from chatops_runtime.decide.running_commands import RunningCommands
from chatops_runtime.decide.target import Target
from chatops_runtime.decide.telling import Telling
from chatops_runtime.decide.tokens import Tokens
from chatops_runtime.slack import response_url
from chatops_runtime.slack.web_client import WebClient

CLIENT = Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 4, "mode": "standard"})
"""What gets no answer in the function's minute is for the machine to try again."""


def handler(event: dict[str, Any], context: Any) -> dict[str, str]:  # noqa: ANN401 - Lambda's context has no type
    """Do what a click says, and tell who clicked: `chatops_runtime.contracts.click` and `.decision`.

    Raises:
        Exception: Something is in the way that may pass. To invoke it again with the same event is safe: what the click
            has done already stands in the execution's history, and is told as if it was done just now.
    """
    began = time.monotonic()
    click = Click.from_event(event)
    target = Target.of(click.value, _commands(), context.invoked_function_arn)
    facts: dict[str, object] = {"outcome": "failed"}
    level = log_line.ERROR
    try:
        telling = _telling()
        telling.check(click)
        outcome = _outcome(click, target)
        facts = {"outcome": outcome.name, "detail": outcome.detail or None}
        refused = telling.tell(click, outcome)
        facts["not_told"] = refused
        level = log_line.WARN if refused or outcome.detail else log_line.INFO
    except Exception as error:
        facts.update(log_line.describe(error))
        raise
    else:
        return {"outcome": outcome.name}
    finally:
        log_line.write(
            level,
            "click",
            id=click.id,
            action=click.action_id,
            command=target.command if target else None,
            execution=target.execution if target else None,
            user_id=click.user_id,
            channel_id=click.channel_id,
            request_id=context.aws_request_id,
            milliseconds=round((time.monotonic() - began) * 1000),
            **facts,
        )


def _outcome(click: Click, target: Target | None) -> Outcome:
    if click.user_team_id != click.team_id:
        return Outcome(decision.NOT_ALLOWED, words.OTHER_WORKSPACE)
    if target is None:
        return Outcome(decision.UNKNOWN, words.UNKNOWN)
    if click.action_id == control.CANCEL:
        return _cancelling().outcome(click, target)
    return _answering(gov=response_url.is_gov(click.response_url)).outcome(click, target)


@cache
def _commands() -> dict[str, commands_table.CommandEntry]:
    return commands_table.read()["commands"]


@cache
def _telling() -> Telling:
    return Telling(WebClient(), os.environ[environment.TEAM_ID])


@cache
def _answering(*, gov: bool) -> Answering:
    client = _client("stepfunctions")
    return Answering(Histories(client), Tokens(client), lambda: authorizer(gov=gov))


@cache
def _cancelling() -> Cancelling:
    client = _client("stepfunctions")
    return Cancelling(Histories(client), Tokens(client), RunningCommands(_client), client)


@cache
def _client(service: str) -> Any:  # noqa: ANN401 - boto3's clients have no type
    create: Any = boto3.client
    return create(service, config=CLIENT)
