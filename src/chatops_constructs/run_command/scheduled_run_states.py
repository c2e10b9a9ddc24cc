"""The states of a scheduled task: overlap, the run itself, and what is told of it.

    what has come? -+- a scheduled time -> overlap -> run the script -> verdict -+
                    +- an ending that no state could catch ---------------------+-> notice -> end
                    +- an alarm ------------------------------------------------+

One machine for all three, so that whoever is told is told the same way, with the rights of one role. An execution that
tells of an ending or an alarm ends as failed itself: a success would count as one of the task's.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_constructs.run_command import run_notices, run_overlap
from chatops_constructs.run_command.overlap import Overlap
from chatops_constructs.run_command.script_run import FIRST as RUN_FIRST
from chatops_constructs.schedules.notices import ERROR, came_to_no_verdict, first, what_has_come
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr
from chatops_runtime.contracts import report

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from chatops_constructs.run_command.run_locks import RunLocks
    from chatops_constructs.run_command.run_notices import RunNotices
    from chatops_constructs.run_command.script_run import ScriptRun

FIRST = "What has come?"
RUN = "Run the script"


@dataclass(frozen=True)
class ScheduledRunStates:
    """What the states are made of."""

    run: ScriptRun
    notices: RunNotices
    overlap: Overlap
    locks: RunLocks | None
    lock_name: str
    longest_seconds: int

    def states(self, role: iam.Role) -> States:
        """All states; the first is `FIRST`."""
        return {
            FIRST: what_has_come(default=self._before_the_run),
            **self._overlap(),
            RUN: {
                "Type": "Parallel",
                "Branches": [{"StartAt": RUN_FIRST, "States": self.run.states()}],
                "Assign": {"outcome": {"status": report.FINISHED, "result": expr("$states.result[0]")}},
                "Catch": [came_to_no_verdict(then=self._after_the_run)],
                "Next": self._after_the_run,
            },
            "How did it go?": {
                "Type": "Choice",
                "Choices": [
                    choice(f"$outcome.status = '{report.FAILED}'", then=first(ERROR)),
                    choice("$outcome.result.ok", then=first(run_notices.SUCCEEDED)),
                ],
                "Default": first(run_notices.FAILED),
            },
            **self.notices.states(role),
        }

    @property
    def _before_the_run(self) -> str:
        return {
            Overlap.ALLOW: RUN,
            Overlap.SKIP: run_overlap.FIRST_LISTING,
            Overlap.LOCK: run_overlap.TAKE,
        }[self.overlap]

    @property
    def _after_the_run(self) -> str:
        return run_overlap.RELEASE if self.locks else "How did it go?"

    def _overlap(self) -> States:
        skipped, failed = first(run_notices.SKIPPED), came_to_no_verdict(then=first(ERROR))
        if self.overlap is Overlap.SKIP:
            return run_overlap.yield_to_older(then=RUN, skipped=skipped, failed=failed)
        if self.locks is None:
            return {}
        return {
            **run_overlap.take_lock(
                self.locks,
                self.lock_name,
                longest_seconds=self.longest_seconds,
                then=RUN,
                skipped=skipped,
                failed=failed,
            ),
            **run_overlap.release_lock(self.locks, self.lock_name, then="How did it go?"),
        }


def environment(task: str) -> str:
    """A JSONata expression for the script's environment, encoded as in `chatops_runtime.contracts.script_environment`.

    Names of executions and times are ASCII, for which JSONata's base64 and Python's are the same.

    Args:
        task: The task's name.
    """
    scheduled = f"{EXECUTION}.Input.scheduled_at"
    return (
        "$base64encode("
        f"'CHATOPS_TASK={b64encode(task.encode()).decode()}"
        f"\\nCHATOPS_SCHEDULED_AT=' & ($exists({scheduled}) ? $base64encode({scheduled}) : '')"
        f" & '\\nCHATOPS_REQUEST_ID=' & $base64encode({EXECUTION}.Name) & '\\n')"
    )
