"""The state that calls a Lambda function of the user's and hands on what it answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from chatops_constructs.workflow.asl import expr, integration, retry
from chatops_runtime.contracts import report

if TYPE_CHECKING:
    from collections.abc import Mapping

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LONGEST_FUNCTION = Duration.minutes(15)
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
DEFAULT_TIMEOUT = Duration.seconds(3)

NAME = "Invoke the function"


def may_call(role: iam.Role, function: lambda_.IFunction) -> None:
    """Let `role` invoke that function, version or alias and nothing else.

    Args:
        role: The state machine's.
        function: The function.
    """
    # Not `grant_invoke`: that adds every version and alias of the function.
    iam.Grant.add_to_principal(grantee=role, actions=["lambda:InvokeFunction"], resource_arns=[function.function_arn])


def call(function: lambda_.IFunction, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The state, which ends the action with a result of the kind `reply`.

    Args:
        function: The function.
        payload: What it receives.
    """
    return {
        "Type": "Task",
        "Resource": integration("lambda:invoke"),
        "Arguments": {"FunctionName": function.function_arn, "Payload": dict(payload)},
        "Output": {
            "kind": report.REPLY,
            "ok": True,
            "reply": expr("$exists($states.result.Payload) ? $states.result.Payload : null"),
        },
        # Only what was turned away before it ran: a function need not be safe to run twice.
        "Retry": retry("Lambda.TooManyRequestsException", attempts=5),
        "End": True,
    }


def longest(function: lambda_.IFunction) -> Duration:
    """How long a call may take.

    Args:
        function: The function.
    """
    if not isinstance(function, lambda_.Function):
        return LONGEST_FUNCTION
    timeout = function.timeout or DEFAULT_TIMEOUT
    return LONGEST_FUNCTION if timeout.is_unresolved() else timeout
