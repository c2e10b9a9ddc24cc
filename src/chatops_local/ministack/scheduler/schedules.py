"""What Scheduler refuses to create, and the schedules that there are."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.scheduler.execution_role import can_be_assumed
from chatops_local.scheduler import RetryPolicy, parse_expression

if TYPE_CHECKING:
    from collections.abc import Mapping

_schedules = private("services.scheduler:_schedules")
_create_schedule = private("services.scheduler:_create_schedule", "name, body")
_update_schedule = private("services.scheduler:_update_schedule", "name, body")
_schedule_arn = private("services.scheduler:_schedule_arn", "group, name")
_error = private("services.scheduler:_error", "status, code, message")

_MAXIMUM_INPUT_BYTES = 262_144
_EMULATED_TARGET = re.compile(r"arn:[^:]+:(lambda|states|sqs):")


def apply() -> None:
    """Refuse what AWS refuses.

    https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
    """
    _create_schedule.wrap(_checked)
    _update_schedule.wrap(_checked)


def by_arn(arn: str) -> Mapping[str, Any]:
    """The schedule of an ARN.

    Raises:
        LookupError: there is none.
    """
    _, _, _, region, account, _ = arn.split(":")
    group_and_name = arn.partition(":schedule/")[2]
    schedule: Mapping[str, Any] | None = _schedules.get().get_scoped(account, region, group_and_name)
    if schedule is None:
        raise LookupError(f"there is no schedule {arn}")
    return schedule


def described() -> list[dict[str, Any]]:
    """Every schedule of every region, in the order of creation."""
    return [
        {
            "arn": schedule["Arn"],
            "name": schedule["Name"],
            "expression": schedule["ScheduleExpression"],
            "time_zone": schedule["ScheduleExpressionTimezone"],
            "enabled": schedule["State"] == "ENABLED",
            "target_arn": schedule["Target"]["Arn"],
            "start": _seconds(schedule.get("StartDate")),
            "end": _seconds(schedule.get("EndDate")),
        }
        for schedule in _schedules.get().all_values()
    ]


def problem_of(schedule_arn: str, request: Mapping[str, Any]) -> str | None:
    """Why AWS would refuse a schedule; None if it would not."""
    target: Mapping[str, Any] = request.get("Target") or {}
    try:
        zone = request.get("ScheduleExpressionTimezone") or "UTC"
        parse_expression(str(request.get("ScheduleExpression")), zone, begins=datetime.now(timezone.utc))
        RetryPolicy.of(target)
    except ValueError as error:
        return str(error)
    if not _EMULATED_TARGET.match(str(target.get("Arn"))):
        return (
            f"target {target.get('Arn')} is not emulated: let the schedule start a state machine, invoke a function, "
            "or send to a queue"
        )
    if len(str(target.get("Input", "")).encode()) > _MAXIMUM_INPUT_BYTES:
        return f"Input has more than {_MAXIMUM_INPUT_BYTES} bytes"
    queue = str((target.get("DeadLetterConfig") or {}).get("Arn", ""))
    if queue.endswith(".fifo"):
        return f"DeadLetterConfig {queue} is a FIFO queue; a standard queue is expected"
    if not can_be_assumed(str(target.get("RoleArn")), schedule_arn):
        return "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    return None


def _checked(original: Untyped) -> Untyped:
    def create_or_update(name: str, body: Mapping[str, Any]) -> Untyped:
        problem = problem_of(_schedule_arn.get()(body.get("GroupName", "default"), name), body)
        if problem is not None:
            return _error.get()(400, "ValidationException", problem)
        return original(name, body)

    return create_or_update


def _seconds(date: object) -> float | None:
    """A date as a Unix time: the API has it as one, a template as text."""
    if date is None or isinstance(date, (int, float)):
        return date
    return datetime.fromisoformat(str(date).replace("Z", "+00:00")).timestamp()
