"""The dispatch function's entry point: `chatops_runtime.dispatch.handler.handler`."""

from __future__ import annotations

import os
import time

from chatops_runtime import log_line
from chatops_runtime.contracts import commands_table, environment, request_log
from chatops_runtime.dispatch import request_metrics
from chatops_runtime.dispatch.answer import Answer, RefusedError
from chatops_runtime.dispatch.aws_client import AwsClient, AwsError, AwsUnreachableError
from chatops_runtime.dispatch.controls import Controls
from chatops_runtime.dispatch.dispatcher import Dispatcher
from chatops_runtime.dispatch.executions import Executions
from chatops_runtime.dispatch.invocation import Invocation
from chatops_runtime.dispatch.parameters import ParameterStore
from chatops_runtime.dispatch.verification import SecretMissingError, Verification

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_INIT_SECONDS = 1.5
_UNNAMED = "unnamed"  # lacking its name, the function says so; its requests are counted all the same


class ConfigurationError(log_line.LoggableError):
    """The function lacks something that its construct gives it."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's context has no type
    """Answer one request of Slack. Whatever happens, it is answered, and one line is logged."""
    began = time.monotonic()
    invocation = Invocation.from_context(context)
    try:
        answer = _the_dispatcher().answer(event, invocation)
    except RefusedError as refusal:
        answer = Answer.refused(refusal)
    except SecretMissingError as error:
        answer = _secret_missing(invocation)
        invocation.note(detail=str(error))
    except Exception as error:  # noqa: BLE001 - the last resort: an HTTP error would tell the user nothing
        answer = _internal_error(invocation, error)
        invocation.note(**log_line.describe(error))
    if invocation.is_click:
        answer = answer.of_a_click()
    elif invocation.is_event:
        answer = answer.of_an_event()
    _log(answer, invocation, round((time.monotonic() - began) * 1000))
    return answer.as_http()


def _log(answer: Answer, invocation: Invocation, milliseconds: int) -> None:
    audited = request_log.NOT_AUDITED not in invocation.facts
    level = log_line.INFO
    if answer.outcome in request_log.LEVEL_ERROR or not audited or request_log.NOT_SAID in invocation.facts:
        level = log_line.ERROR
    elif answer.status >= 400 or answer.outcome in request_log.LEVEL_WARN:
        level = log_line.WARN
    log_line.write(
        level,
        request_log.EVENT,
        outcome=answer.outcome,
        status=answer.status,
        request_id=invocation.request_id,
        milliseconds=milliseconds,
        **invocation.facts,
        **request_metrics.facts(
            os.environ.get(environment.ENDPOINT) or _UNNAMED, answer, milliseconds, time.time(), audited=audited
        ),
    )


def _secret_missing(invocation: Invocation) -> Answer:
    return Answer.ephemeral(
        request_log.SECRET_MISSING,
        f"Nothing was run: this endpoint has no signing secret (request id `{invocation.request_id}`). "
        "Whoever looks after this app stores it with `chatops-constructs setup`.",
    )


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
    _variable(variables, environment.ENDPOINT)
    table = _table()
    controls = _controls(variables)
    return Dispatcher(
        team_id=_variable(variables, environment.TEAM_ID),
        app_id=_variable(variables, environment.APP_ID),
        table=table,
        controls=controls,
        verification=Verification(controls, variables.get(environment.CLIENT_CERTIFICATE_NAME)),
        executions=Executions(AwsClient.step_functions()),
    )


def _variable(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name)
    if not value:
        raise ConfigurationError(f"environment variable {name} is not set: the function's construct sets it")
    return value


def _table() -> commands_table.CommandsTable:
    try:
        return commands_table.read()
    except (FileNotFoundError, ValueError) as error:
        raise ConfigurationError(str(error)) from None


def _controls(variables: Mapping[str, str]) -> Controls:
    secret = _variable(variables, environment.SIGNING_SECRET_PARAMETER)
    switch = _variable(variables, environment.OFF_SWITCH_PARAMETER)
    store = ParameterStore(AwsClient.systems_manager(), (secret, switch))
    return Controls(secret_parameter=secret, switch_parameter=switch, read=store.read)


def _start_up() -> None:
    """Read the table and the parameters while Lambda initialises the function, before a request waits for them."""
    try:
        _the_dispatcher().warm_up(_INIT_SECONDS)
    except Exception as error:  # noqa: BLE001 - the first request tries again, and answers if it fails
        log_line.write(log_line.ERROR, "start_up_failed", **log_line.describe(error))


_start_up()
