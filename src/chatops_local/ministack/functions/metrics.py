"""The metrics that Lambda keeps of every function, whoever has invoked it.

MiniStack keeps them of calls of Invoke alone, by this machine's clock.
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.functions.clock import Clock

_store_datum = private(
    "services.cloudwatch:_store_datum", "namespace, name, dims, ts, unit, value, values, counts, stat_values"
)
_emit_lambda_metrics = private(
    "services.lambda_svc:_emit_lambda_metrics", "function_name, duration_ms, error, throttle"
)
_execute_function_dispatch = private(
    "services.lambda_svc:_execute_function_dispatch", "func, config, event, request_id, started"
)


def apply(clock: Clock) -> None:
    """Keep them by the clock of functions."""

    def store(function: str, name: str, value: float, unit: str = "Count") -> None:
        dimensions = {"FunctionName": function}
        _store_datum.get()("AWS/Lambda", name, dimensions, clock.now(), unit, value, None, None, None)

    def metering(original: Untyped) -> Untyped:
        def execute_function_dispatch(
            func: Mapping[str, Any], config: Mapping[str, Any], event: object, request_id: str, started: float
        ) -> Untyped:
            result = original(func, config, event, request_id, started)
            function, throttled = config["FunctionName"], bool(result.get("throttle"))
            store(function, "Throttles", throttled)
            if not throttled:
                store(function, "Invocations", 1)
                store(function, "Errors", bool(result.get("error")))
                store(function, "Duration", (time.time() - started) * 1000, "Milliseconds")
            return result

        return execute_function_dispatch

    def emit_lambda_metrics(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None:  # noqa: ARG001
        # Without a duration it comes from where reserved concurrency is looked after: nothing was executed.
        if throttle and not duration_ms:
            store(function_name, "Throttles", 1)

    _execute_function_dispatch.wrap(metering)
    _emit_lambda_metrics.wrap(lambda _original: emit_lambda_metrics)
