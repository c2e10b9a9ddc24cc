"""What happens to scheduled tasks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.iam.apps import Story
from tests.iam.stories import instances
from tests.iam.stories.denials import denied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.iam.laboratory import Laboratory

_START = "states:StartExecution"
# One that nobody waits for: the story ends it.
_LONG = 3600.0


def stories_of(task: str, *, fails_over: bool = False) -> tuple[Story, ...]:
    """Everything that can become of a task, by the path of its construct; one that fails over cancels as well."""
    id = task.rpartition("/")[2]
    is_never_picked_up = Story(f"{id} is never picked up", lambda laboratory: _is_never_picked_up(laboratory, task))
    return (
        *([is_never_picked_up] if fails_over else []),
        Story(f"{id} runs", lambda laboratory: _fires(laboratory, task)),
        Story(f"the script of {id} fails", lambda laboratory: _fails(laboratory, task)),
        Story(f"{id} is aborted", lambda laboratory: _is_aborted(laboratory, task)),
        Story(
            f"{id} cannot be started by its schedule",
            lambda laboratory: _is_kept_by_schedule(laboratory, task, f"{id}ScheduleRole"),
            denies=(_START,),
        ),
        Story(
            f"{id} cannot be started at its tick",
            lambda laboratory: _is_kept_by_tick(laboratory, task),
            denies=(_START,),
        ),
    )


def unlock(laboratory: Laboratory) -> None:
    """No run is under way any more, though one was cut short."""
    dynamodb, table = laboratory.cloud.server.client("dynamodb"), laboratory.id("RunLocks")
    for item in dynamodb.scan(TableName=table)["Items"]:
        dynamodb.delete_item(TableName=table, Key={"task": item["task"]})


def _fires(laboratory: Laboratory, task: str) -> None:
    tick = laboratory.cloud.tick(task)
    tick.wait()
    problems = tick.problems()
    assert problems == [], problems


def _fails(laboratory: Laboratory, task: str) -> None:
    with _scripts(laboratory, exit_code=1):
        tick = laboratory.cloud.tick(task)
        tick.wait()
    assert any(run.status == "FAILED" for run in tick.runs)


def _is_never_picked_up(laboratory: Laboratory, task: str) -> None:
    with instances.out_of_reach(laboratory):
        laboratory.cloud.tick(task).wait()


def _is_aborted(laboratory: Laboratory, task: str) -> None:
    server = laboratory.cloud.server
    with _scripts(laboratory, seconds=_LONG):
        tick = laboratory.cloud.tick(task)
        (run,) = laboratory.until(lambda: [run for run in tick.runs if run.status == "RUNNING"])
        server.client("stepfunctions").stop_execution(executionArn=run.arn)
        tick.wait()
    laboratory.wait_until_quiet()


def _is_kept_by_schedule(laboratory: Laboratory, task: str, role: str) -> None:
    with denied(laboratory, laboratory.id(role), _START):
        (delivery,) = laboratory.cloud.tick(task).deliveries
    assert delivery.dead_letter == "sent", delivery


def _is_kept_by_tick(laboratory: Laboratory, task: str) -> None:
    with denied(laboratory, laboratory.id("ScheduleTickMachineRole"), _START):
        (ended,) = laboratory.cloud.tick(task).wait()
    assert ended.error == "ChatOps.NotStarted", ended


@contextmanager
def _scripts(laboratory: Laboratory, *, seconds: float = 1.0, exit_code: int = 0) -> Iterator[None]:
    laboratory.simulate_scripts(seconds=seconds, exit_code=exit_code)
    try:
        yield
    finally:
        laboratory.simulate_scripts()
