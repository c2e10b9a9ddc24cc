"""What is done to state machines when they are created or updated."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from tests.iam.apps import Story

if TYPE_CHECKING:
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
