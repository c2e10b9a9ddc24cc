"""What can be seen of the local cloud after something has happened in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
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
class AsynchronousInvocation:
    """An invocation of a function by a service that does not wait for it: by a schedule, a rule or a topic.

    Args:
        function_arn: the function.
        payload: its event, JSON.
        attempts: how often it has run so far: Lambda tries up to three times.
        error: the error of the latest attempt; empty if there was none.
        message: its text.
        log: the lines that it printed, of all attempts.
        is_over: whether no attempt follows.
    """

    function_arn: str
    payload: str
    attempts: int
    error: str
    message: str
    log: list[str]
    is_over: bool

    @property
    def function(self) -> str:
        """The name of the function, with the qualifier if there is one."""
        return self.function_arn.partition(":function:")[2]


@dataclass(frozen=True)
class LogLine:
    """A line in CloudWatch Logs."""

    group: str
    stream: str
    message: str


@dataclass(frozen=True)
class Decision:
    """What was decided about one thing that a role or a service wanted to do.

    Args:
        number: numbers go up in the order of time.
        at: Unix time.
        principal: the session of the role, or the service, such as ``events.amazonaws.com``.
        action: the IAM action.
        resource: the ARN, or ``*`` for an action that has no resources.
        allowed: whether it was allowed.
        policy: the policy that decided, by its name; empty if none allows it.
        statement: the ``Sid`` of the statement in it, or which one it is.
    """

    number: int
    at: float
    principal: str
    action: str
    resource: str
    allowed: bool
    policy: str
    statement: str


@dataclass(frozen=True)
class Usage:
    """What AWS would bill or limit, counted by name.

    Args:
        api_calls: calls of roles, of functions and of the tasks of state machines alike, by ``service:Operation``.
        function_invocations: by function name.
        state_transitions: of Standard executions, by the ARN of the state machine: states entered and retries.
        executions: Standard executions, by the ARN of the state machine.
        express_executions: the same for Express executions.
    """

    api_calls: dict[str, int]
    function_invocations: dict[str, int]
    state_transitions: dict[str, int]
    executions: dict[str, int]
    express_executions: dict[str, int]

    def __sub__(self, earlier: Usage) -> Usage:
        """What was used since then."""
        return Usage(
            **{
                field.name: dict(Counter(getattr(self, field.name)) - Counter(getattr(earlier, field.name)))
                for field in fields(self)
            }
        )


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
