"""What a test can do to calls of Step Functions over HTTP: throttling, server errors, silence.

https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.systems_manager.lost_answers import LostAnswers
from chatops_local.ministack.systems_manager.throttles import Throttles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_handle_request = private("services.stepfunctions:handle_request", "method, path, headers, body, query_params")
_error_response = private(
    "core.responses:error_response_json", "code, message, status, extra, message_key, content_type"
)


class Faults:
    """Every call over HTTP passes through these; without being told, they do nothing."""

    def __init__(self) -> None:
        """Start with none."""
        self._throttles = Throttles()
        self._failures = Throttles()
        self._lost_answers = LostAnswers()
        self._silences: dict[str, float] = {}
        self._lock = threading.Lock()

    def apply(self, emulator: Emulator) -> None:
        """Let the controller set them."""
        emulator.calls.update(
            states_throttle=self._throttles.throttle,
            states_fail=self._failures.throttle,
            states_lose_answer=self._lost_answers.lose,
            states_be_silent=self._be_silent,
        )
        _handle_request.wrap(self._failing)

    def _be_silent(self, action: str, seconds: float) -> None:
        with self._lock:
            self._silences[action] = seconds

    def _failing(self, original: Untyped) -> Untyped:
        async def handle_request(
            method: str, path: str, headers: Mapping[str, str], body: bytes, query_params: object
        ) -> Untyped:
            action = headers.get("x-amz-target", "").rpartition(".")[2]
            if self._throttles.is_throttled(action):
                return _error_response.get()("ThrottlingException", "Rate exceeded", 400)
            if self._failures.is_throttled(action):
                return _server_error()
            answer = await original(method, path, headers, body, query_params)
            with self._lock:
                seconds = self._silences.pop(action, 0.0)
            await asyncio.sleep(seconds)
            return _server_error() if self._lost_answers.is_lost(action) else answer

        return handle_request


def _server_error() -> Untyped:
    return _error_response.get()("InternalFailure", "The request processing has failed.", 500)
