"""The revision of a state machine: DescribeStateMachine has none until the machine is updated for the first time.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_PublishStateMachineVersion.html: "To specify the
initial state machine revision, set the value as INITIAL". MiniStack gives every machine one from its creation on, and
the definition to who asked for metadata only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_update_state_machine = private("services.stepfunctions:_update_state_machine", "data")
_describe_state_machine = private("services.stepfunctions:_describe_state_machine", "data")
_state_machines = private("services.stepfunctions:_state_machines")

_UPDATED = "chatopsLocalUpdated"


def apply() -> None:
    """Show revisions as AWS does."""
    _update_state_machine.wrap(_noting)
    _describe_state_machine.wrap(_without_initial_revision)


def _noting(original: Untyped) -> Untyped:
    def update_state_machine(data: Mapping[str, Any]) -> Untyped:
        machine = _state_machines.get().get(data.get("stateMachineArn"), {})
        before = machine.get("revisionId")
        answer = original(data)
        if machine.get("revisionId") != before:
            machine[_UPDATED] = True
        return answer

    return update_state_machine


def _without_initial_revision(original: Untyped) -> Untyped:
    def describe_state_machine(data: Mapping[str, Any]) -> Untyped:
        status, headers, body = original(data)
        described = json.loads(body)
        if not described.pop(_UPDATED, False):
            described.pop("revisionId", None)
        if data.get("includedData") == "METADATA_ONLY" and "definition" in described:
            described["definition"] = "{}"
        return status, headers, json.dumps(described).encode()

    return describe_state_machine
