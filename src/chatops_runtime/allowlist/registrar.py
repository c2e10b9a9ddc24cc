"""The registrar's entry point: `chatops_runtime.allowlist.registrar.handler`."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

from chatops_runtime import log_line
from chatops_runtime.allowlist import invocation, table
from chatops_runtime.allowlist.http.api import Api
from chatops_runtime.allowlist.http.bearer import ByBearer
from chatops_runtime.allowlist.http.response import HttpError
from chatops_runtime.allowlist.http.signed import BySignature
from chatops_runtime.allowlist.link import Links
from chatops_runtime.allowlist.orders.administration_desk import AdministrationDesk
from chatops_runtime.allowlist.orders.desk import Desk
from chatops_runtime.allowlist.orders.own_desk import OwnDesk
from chatops_runtime.allowlist.registrations import Registrations
from chatops_runtime.allowlist.settings import Settings
from chatops_runtime.allowlist.shared_secret import SharedSecret
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.ip_sets.patience import name_of

if TYPE_CHECKING:
    from collections.abc import Callable

RESERVE_SECONDS = 8.0
"""Of the function's time, for the last calls to the table."""

# An HTTP API waits no longer, whatever the function's timeout:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
HTTP_SECONDS = 29.0


class Registrar:
    """The whole function but its entry point."""

    def __init__(
        self, settings: Settings, stored: table.Table, secret: SharedSecret | None, now: Callable[[], float]
    ) -> None:
        """With the shared secret, if there is one, and a clock that says Unix time in seconds."""
        registrations, links = Registrations(stored, now), Links(stored, now)
        self._api = Api(
            settings,
            ByBearer(settings, registrations, links, secret, now),
            BySignature(settings, registrations),
        )
        self._desk = Desk(
            OwnDesk(settings, registrations, links, now),
            AdministrationDesk(settings, stored, registrations, links),
        )

    def answer(
        self, event: dict[str, Any], request_id: str, *, deadline: float, facts: dict[str, Any]
    ) -> dict[str, Any]:
        """Do what the event asks for.

        Args:
            event: Lambda's.
            request_id: Lambda's.
            deadline: Unix time in seconds, until which others who write are waited for.
            facts: Of the log line, to which is added what happened.

        Raises:
            Exception: Something is wrong.
        """
        if invocation.is_http(event):
            facts.update(invocation="http")
            return self._api.answer(event, deadline=deadline, facts=facts)
        given = invocation.read_order(event, request_id)
        facts.update(invocation="own" if isinstance(given, invocation.Own) else "administration")
        return self._desk.answer(given, deadline=deadline, facts=facts).to_contract()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - it has no type
    """Do what the event asks for, and say in one line of the log who did what from where.

    Raises:
        Exception: Something is wrong, and it is not an HTTP API that waits for an answer.
    """
    facts: dict[str, Any] = {}
    level = log_line.INFO
    left = context.get_remaining_time_in_millis() / 1000
    deadline = time.time() + min(left, HTTP_SECONDS) - RESERVE_SECONDS
    try:
        return _registrar().answer(event, context.aws_request_id, deadline=deadline, facts=facts)
    except Exception as error:
        level = log_line.ERROR
        facts.update(outcome="failed", **log_line.describe(error), aws_error=name_of(error))
        if not invocation.is_http(event):
            raise
        message = f"something is wrong here; the log says more about request {context.aws_request_id}"
        return HttpError(500, "failed", message).response()
    finally:
        name = os.environ[contract.NAME]
        log_line.write(level, "allowlist", allowlist=name, **facts, request_id=context.aws_request_id)


@cache
def _registrar() -> Registrar:
    parameter = os.environ.get(contract.SHARED_SECRET_PARAMETER)
    return Registrar(
        Settings.from_environment(os.environ),
        table.Table(boto3.client("dynamodb", config=table.CLIENT), os.environ[contract.TABLE]),
        SharedSecret(parameter) if parameter else None,
        time.time,
    )
