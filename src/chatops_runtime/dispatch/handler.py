"""The dispatch function's entry point: `chatops_runtime.dispatch.handler.handler`."""

from __future__ import annotations

import os
import time

from chatops_runtime import log_line
from chatops_runtime.contracts import commands_table, environment, request_log
from chatops_runtime.dispatch.answer import Answer, RefusedError
from chatops_runtime.dispatch.aws_client import AwsClient, AwsError, AwsUnreachableError
from chatops_runtime.dispatch.command_start import CommandStart
from chatops_runtime.dispatch.deadline import Deadline
from chatops_runtime.dispatch.dispatcher import Dispatcher
from chatops_runtime.dispatch.executions import Executions
from chatops_runtime.dispatch.invocation import Invocation
from chatops_runtime.dispatch.retries import Attempts
from chatops_runtime.dispatch.signing_secret import SigningSecret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_INIT_SECONDS = 1.5


class ConfigurationError(log_line.LoggableError):
    """The function lacks something that its construct gives it."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's context has no type
    """Answer one request of Slack. Whatever happens, it is answered, and one line is logged."""
    began = time.monotonic()
    invocation = Invocation.from_context(context)
    level = log_line.INFO
    try:
        answer = _the_dispatcher().answer(event, invocation)
        if answer.outcome in request_log.LEVEL_ERROR:
            level = log_line.ERROR
    except RefusedError as refusal:
        answer, level = Answer.refused(refusal), log_line.WARN
    except Exception as error:  # noqa: BLE001 - the last resort: an HTTP error would tell the user nothing
        answer, level = _internal_error(invocation, error), log_line.ERROR
        invocation.note(**log_line.describe(error))
    log_line.write(
        level,
        request_log.EVENT,
        outcome=answer.outcome,
        status=answer.status,
        request_id=invocation.request_id,
        milliseconds=round((time.monotonic() - began) * 1000),
        **invocation.facts,
    )
    return answer.as_http()


def _internal_error(invocation: Invocation, error: Exception) -> Answer:
    """Starting a command has its own words for AWS's troubles; here it is the signing secret that was not to be had."""
    passing = isinstance(error, AwsUnreachableError) or (isinstance(error, AwsError) and error.is_transient)
    advice = (
        "Nothing was run. Try again in a moment."
        if passing
        else "Whoever looks after this app finds more in the log of its dispatch function."
    )
    return Answer.ephemeral(
        request_log.INTERNAL_ERROR, f"Internal error (request id `{invocation.request_id}`). {advice}"
    )


_dispatchers: list[Dispatcher] = []


def _the_dispatcher() -> Dispatcher:
    """The one of this process, made when it is first asked for: a failure to make it is a failure of one request."""
    if not _dispatchers:
        _dispatchers.append(_make_dispatcher(os.environ))
    return _dispatchers[0]


def _make_dispatcher(variables: Mapping[str, str]) -> Dispatcher:
    return Dispatcher(
        team_id=_variable(variables, environment.TEAM_ID),
        app_id=_variable(variables, environment.APP_ID),
        table=_table(),
        signing_secret=_signing_secret(_variable(variables, environment.SIGNING_SECRET_PARAMETER)),
        command_start=CommandStart(Executions(AwsClient.step_functions())),
    )


def _variable(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name)
    if not value:
        raise ConfigurationError(f"environment variable {name} is not set: the function's construct sets it")
    return value


def _table() -> dict[str, commands_table.CommandEntry]:
    try:
        return commands_table.read()["commands"]
    except (FileNotFoundError, ValueError) as error:
        raise ConfigurationError(str(error)) from None


def _signing_secret(parameter: str) -> SigningSecret:
    client = AwsClient.systems_manager()

    def fetch(timeout: float) -> str:
        attempts = Attempts(client, "GetParameter", {"Name": parameter, "WithDecryption": True})
        answer = attempts.result(Deadline(timeout), timeout)
        return str(answer["Parameter"]["Value"])

    return SigningSecret(fetch)


def _start_up() -> None:
    """Read the table and the secret while Lambda initialises the function, before a request waits for them."""
    try:
        _the_dispatcher().warm_up(_INIT_SECONDS)
    except Exception as error:  # noqa: BLE001 - the first request tries again, and answers if it fails
        log_line.write(log_line.ERROR, "start_up_failed", **log_line.describe(error))


_start_up()
