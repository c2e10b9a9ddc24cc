"""What is done to state machines when they are created or updated, and machines that do otherwise for a while."""

from __future__ import annotations

import itertools
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.iam.apps import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.iam.laboratory import Laboratory

_NUMBERS = itertools.count(1)


def _tell(laboratory: Laboratory) -> None:
    touched = str(next(_NUMBERS))

    def touch(template: dict[str, Any]) -> None:
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::StepFunctions::StateMachine":
                resource["Properties"]["Tags"] = [{"Key": "touched", "Value": touched}]

    for stack in laboratory.stacks:
        laboratory.deploy(stack, touch)


UPDATED = Story("the state machines are updated", _tell)


@contextmanager
def doing_otherwise(
    laboratory: Laboratory, machine: str, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> Iterator[None]:
    """Inside, a state machine, by its ARN, has the definition that is made of its own."""
    states = laboratory.cloud.server.client("stepfunctions")
    as_it_is = states.describe_state_machine(stateMachineArn=machine)["definition"]
    states.update_state_machine(stateMachineArn=machine, definition=json.dumps(change(json.loads(as_it_is))))
    try:
        yield
    finally:
        states.update_state_machine(stateMachineArn=machine, definition=as_it_is)
