"""What a state machine calls Systems Manager in another account or region through."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from chatops_constructs._physical_name import physical_name
from chatops_constructs.accounts.target_account import take_the_role
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_constructs.slack.report_states import LAMBDA_CRASHED, LAMBDA_TRANSIENT
from chatops_constructs.workflow.asl import integration, retry

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_

    from chatops_constructs.accounts.target_account import TargetAccount
    from chatops_constructs.workflow.asl import States

# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html#lambda-CreateFunction-request-FunctionName
NAME_LENGTH = 64

# Longer than one call and the taking of the role before it may take.
TIMEOUT = Duration.seconds(60)

# A function that was not invoked; after the others it may have made its call.
NOT_INVOKED = "Lambda.TooManyRequestsException"
FUNCTION_UNANSWERED = (*(error for error in LAMBDA_TRANSIENT if error != NOT_INVOKED), *LAMBDA_CRASHED)

ANSWER = "$states.result"
# What a state hands on of the answer: expressions that read it.
READERS = ("Assign", "Output")


class RemoteCalls(Construct):
    """A function that takes a role elsewhere and makes the calls of one command there.

    One for each command, so that no command can make the calls of another one.

    Attributes:
        name: The function's name, by which the function knows it that ends scripts of cancelled commands.
        function: The function. It may take that role and nothing else.
    """

    def __init__(
        self, scope: Construct, id: str, *, account: TargetAccount, encryption_key: kms.IKey | None = None
    ) -> None:
        """Create the function.

        Args:
            scope: The parent.
            id: The id in `scope`.
            account: Where, and with which role.
            encryption_key: Encrypts its log. Default: a key that AWS owns.
        """
        super().__init__(scope, id)
        self.name: str = physical_name(self, longest=NAME_LENGTH)
        self.function: lambda_.Function = RuntimeFunction(
            self,
            "Function",
            handler="chatops_runtime.remote_calls.handler.handler",
            description=f"calls Systems Manager as {account.role_name}",
            memory_size=256,
            timeout=TIMEOUT,
            environment=account.environment,
            encryption_key=encryption_key,
        )
        # On the resource alone, so that references to the function keep the order of creation.
        cast("lambda_.CfnFunction", self.function.node.default_child).function_name = self.name
        self.function.add_to_role_policy(take_the_role(account))

    def grant(self, role: iam.Role) -> None:
        """Let `role` have calls made, but for every version and alias of the function, which CDK's grant adds."""
        iam.Grant.add_to_principal(
            grantee=role, actions=["lambda:InvokeFunction"], resource_arns=[self.function.function_arn]
        )

    def states(self, states: States) -> States:
        """`states`, whose calls of Systems Manager are made through the function.

        What they do with the answer stays as it is: it has the same form, and errors have the same names.

        Args:
            states: States that call by `aws-sdk:ssm:…`. What comes back from the function is read in `Assign` and
                `Output`.
        """
        return {name: self._state(state) for name, state in states.items()}

    def _state(self, state: dict[str, Any]) -> dict[str, Any]:
        if "ItemProcessor" in state:
            processor = state["ItemProcessor"]
            return {**state, "ItemProcessor": {**processor, "States": self.states(processor["States"])}}
        service, _, operation = state.get("Resource", "").rpartition(":")
        if service != integration("aws-sdk:ssm"):
            return state
        return {
            **state,
            "Resource": integration("lambda:invoke"),
            "Arguments": {
                "FunctionName": self.function.function_arn,
                "Payload": {"operation": operation, "arguments": state["Arguments"]},
            },
            **{part: _from_payload(state[part]) for part in READERS if part in state},
            "Retry": [*retry(NOT_INVOKED, attempts=5), *state["Retry"]],
            **({"Catch": _unanswered_too(state["Catch"])} if "Catch" in state else {}),
        }


def _from_payload(expressions: Any) -> Any:  # noqa: ANN401 - any JSON
    """The expressions, with the function's answer in place of the service's."""
    return json.loads(json.dumps(expressions).replace(ANSWER, f"{ANSWER}.Payload"))


def _unanswered_too(catch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The catchers of a send; the first, for one that was not answered, is for a function that did not either."""
    first, *others = catch
    return [{**first, "ErrorEquals": [*first["ErrorEquals"], *FUNCTION_UNANSWERED]}, *others]
