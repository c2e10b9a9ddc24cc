"""The CloudFormation resource type AWS::Scheduler::Schedule, with all of its properties.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html
(MiniStack leaves out the time zone and the dates, and takes what its own API refuses.)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_physical_name = private(
    "services.cloudformation.provisioners:_physical_name", "stack_name, logical_id, lowercase, max_len, seeded"
)
_create_schedule = private("services.scheduler:_create_schedule", "name, body")
_update_schedule = private("services.scheduler:_update_schedule", "name, body")
_schedules = private("services.scheduler:_schedules")

_REFUSED = 400


def apply() -> None:
    """Let templates have schedules."""
    _resource_handlers.get()["AWS::Scheduler::Schedule"] = {"create": _create, "update": _update, "delete": _delete}


def _create(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    name = properties.get("Name") or _physical_name.get()(stack_name, logical_id, max_len=64)
    return name, {"Arn": _accepted(_create_schedule.get()(name, dict(properties)))}


def _update(
    physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], stack_name: str
) -> tuple[str, dict[str, str]]:
    # Name and group are what a schedule is replaced for.
    if new.get("Name", physical_id) != physical_id or new.get("GroupName") != old.get("GroupName"):
        return _create(physical_id, new, stack_name)
    return physical_id, {"Arn": _accepted(_update_schedule.get()(physical_id, dict(new)))}


def _delete(physical_id: str, properties: Mapping[str, Any]) -> None:
    _schedules.get().pop(f"{properties.get('GroupName', 'default')}/{physical_id}", None)


def _accepted(answer: tuple[int, object, bytes]) -> str:
    status, _, body = answer
    content = json.loads(body)
    if status >= _REFUSED:
        raise ValueError(f"{content['__type']}: {content['Message']}")
    return str(content["ScheduleArn"])
