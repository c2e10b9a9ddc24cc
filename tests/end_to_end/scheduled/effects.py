"""Everything that a scheduled run has done, to be compared with what it should have done."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud, Tick
    from chatops_local.server.scheduler import FiredExecution
    from tests.end_to_end.scheduled.instances import Instances

CANCEL = "cancelCommand"


@dataclass(frozen=True)
class Effects:
    """What came of one scheduled time."""

    ended: str
    """The run's status; with the error that it ends with, if it has one."""
    ran: dict[str, int] = field(default_factory=dict)
    """How often the script began, by the instance's name."""
    told: list[tuple[str, str]] = field(default_factory=list)
    """To which topic which outcome was published."""
    commands: int = 0
    """How many commands Systems Manager has of it."""
    cancels: int = 0
    """How often CancelCommand was called."""


SUCCEEDED = [("succeeded", "succeeded")]
FAILED = [("failed", "failed")]
RUN_FAILED = "FAILED ChatOps.RunFailed"


def effects(cloud: LocalCloud, instances: Instances, tick: Tick, timeout: float = 60.0) -> Effects:
    """Wait until the run is over, and look at everything that it did."""
    tick.wait(timeout)
    run = run_of(tick)
    return Effects(
        ended=f"{run.status} {run.error}".strip(),
        ran=instances.runs(tick.schedule.path, scheduled_at(tick)),
        told=[(topic, notice["outcome"]) for topic, notice in notices_of(tick)],
        commands=len(commands_of(cloud, tick)),
        cancels=calls(cloud, run.arn, CANCEL),
    )


def run_of(tick: Tick) -> FiredExecution:
    """The one run of the scheduled time."""
    runs = [run for run in tick.runs if run.name == run_name(tick)]
    assert len(runs) == 1, (tick.executions, tick.deliveries)
    return runs[0]


def run_name(tick: Tick) -> str:
    """The name that the run of the scheduled time has."""
    return "at-" + scheduled_at(tick).replace(":", "")


def scheduled_at(tick: Tick) -> str:
    """The scheduled time as the script and the notices have it."""
    return tick.scheduled_time.strftime("%Y-%m-%dT%H:%M:%SZ")


def notices_of(tick: Tick) -> list[tuple[str, dict[str, Any]]]:
    """What was told of the run, and in which topic."""
    told = [(publication.topic_arn, json.loads(publication.text("sqs"))) for publication in tick.published]
    return [
        (arn.rpartition(":")[2], notice)
        for arn, notice in told
        if (notice["task"], notice["id"]) == (tick.schedule.path, run_name(tick))
    ]


def notice_of(tick: Tick) -> dict[str, Any]:
    """The one notice of the run."""
    ((_, notice),) = notices_of(tick)
    return notice


def commands_of(cloud: LocalCloud, tick: Tick) -> list[dict[str, Any]]:
    """The commands that the run sent."""
    pages = cloud.server.client("ssm").get_paginator("list_commands").paginate()
    document = run_of(tick).state_machine.rpartition("_")[0].replace("_Machine", "_Document_")
    return [
        command
        for page in pages
        for command in page["Commands"]
        if command["Comment"].partition(" ")[0] == run_name(tick) and command["DocumentName"].startswith(document)
    ]


def calls(cloud: LocalCloud, execution_arn: str, operation: str) -> int:
    """How often an execution called an operation, such as `listCommands`."""
    scheduled = [
        event["taskScheduledEventDetails"]["resource"]
        for event in cloud.server.execution_history(execution_arn)
        if event["type"] == "TaskScheduled"
    ]
    return sum(resource.partition(".waitForTaskToken")[0] == operation for resource in scheduled)


def was_signalled(cloud: LocalCloud, execution_arn: str) -> bool:
    """Whether the event of Systems Manager ended the wait, and not a look."""
    signals = [
        event
        for event in cloud.server.execution_history(execution_arn)
        if event["type"] == "TaskSucceeded" and ".waitForTaskToken" in event["taskSucceededEventDetails"]["resource"]
    ]
    return any(json.loads(one["taskSucceededEventDetails"]["output"])["kind"] == "signal" for one in signals)
