"""Does the jobs of a batch, one after the other."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops_runtime import log_line
from chatops_runtime.contracts import fan_out as contract
from chatops_runtime.fan_out.claims import Claim, Standing
from chatops_runtime.fan_out.message import Message, NoJobError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chatops_runtime.fan_out.claims import Claims
    from chatops_runtime.fan_out.job import Job
    from chatops_runtime.fan_out.queue import Queue
    from chatops_runtime.fan_out.slots import Slots

_MINE = Claim(Standing.MINE)


@dataclass
class Outcome:
    """What became of a batch.

    Attributes:
        done: Jobs that were done.
        failed: Jobs that failed.
        duplicates: Jobs that had been done before.
        given_back: Jobs that were not begun.
        waited: Seconds that were waited for slots.
        coming_again: The ids of the messages that are to come again.
    """

    done: int = 0
    failed: int = 0
    duplicates: int = 0
    given_back: int = 0
    waited: float = 0.0
    coming_again: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Consumer:
    """Does jobs.

    Args:
        run: The user's function.
        queue: Where the jobs come from.
        longest_job_seconds: With less time than this left, none is begun.
        claims: Who does which job; None: nobody asks, and what comes twice is done twice.
        slots: When jobs may begin; None: at once.
        now: Unix time in seconds.
        sleep: Waits so many seconds.
    """

    run: Callable[[Job], object]
    queue: Queue
    longest_job_seconds: float
    claims: Claims | None
    slots: Slots | None
    now: Callable[[], float]
    sleep: Callable[[float], object]

    def consume(self, records: Sequence[dict[str, Any]], deadline: float) -> Outcome:
        """Do the jobs of a batch.

        Args:
            records: SQS's.
            deadline: Unix time in seconds at which the invocation ends, one way or the other.
        """
        outcome = Outcome()
        for record in records:
            self._look_at(record, deadline, outcome)
        return outcome

    def _look_at(self, record: dict[str, Any], deadline: float, outcome: Outcome) -> None:
        try:
            message = Message.of(record)
        except NoJobError as error:
            log_line.write(log_line.ERROR, "no_job", message_id=record["messageId"], **log_line.describe(error))
            outcome.failed += 1
            outcome.coming_again.append(record["messageId"])
            return
        self._claim_and_do(message, deadline, outcome)

    def _claim_and_do(self, message: Message, deadline: float, outcome: Outcome) -> None:
        latest = deadline - self.longest_job_seconds - contract.BOOKKEEPING_SECONDS
        if self.now() > latest:
            self._give_back(message, 0, outcome)
            return
        owner = uuid.uuid4().hex
        try:
            claim = _MINE if self.claims is None else self.claims.claim(message.job.key, owner, deadline)
            if claim.standing is Standing.DONE:
                outcome.duplicates += 1
                return
            if claim.standing is Standing.BUSY:
                self._give_back(message, claim.until - self.now(), outcome)
                return
            slot = self.now() if self.slots is None else self.slots.take(latest)
        except Exception as error:  # noqa: BLE001 - the table's trouble is not the job's
            log_line.write(log_line.ERROR, "table_unreachable", key=message.job.key, **log_line.describe(error))
            self._release(message, owner)
            self._give_back(message, contract.TROUBLE_SECONDS, outcome)
            return
        if slot is None:
            self._release(message, owner)
            self._give_back(message, 0, outcome)
            return
        wait = slot - self.now()
        if wait > 0:
            self.sleep(wait)
            outcome.waited += wait
        self._do(message, owner, outcome)

    def _do(self, message: Message, owner: str, outcome: Outcome) -> None:
        began = self.now()
        try:
            self.run(message.job)
        except Exception as error:  # noqa: BLE001 - whatever a user's function raises
            self._release(message, owner)
            self.queue.retry_later(message)
            outcome.failed += 1
            outcome.coming_again.append(message.id)
            log_line.write(
                log_line.ERROR,
                "job_failed",
                key=message.job.key,
                attempt=message.job.attempt,
                **log_line.describe(error),
            )
            return
        outcome.done += 1
        if self.claims is not None:
            self.claims.done(message.job.key, owner)
        seconds = self.now() - began
        if seconds > self.longest_job_seconds:
            log_line.write(log_line.WARN, "job_overran", key=message.job.key, seconds=round(seconds, 3))

    def _give_back(self, message: Message, seconds: float, outcome: Outcome) -> None:
        outcome.given_back += 1
        if not self.queue.give_back(message, seconds):
            outcome.coming_again.append(message.id)

    def _release(self, message: Message, owner: str) -> None:
        if self.claims is not None:
            self.claims.release(message.job.key, owner)
