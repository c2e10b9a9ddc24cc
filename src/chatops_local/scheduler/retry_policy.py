"""How often and how long Scheduler tries to invoke a target.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MAXIMUM_RETRY_ATTEMPTS = "MaximumRetryAttempts"
MAXIMUM_EVENT_AGE = "MaximumEventAgeInSeconds"

_LONGEST_WAIT_SECONDS = 480


@dataclass(frozen=True)
class RetryPolicy:
    """When an invocation is given up."""

    retry_attempts: int = 185
    event_age_seconds: int = 86_400

    @classmethod
    def of(cls, target: Mapping[str, Any]) -> RetryPolicy:
        """The policy of a target, with the defaults for what it leaves out.

        Raises:
            ValueError: a number is out of the range that AWS allows.
        """
        policy = target.get("RetryPolicy") or {}
        attempts = int(policy.get(MAXIMUM_RETRY_ATTEMPTS, cls.retry_attempts))
        age = int(policy.get(MAXIMUM_EVENT_AGE, cls.event_age_seconds))
        if not 0 <= attempts <= cls.retry_attempts:
            raise ValueError(f"{MAXIMUM_RETRY_ATTEMPTS} {attempts}: 0 to {cls.retry_attempts} is allowed")
        if not 60 <= age <= cls.event_age_seconds:
            raise ValueError(f"{MAXIMUM_EVENT_AGE} {age}: 60 to {cls.event_age_seconds} is allowed")
        return cls(attempts, age)

    def exhausted_by(self, retries: int) -> str | None:
        """Which condition forbids another attempt after so many retries; None if there is one.

        Waits grow exponentially, as documented; AWS does not say how. They are counted here, not waited for.
        """
        if retries >= self.retry_attempts:
            return MAXIMUM_RETRY_ATTEMPTS
        age = sum(min(2**retry, _LONGEST_WAIT_SECONDS) for retry in range(retries + 1))
        return MAXIMUM_EVENT_AGE if age > self.event_age_seconds else None
