"""What can be seen of the local cloud after something has happened in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ManagedInstance:
    """An instance as Systems Manager sees it, and where it is on this machine."""

    instance_id: str
    name: str
    tags: dict[str, str]
    online: bool
    role_arn: str | None
    directory: str

    @property
    def path(self) -> Path:
        """The directory in which its scripts run."""
        return Path(self.directory)


@dataclass(frozen=True)
class Execution:
    """An execution of a state machine. ``output``, ``error`` and ``cause`` are empty as long as there are none."""

    arn: str
    name: str
    status: str
    input: str
    output: str
    error: str
    cause: str


@dataclass(frozen=True)
class LogLine:
    """A line in CloudWatch Logs."""

    group: str
    stream: str
    message: str


def log_lines(logs: Any) -> list[LogLine]:  # noqa: ANN401 - a boto3 client
    """Every line in every log group."""
    groups = [
        group["logGroupName"]
        for page in logs.get_paginator("describe_log_groups").paginate()
        for group in page["logGroups"]
    ]
    return [
        LogLine(group, event["logStreamName"], event["message"])
        for group in groups
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        for event in page["events"]
    ]
