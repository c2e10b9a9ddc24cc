"""Puts our executor under MiniStack's Lambda service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.functions import credentials, embedded_metrics, metrics, reserved_concurrency
from chatops_local.ministack.functions.executor import Executor
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_execute_function_warm = private("services.lambda_svc:_execute_function_warm", "func, event, request_id")
_emit_lambda_logs = private(
    "services.lambda_svc:_emit_lambda_logs", "func, request_id, log_text, error, duration_ms, log_source"
)


def apply(emulator: Emulator) -> None:
    """Run every Python function under AWS's runtime client, and let it write its own log."""
    executor = Executor(emulator)

    def execute(_original: Untyped) -> Untyped:
        def execute_function_warm(func: Mapping[str, Any], event: object, request_id: str) -> dict[str, object]:
            runtime = (func.get("config") or func).get("Runtime", "")
            if not str(runtime).startswith("python"):
                # The guard refuses such a function in a template; this is for one that was made through the API.
                message = f"runtime {runtime!r} is not emulated; use a Python runtime"
                return {"body": {"errorType": "Runtime.Unsupported", "errorMessage": message}, "error": True}
            return executor.run(func, event, request_id)

        return execute_function_warm

    _execute_function_warm.wrap(execute)
    reserved_concurrency.apply()
    embedded_metrics.apply()
    metrics.apply(emulator.clock)
    credentials.apply(emulator)
    emulator.asynchronous.apply(emulator.settings.time_scale, emulator.refusals)
    emulator.calls["asynchronous_invocations"] = emulator.asynchronous.listed
    # The executor writes the log stream of the environment; MiniStack would write a second one.
    _emit_lambda_logs.wrap(lambda _original: lambda *_arguments, **_options: None)
