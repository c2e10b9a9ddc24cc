"""Functions that services invoke asynchronously: attempts, the waits between them, and what came of them.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import contextvars
import json
import logging
import threading
import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.functions import destinations
from chatops_local.ministack.functions.destinations import EXHAUSTED, SUCCESS, TOO_OLD, Ended, destination_of, send
from chatops_local.ministack.permissions.service_principals import LAMBDA
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.ministack.messaging.refusals import Refusals

_execute_with_scope = private("services.lambda_svc:_execute_function_with_config_scope", "func, event")
_invoke_async_with_retry = private("services.lambda_svc:invoke_async_with_retry", "func, event")
_get_func_record_for_ref = private("services.lambda_svc:_get_func_record_for_ref", "function_ref")
_execution_record_for_config = private("services.lambda_svc:_execution_record_for_config", "func, config")
_dispatch_to_lambda = private("services.eventbridge:_dispatch_to_lambda", "arn, payload")

_WAITS = (60.0, 120.0)
"""After the first and the second attempt, in seconds of AWS's. The third is the last one."""
_FIRST_WAIT_FOR_CONCURRENCY = 1.0
_LONGEST_WAIT_FOR_CONCURRENCY = 300.0
_MAXIMUM_AGE = 6 * 3600.0
"""A throttled event does not use up attempts; it is given up when it is that old, or as old as is configured."""

_log = logging.getLogger(__name__)


@dataclass
class AsynchronousInvocation:
    """One event for a function, and how it went so far.

    Args:
        function_arn: the function, as it was invoked.
        payload: the event, JSON.
        attempts: how often the function has run for it.
        error: the error of the latest attempt; empty if there was none.
        message: its text.
        log: what the function printed, of all attempts.
        is_over: whether no attempt follows.
        response: what the latest attempt gave, for a destination.
    """

    function_arn: str
    payload: str
    attempts: int = 0
    error: str = ""
    message: str = ""
    log: list[str] = field(default_factory=list)
    is_over: bool = False
    response: object = None

    def described(self) -> dict[str, Any]:
        """For the controller."""
        described = asdict(replace(self, response=None))
        del described["response"]
        return described


