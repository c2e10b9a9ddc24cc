"""What a run has done and used, read from the local cloud once it is over."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.run_command.cloud import MACHINE, resource
from benchmarks.run_command.designs import PRIOR
from benchmarks.run_command.jobs import PICKUP_SECONDS
from benchmarks.run_command.lag import lag_of, looks_late
from benchmarks.run_command.run import Run, Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.run_command.cloud import Cloud, Started

# Both designs name the state like that.
TELL_OF_SUCCESS = "Tell of the success"


def observe(cloud: Cloud, started: Started, *, event_delay: float) -> Run:
    """Everything about a run."""
    server, job = cloud.server, cloud.job
    (execution,) = server.executions(started.machine)
    history = server.execution_history(execution.arn)
    begin, end = _script(cloud, started)
    lag = lag_of(history, end, time_scale=job.time_scale, event_delay=event_delay) if end else None
    express = _express_executions(cloud, started)
    prior = started.design == PRIOR
    return Run(
        design=started.design,
        job=job.name,
        length=job.lengths[started.number],
        told_success=any(_enters(event, TELL_OF_SUCCESS) for event in history),
        lag=lag,
        event_delay=event_delay,
        resolution=_resolution(cloud, started, history, begin, end) if end and lag else 0.0,
        usage=Usage(
            transitions=server.state_transitions(execution.arn),
            express=len(express),
            invocations=_invocations(cloud, started),
            schedules=0 if prior else 1,
            traces=0 if prior else 1 + len(express),
        ),
        api_calls=_calls(history) + sum(_calls(server.execution_history(arn)) for arn in express),
    )


def _resolution(
    cloud: Cloud, started: Started, history: Sequence[dict[str, Any]], begin: datetime, end: datetime
) -> float:
    """How exactly the lag is known, in AWS's seconds.

    By so much the timer of a script of known length was wrong. Where a look at a certain time notices the end, by so
    much that look was late as well.
    """
    scale = cloud.job.time_scale
    error = abs((end - begin).total_seconds() - cloud.job.lengths[started.number] * scale)
    if started.configuration is not None and started.configuration.goes_by_hint:
        error += looks_late(history, begin - timedelta(seconds=PICKUP_SECONDS * scale), end)
    return round(error / scale, 3)


def _script(cloud: Cloud, started: Started) -> tuple[datetime, datetime | None]:
    """When the script began, and when it ended, if it has."""
    ssm = cloud.server.client("ssm")
    document = "AWS-RunShellScript"
    if started.design != PRIOR:
        document = resource(started.stack, "AWS::SSM::Document", f"{started.task}Document")
    pages = ssm.get_paginator("list_command_invocations").paginate(InstanceId=started.instance)
    (command,) = [
        found["CommandId"]
        for page in pages
        for found in page["CommandInvocations"]
        if found["DocumentName"] == document
    ]
    invocation = ssm.get_command_invocation(CommandId=command, InstanceId=started.instance)
    end = invocation["ExecutionEndDateTime"]
    return _moment(invocation["ExecutionStartDateTime"]), _moment(end) if end else None


def _express_executions(cloud: Cloud, started: Started) -> list[str]:
    """The Express executions for a run: of the tick that started it, and of what returned its task token."""
    if started.design == PRIOR:
        return []
    ticks = cloud.server.executions(resource(started.stack, MACHINE, "ScheduleTickMachine"))
    signals = cloud.server.executions(resource(started.stack, MACHINE, "CompletionSignalResumer"))
    document = resource(started.stack, "AWS::SSM::Document", f"{started.task}Document")
    instance = started.instance
    return [
        *(one.arn for one in ticks if json.loads(one.input)["state_machine"] == started.machine),
        *(one.arn for one in signals if _is_about(json.loads(one.input), document, instance)),
    ]


def _is_about(event: dict[str, Any], document: str, instance: str) -> bool:
    return event["detail"]["document-name"] == document and any(arn.endswith(instance) for arn in event["resources"])


def _invocations(cloud: Cloud, started: Started) -> int:
    """How often the functions of the run's own stack and task were invoked."""
    counts = cloud.server.usage().function_invocations
    prefix = f"{started.stack.name}-{started.task}"
    return sum(count for name, count in counts.items() if name.startswith(prefix))


def _calls(history: Sequence[dict[str, Any]]) -> int:
    """A function of the prior design makes one call in each invocation, so that a task is a call on both sides."""
    return sum(event["type"] == "TaskScheduled" for event in history)


def _enters(event: dict[str, Any], state: str) -> bool:
    details: dict[str, Any] = event.get("stateEnteredEventDetails", {})
    return bool(details.get("name") == state)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
