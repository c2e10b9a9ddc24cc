"""The states that settle which definition of a workflow runs, and see to it that no other one does."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_iam as iam

from chatops_constructs._durations import of_seconds
from chatops_constructs.actions.action import Freeze
from chatops_constructs.workflow.asl import States, choice, expr, integration, one_line, reading_retry
from chatops_constructs.workflow.declined import changed

COMPARE = "Look at the workflow's revision again"
_LOOK = "Look at the workflow's revision"
_CHANGED = "The workflow has changed"

LONGEST_SECONDS = 5 * 60

# A machine has no revision until it is updated for the first time. One that was deleted and made anew has none again.
_LOOKED = one_line("""
    {
      'revision': $exists($states.result.RevisionId) ? $states.result.RevisionId : 'INITIAL',
      'created': $string($states.result.CreationDate)
    }
""").strip()
_LINES = one_line("""
    ['Workflow ' & $states.result.Name & ', ' &
      ($exists($states.result.RevisionId) ? 'revision ' & $states.result.RevisionId : 'as it was created')]
""").strip()


class FrozenWorkflow:
    """A state machine of which people were shown something before it is started."""

    def __init__(self, arn: str) -> None:
        """Of this one.

        Args:
            arn: The state machine's ARN.
        """
        self._arn = arn

    def grant(self, role: iam.Role) -> None:
        """Let `role` look at it.

        Args:
            role: The role of the command's state machine.
        """
        role.add_to_policy(
            iam.PolicyStatement(sid="LookAtTheWorkflow", actions=["states:DescribeStateMachine"], resources=[self._arn])
        )

    def freeze(self) -> Freeze:
        """The states that look at it before anybody is asked."""
        look = {**self._look(), "Output": {"lines": expr(_LINES), "workflow": expr(_LOOKED)}, "End": True}
        return Freeze(start_at=_LOOK, states={_LOOK: look}, longest=of_seconds(LONGEST_SECONDS))

    def compare(self, *, then: str) -> States:
        """The states from `COMPARE` on; between the last look and the start a moment remains.

        Args:
            then: The state that follows if nothing has changed.
        """
        return {
            COMPARE: {
                **self._look(),
                "Assign": {"is_the_same": expr(f"{_LOOKED} = $frozen.workflow")},
                "Next": "Same?",
            },
            "Same?": {"Type": "Choice", "Choices": [choice("$is_the_same", then=then)], "Default": _CHANGED},
            _CHANGED: changed("the workflow has changed since it was shown"),
        }

    def _look(self) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": integration("aws-sdk:sfn:describeStateMachine"),
            # Without the definition, which may be longer than a state's output, and encrypted with a key.
            "Arguments": {"StateMachineArn": self._arn, "IncludedData": "METADATA_ONLY"},
            "Retry": reading_retry(),
        }
