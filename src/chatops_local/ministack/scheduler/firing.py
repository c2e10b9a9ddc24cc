"""One firing of a schedule: attempts, retries, and the dead-letter queue.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private
from chatops_local.ministack.scheduler import schedules
from chatops_local.ministack.scheduler.targets import InvocationError, Request, Targets, dead_letter
from chatops_local.scheduler import ContextAttributes, RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.scheduler.consequences import Consequences

_request_scope = private("core.responses:request_scope", "account_id, region")

_LONGEST_MESSAGE = 1_000


@dataclass(frozen=True)
class Delivery:
    """What came of one delivery of a firing.

    Args:
        execution_arn: the execution that it started; empty if none.
        attempts: how often it was tried.
        error: the last error, empty if there was none.
        message: its text.
        exhausted: which condition ended the attempts; empty if one succeeded.
        dead_letter: ``sent`` to the dead-letter queue, ``none`` where there is none, or why it was not sent;
            empty if an attempt succeeded.
    """

    execution_arn: str = ""
    attempts: int = 1
    error: str = ""
    message: str = ""
    exhausted: str = ""
    dead_letter: str = ""


class Firing:
    """Fires schedules."""

    def __init__(self, targets: Targets, consequences: Consequences) -> None:
        """Start `targets`, and note in `consequences` what comes of it."""
        self._targets = targets
        self._consequences = consequences

    def fire(self, arn: str, scheduled_at: float, times: int) -> dict[str, Any]:
        """Deliver a scheduled time, more than once if asked: "at least once" is what Scheduler promises.

        Args:
            arn: the schedule.
            scheduled_at: when it was due, as a Unix time.
            times: how often it is delivered.

        Returns:
            The number of the firing, and what came of each delivery.
        """
        schedule = schedules.by_arn(arn)
        scheduled_time = datetime.fromtimestamp(scheduled_at, timezone.utc)
        _, _, _, region, account, _ = arn.split(":")
        with _request_scope.get()(account, region), self._consequences.of_new_firing() as number:
            deliveries = [self._deliver(schedule, scheduled_time) for _ in range(times)]
        return {"firing": number, "deliveries": [asdict(delivery) for delivery in deliveries]}

    def _deliver(self, schedule: Mapping[str, Any], scheduled_time: datetime) -> Delivery:
        """Try until it succeeds or the policy forbids another attempt.

        No error is known to be exempt from retries: Scheduler's documentation names none.
        """
        target = schedule["Target"]
        policy = RetryPolicy.of(target)
        retries = 0
        while True:
            attributes = ContextAttributes(schedule["Arn"], scheduled_time, retries + 1)
            given = target.get("Input")
            payload = attributes.fill_in(given) if given else attributes.default_input()
            request = self._targets.request_for(target, payload)
            try:
                execution = self._targets.invoke(request, target["RoleArn"], schedule["Arn"])
            except InvocationError as error:
                exhausted = policy.exhausted_by(retries)
                if exhausted is not None:
                    sent = self._bury(target, request, attributes, error, exhausted)
                    return Delivery("", retries + 1, error.code, error.message, exhausted, sent)
                retries += 1
            else:
                return Delivery(execution, retries + 1)

    def _bury(
        self,
        target: Mapping[str, Any],
        request: Request,
        attributes: ContextAttributes,
        error: InvocationError,
        exhausted: str,
    ) -> str:
        queue = (target.get("DeadLetterConfig") or {}).get("Arn")
        if not queue:
            return "none"
        event = {
            "ERROR_CODE": error.code,
            "ERROR_MESSAGE": error.message[:_LONGEST_MESSAGE],
            "EXECUTION_ID": attributes.execution_id,
            "EXHAUSTED_RETRY_CONDITION": exhausted,
            "IS_PAYLOAD_TRUNCATED": "false",
            "RETRY_ATTEMPTS": str(attributes.attempt_number - 1),
            "SCHEDULED_TIME": attributes.time_text,
            "SCHEDULE_ARN": attributes.schedule_arn,
            "TARGET_ARN": str(target["Arn"]),
        }
        try:
            letter = dead_letter(queue, request.text, event)
            self._targets.call(letter, target["RoleArn"], attributes.schedule_arn)
        except InvocationError as problem:
            return str(problem)
        return "sent"
