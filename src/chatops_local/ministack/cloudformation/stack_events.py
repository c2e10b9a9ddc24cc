"""What happens when a stack changes its status: "CloudFormation Stack Status Change" on the default bus of its region.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-eventbridge.html
"""

from __future__ import annotations

from typing import Any

from chatops_local.ministack.private import Untyped, private
from chatops_local.ministack.service_events import ServiceEvents

_PARAMETERS = "stack_id, stack_name, logical_id, resource_type, status, reason, physical_id, detailed_status"
_add_event = (
    # Each of these modules has imported the function by its name.
    private("services.cloudformation.stacks:_add_event", _PARAMETERS),
    private("services.cloudformation.handlers:_add_event", _PARAMETERS),
    private("services.cloudformation.changesets:_add_event", _PARAMETERS),
)

SOURCE = "aws.cloudformation"
DETAIL_TYPE = "CloudFormation Stack Status Change"

_STACK = "AWS::CloudFormation::Stack"
_BEFORE = {"UPDATE_COMPLETE": "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"}
"""What AWS says first and MiniStack leaves out, whether there is anything to clean up or not."""


def apply() -> None:
    """Publish each event of a stack itself; there is another detail type for those of its resources."""
    events = ServiceEvents(SOURCE, DETAIL_TYPE)
    for name in _add_event:
        name.wrap(lambda original: _publishing(original, events))


def _publishing(original: Untyped, events: ServiceEvents) -> Untyped:
    def add_event(
        stack_id: str,
        stack_name: str,
        logical_id: str,
        resource_type: str,
        status: str,
        reason: str = "",
        physical_id: str = "",
        detailed_status: str = "",
    ) -> None:
        original(stack_id, stack_name, logical_id, resource_type, status, reason, physical_id, detailed_status)
        if resource_type == _STACK and logical_id == stack_name:
            if status in _BEFORE:
                events.put(stack_id, _detail(stack_id, _BEFORE[status], ""))
            events.put(stack_id, _detail(stack_id, status, reason))

    return add_event


def _detail(stack_id: str, status: str, reason: str) -> dict[str, Any]:
    details = {"status": status, "status-reason": reason}
    return {"stack-id": stack_id, "status-details": details, "client-request-token": ""}
