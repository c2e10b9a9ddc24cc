"""Calls of CloudWatch Logs that are refused for having been too many.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html: FilterLogEvents may be called so
many times a second, account and region; beyond that, calls are answered with ThrottlingException.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.logs.answers import error
from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.systems_manager.throttles import Throttles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_handle_request = private("services.cloudwatch_logs:handle_request", "method, path, headers, body, query_params")


class Faults:
    """Every call over HTTP passes through these; without being told, they do nothing."""

    def __init__(self) -> None:
        """Start with none."""
        self._throttles = Throttles()

    def apply(self, emulator: Emulator) -> None:
        """Let the controller set them."""
        emulator.calls.update(logs_throttle=self._throttles.throttle)
        _handle_request.wrap(self._failing)

    def _failing(self, original: Untyped) -> Untyped:
        async def handle_request(
            method: str, path: str, headers: Mapping[str, str], body: bytes, query_params: object
        ) -> Untyped:
            if self._throttles.is_throttled(headers.get("x-amz-target", "").rpartition(".")[2]):
                return error("ThrottlingException", "Rate exceeded")
            return await original(method, path, headers, body, query_params)

        return handle_request