class AsynchronousInvocations:
    """Invokes functions in threads of their own, in place of MiniStack, whose waits are not those of AWS."""

    def __init__(self) -> None:
        """Nobody looks on yet."""
        self.observers: list[Callable[[AsynchronousInvocation], None]] = []
        """Each is told of an invocation in the thread, and the context, that asks for it."""
        self._all: list[AsynchronousInvocation] = []
        self._scale = 1.0
        self._refusals: Refusals | None = None

    def apply(self, scale: float, refusals: Refusals) -> None:
        """Take MiniStack's place for whatever invokes asynchronously, targets of rules included.

        Args:
            scale: what an AWS second is multiplied with.
            refusals: gets what a role does not let Lambda tell a destination.
        """
        self._scale = scale
        self._refusals = refusals
        destinations.apply()
        _invoke_async_with_retry.wrap(lambda _original: lambda func, event: self.invoke(func, event))  # noqa: PLW0108
        _dispatch_to_lambda.wrap(self._dispatching)

    def listed(self) -> list[dict[str, Any]]:
        """All of them, the earliest first."""
        return [invocation.described() for invocation in list(self._all)]

    def invoke_arn(self, function_arn: str, event: object) -> bool:
        """Invoke the function of an ARN; tells whether there is one."""
        function, configuration, _ = _get_func_record_for_ref.get()(function_arn)
        if not configuration:
            return False
        self.invoke(_execution_record_for_config.get()(function, configuration), event)
        return True

    def invoke(self, func: Mapping[str, Any], event: object) -> None:
        """Queue an event for a function."""
        configuration = func.get("config") or func
        invocation = AsynchronousInvocation(configuration["FunctionArn"], json.dumps(event, ensure_ascii=False))
        self._all.append(invocation)
        for observer in self.observers:
            observer(invocation)
        run = contextvars.copy_context().run
        threading.Thread(target=run, args=(self._attempt, func, event, invocation), daemon=True).start()

    def _dispatching(self, original: Untyped) -> Untyped:
        def dispatch_to_lambda(arn: str, payload: str) -> None:
            try:
                event = json.loads(payload)
            except ValueError:
                original(arn, payload)
            else:
                if not self.invoke_arn(arn, event):
                    _log.warning("a rule's target %s does not exist", arn)

        return dispatch_to_lambda

    def _attempt(self, func: Mapping[str, Any], event: object, invocation: AsynchronousInvocation) -> None:
        settings = _settings_of(func)
        try:
            retries = int(settings.get("MaximumRetryAttempts", len(_WAITS)))
            for wait in (*_WAITS[:retries], None):
                condition = self._condition_after(func, event, invocation, settings)
                if condition is None and wait is None:
                    condition = EXHAUSTED
                if condition is not None:
                    self._tell(func, event, invocation, condition, settings)
                    return
                time.sleep((wait or 0.0) * self._scale)
        finally:
            if invocation.error:
                _log.warning(
                    "%s failed after %d attempts: %s: %s",
                    invocation.function_arn,
                    invocation.attempts,
                    invocation.error,
                    invocation.message,
                )
            invocation.is_over = True

    def _condition_after(
        self,
        func: Mapping[str, Any],
        event: object,
        invocation: AsynchronousInvocation,
        settings: Mapping[str, Any],
    ) -> str | None:
        """One attempt; the end of it all if it succeeded, or if the event has grown too old for one."""
        result = self._when_there_is_room(func, event, float(settings.get("MaximumEventAgeInSeconds", _MAXIMUM_AGE)))
        report, throttled = result.get("body"), bool(result.get("throttle"))
        failed = bool(result.get("error"))
        details: Mapping[str, Any] = report if failed and isinstance(report, dict) else {}
        invocation.log += str(result.get("log") or "").splitlines()
        invocation.error = str(details.get("errorType") or details.get("Reason") or "Error") if failed else ""
        invocation.message = str(details.get("errorMessage") or details.get("message") or "") if failed else ""
        invocation.attempts += not throttled
        invocation.response = report
        if throttled:
            return TOO_OLD
        return None if failed else SUCCESS

    def _tell(
        self,
        func: Mapping[str, Any],
        event: object,
        invocation: AsynchronousInvocation,
        condition: str,
        settings: Mapping[str, Any],
    ) -> None:
        """Tell the destination, if there is one for that end."""
        destination = destination_of(settings, condition)
        if destination is None:
            return
        configuration = func.get("config") or func
        ended = Ended(configuration, condition, invocation.attempts, event, invocation.response)
        refusal = send(ended, destination, self.invoke_arn)
        if refusal is not None and self._refusals is not None:
            self._refusals.note(LAMBDA, invocation.function_arn, destination, refusal)

    def _when_there_is_room(self, func: Mapping[str, Any], event: object, maximum_age: float) -> Mapping[str, Any]:
        """Run it; while it is throttled, wait longer and longer."""
        waited, wait = 0.0, _FIRST_WAIT_FOR_CONCURRENCY
        while True:
            result: Mapping[str, Any] = _execute_with_scope.get()(func, event)
            if not result.get("throttle") or waited + wait > maximum_age:
                return result
            time.sleep(wait * self._scale)
            waited, wait = waited + wait, min(wait * 2, _LONGEST_WAIT_FOR_CONCURRENCY)


def _settings_of(func: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event invoke configuration of the version or alias that is invoked; empty if it has none."""
    arn = str((func.get("config") or func)["FunctionArn"])
    qualifier = arn.split(":")[7] if arn.count(":") > 6 else "$LATEST"
    configured: Mapping[str, Mapping[str, Any]] = func.get("event_invoke_configs") or {}
    of_latest = configured.get("") or {} if qualifier == "$LATEST" else {}
    return configured.get(qualifier) or of_latest
