"""Counts what AWS would bill or limit: calls, invocations, transitions, executions."""

from __future__ import annotations

import re
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_dispatch_service_request = private(
    "app:_dispatch_service_request", "method, path, headers, body, query_params, request_id"
)
_execute_function_warm = private("services.lambda_svc:_execute_function_warm", "func, event, request_id")

_FORM_BYTES = 2000
# https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
_INVOCATION = re.compile(r"/2015-03-31/functions/[^/]+/invocations")
_SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")


class Usage:
    """What has happened so far."""

    def __init__(self) -> None:
        """Start at zero."""
        self._lock = threading.Lock()
        self._counts: dict[str, Counter[str]] = {
            "api_calls": Counter(),
            "function_invocations": Counter(),
            "state_transitions": Counter(),
            "executions": Counter(),
            "express_executions": Counter(),
        }

    def count(self, what: str, name: str) -> None:
        """One more of it."""
        with self._lock:
            self._counts[what][name] += 1

    def counts(self) -> dict[str, dict[str, int]]:
        """All numbers, by kind and name."""
        with self._lock:
            return {what: dict(counter) for what, counter in self._counts.items()}


def apply(emulator: Emulator) -> None:
    """Count what functions call over HTTP, and how often functions run."""
    emulator.calls.update(usage=emulator.usage.counts)
    _dispatch_service_request.wrap(lambda original: _counting_calls(original, emulator))
    _execute_function_warm.wrap(lambda original: _counting_invocations(original, emulator.usage))


def _counting_calls(original: Untyped, emulator: Emulator) -> Untyped:
    async def dispatch_service_request(
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query_params: Mapping[str, Any],
        request_id: str,
    ) -> Untyped:
        action = _action(method, path, headers, body, emulator.settings.access_key_id)
        if action is not None:
            emulator.usage.count("api_calls", action)
        return await original(method, path, headers, body, query_params, request_id)

    return dispatch_service_request


def _action(method: str, path: str, headers: Mapping[str, str], body: bytes, root: str) -> str | None:
    """The call as ``service:Operation``, or ``service:METHOD path`` for REST; None for the controller's own calls."""
    scope = _SCOPE.search(headers.get("authorization", ""))
    if scope is None or scope["key"] == root:
        return None
    operation = headers.get("x-amz-target", "").rpartition(".")[2]
    if not operation and b"Action=" in body[:_FORM_BYTES]:
        operation = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
    if not operation and _INVOCATION.fullmatch(path):
        operation = "Invoke"
    return f"{scope['service']}:{operation or f'{method} {path}'}"


def _counting_invocations(original: Untyped, usage: Usage) -> Untyped:
    def execute_function_warm(func: Mapping[str, Any], event: object, request_id: str) -> Untyped:
        usage.count("function_invocations", (func.get("config") or func)["FunctionName"])
        return original(func, event, request_id)

    return execute_function_warm
