"""What services of AWS tried to do and were not let: AWS only counts it in a metric, here a test can read it."""

from __future__ import annotations

import logging
import threading
from dataclasses import asdict, dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    """Something that was not delivered, not read, not started, or given up.

    Args:
        service: who tried, such as ``sns.amazonaws.com``.
        source: on whose behalf: the ARN of a topic, a rule, an alarm, a queue or a stream.
        target: the ARN of what was not reached.
        reason: why, in AWS's words where there are any.
    """

    service: str
    source: str
    target: str
    reason: str


class Refusals:
    """The refusals of one emulator."""

    def __init__(self) -> None:
        """Start empty."""
        self._noted: list[Refusal] = []
        self._lock = threading.Lock()

    def note(self, service: str, source: str, target: str, reason: str) -> None:
        """Remember a refusal."""
        with self._lock:
            self._noted.append(Refusal(service, source, target, reason))
        _log.warning("%s for %s did not reach %s: %s", service, source, target, reason)

    def listed(self) -> list[dict[str, str]]:
        """All refusals, the earliest first."""
        with self._lock:
            return [asdict(refusal) for refusal in self._noted]
