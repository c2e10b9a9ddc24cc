"""Calls of AWS, repeated until they are answered or the time is up."""

from __future__ import annotations

import os
import time

from chatops_runtime.dispatch.aws_client import AwsError, AwsUnreachableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from chatops_runtime.dispatch.aws_client import AwsClient
    from chatops_runtime.dispatch.deadline import Deadline

_FIRST_PAUSE_SECONDS = 0.05


class Attempts:
    """The attempts at one call, which may be repeated without harm."""

    def __init__(self, client: AwsClient, operation: str, payload: dict[str, Any]) -> None:
        """Of `operation` through `client`."""
        self._client = client
        self._operation = operation
        self._payload = payload
        self.uncertain = 0
        """How many had no answer, or an error of the service's own: what came of those is unknown."""

    def result(self, deadline: Deadline, attempt_seconds: float) -> dict[str, Any]:
        """The service's answer.

        What may pass (throttling, an error of the service's own, silence) is tried again after a pause that doubles, as
        long as there is time. A part of each pause is random: who was throttled together must not come back together.

        Args:
            deadline: Until when.
            attempt_seconds: The longest to wait for one answer.

        Raises:
            AwsError: The service refused, for good or until the deadline.
            AwsUnreachableError: The service did not answer the last attempt.
        """
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return self._client.call(self._operation, self._payload, deadline.at_most(attempt_seconds))
            except AwsUnreachableError:
                self.uncertain += 1
                if deadline.left() <= pause:
                    raise
            except AwsError as error:
                self.uncertain += error.status >= 500
                if not error.is_transient or deadline.left() <= pause:
                    raise
            time.sleep(_between(pause / 2, pause))
            pause *= 2


def _between(shortest: float, longest: float) -> float:
    # `random` would cost a cold start more than this.
    return shortest + (longest - shortest) * os.urandom(1)[0] / 255
