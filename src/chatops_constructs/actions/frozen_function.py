"""The states that settle which code of a function runs, and see to it that no other one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Duration
from aws_cdk import aws_iam as iam

from chatops_constructs.actions.action import Freeze
from chatops_constructs.workflow.asl import States, choice, expr, integration, reading_retry
from chatops_constructs.workflow.declined import changed

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_

COMPARE = "Look at the function again"
_LOOK = "Look at the function"
_CHANGED = "The function has changed"

LONGEST = Duration.minutes(5)

# The revision changes with whatever is changed about the function or its version, its environment for instance.
_LOOKED = (
    "{'code': $states.result.CodeSha256, 'version': $states.result.Version, 'revision': $states.result.RevisionId}"
)


class FrozenFunction:
    """A function, version or alias of which people were shown something before it is invoked."""

    def __init__(self, function: lambda_.IFunction) -> None:
        """Of this one.

        Args:
            function: The function, version or alias.
        """
        self._arn: str = function.function_arn

    def grant(self, role: iam.Role) -> None:
        """Let `role` look at it.

        Args:
            role: The role of the command's state machine.
        """
        role.add_to_policy(
            iam.PolicyStatement(
                sid="LookAtTheFunction", actions=["lambda:GetFunctionConfiguration"], resources=[self._arn]
            )
        )

    def freeze(self) -> Freeze:
        """The states that look at it before anybody is asked."""
        lines = (
            "['Function ' & $states.result.FunctionName & ', version ' & $states.result.Version"
            " & ', code SHA-256 ' & $states.result.CodeSha256, 'Last changed ' & $states.result.LastModified]"
        )
        look = {**self._look(), "Output": {"lines": expr(lines), "function": expr(_LOOKED)}, "End": True}
        return Freeze(start_at=_LOOK, states={_LOOK: look}, longest=LONGEST)

    def compare(self, *, then: str) -> States:
        """The states from `COMPARE` on.

        Between the last look and the invocation a moment remains. Publish versions and use an alias, and what is
        changed in it has been published before.

        Args:
            then: The state that follows if nothing has changed.
        """
        return {
            COMPARE: {
                **self._look(),
                "Assign": {"is_the_same": expr(f"{_LOOKED} = $frozen.function")},
                "Next": "Same?",
            },
            "Same?": {"Type": "Choice", "Choices": [choice("$is_the_same", then=then)], "Default": _CHANGED},
            _CHANGED: changed("the function has changed since it was shown"),
        }

    def _look(self) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": integration("aws-sdk:lambda:getFunctionConfiguration"),
            "Arguments": {"FunctionName": self._arn},
            "Retry": reading_retry(),
        }
