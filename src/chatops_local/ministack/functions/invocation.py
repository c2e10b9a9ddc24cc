"""One invocation on its way through an environment, and what came of it."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field

MAXIMUM_RESPONSE_BYTES = 6 * 1024 * 1024 + 100
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (6 MB, plus what Lambda tolerates)"""


@dataclass
class Invocation:
    """One event for one environment.

    Args:
        request_id: its id, which is in every log line.
        payload: the event as JSON.
        function_arn: the ARN that was invoked, with the qualifier if there was one.
        seconds: the function's time-out.
        clock_shift: by how many seconds its clock is ahead of this machine's.
    """

    request_id: str
    payload: bytes
    function_arn: str
    seconds: float
    clock_shift: float = 0.0
    answer: bytes = b""
    failed: bool = False
    _finished: threading.Event = field(default_factory=threading.Event)
    _deadline: float = 0.0

    def start_clock(self) -> None:
        """The time-out runs from here."""
        self._deadline = time.time() + self.seconds

    @property
    def deadline_milliseconds(self) -> int:
        """When the function has to be done, as the runtime client is told, by the function's own clock."""
        return int((self._deadline + self.clock_shift) * 1000)

    @property
    def remaining_seconds(self) -> float:
        """What is left of the time-out."""
        return self._deadline - time.time()

    @property
    def is_finished(self) -> bool:
        """Whether there is an answer."""
        return self._finished.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the answer; tells whether it came."""
        return self._finished.wait(seconds)

    def succeed(self, answer: bytes) -> None:
        """The handler returned."""
        if len(answer) > MAXIMUM_RESPONSE_BYTES:
            self.fail(
                error(
                    "Function.ResponseSizeTooLarge",
                    f"Response payload size ({len(answer)} bytes) exceeded maximum allowed payload size "
                    f"({MAXIMUM_RESPONSE_BYTES} bytes).",
                )
            )
        else:
            self.answer = answer
            self._finished.set()

    def fail(self, answer: bytes) -> None:
        """The handler, its import or its process failed."""
        self.answer = answer
        self.failed = True
        self._finished.set()


def error(error_type: str, message: str) -> bytes:
    """An error as Lambda reports it when the runtime could not."""
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()
