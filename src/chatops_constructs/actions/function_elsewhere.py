"""A function of this library as a command of Slack, wherever the endpoint is."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, cast

from aws_cdk import ArnFormat, Duration, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from chatops_constructs._problems import Problems
from chatops_constructs.actions.action import Action, ActionContext, BoundAction
from chatops_constructs.actions.invoke_function import InvokeFunction
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_runtime.contracts import relay as contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_kms as kms
    from constructs import Construct

# Longer than the relay waits for the function's answer, twice.
RELAY_TIMEOUT = Duration.seconds(150)


class FunctionElsewhere(Action):
    """Invokes a function with a name of its own; from a `slack_action()` of the construct that it belongs to.

    In the function's own region the command's state machine invokes it. From another one it cannot: there a small
    function beside the command hands the command on, and may invoke that one function and nothing else.
    """

    def __init__(
        self,
        function: lambda_.Function,
        *,
        name: str,
        purpose: str,
        sid: str,
        more_fields: Mapping[str, str | int | bool] | None = None,
        reads_mentions: bool = False,
        scopes: frozenset[str] = frozenset(),
    ) -> None:
        """Describe what to invoke.

        Args:
            function: The function.
            name: Its name, in plain.
            purpose: What it is for a person, such as `the maintenance switch`.
            sid: Of the statement that lets a relay invoke it.
            more_fields: As in `InvokeFunction`.
            reads_mentions: Whether it knows what Slack makes of `@name`.
            scopes: What it asks Slack with the bot token.
        """
        self._function = function
        self._name = name
        self._purpose = purpose
        self._sid = sid
        self._more_fields = more_fields
        self._reads_mentions = reads_mentions
        self._scopes = scopes

    @property
    def accepts_text(self) -> bool:
        """It does: what to do."""
        return True

    @property
    def reads_mentions(self) -> bool:
        """Whether it knows what Slack makes of `@name`."""
        return self._reads_mentions

    @property
    def scopes(self) -> frozenset[str]:
        """What it asks Slack with the bot token."""
        return self._scopes

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        """Let the role invoke the function, or a relay in the role's region.

        Args:
            scope: The command's own scope.
            context: The command.

        Raises:
            ValueError: The endpoint is in another account, or nobody can tell whether it is in another region.
        """
        mine, its = Stack.of(self._function), Stack.of(scope)
        if mine is its:
            return self._invoke(self._function, scope, context)
        self._check_places(mine, its, context)
        if mine.region == its.region or (Token.is_unresolved(mine.region) and Token.is_unresolved(its.region)):
            # By its name, so that neither stack holds the other one up.
            function = lambda_.Function.from_function_arn(scope, "Function", arn_of(self._function, self._name))
            return dataclasses.replace(
                self._invoke(function, scope, context), longest=cast("Duration", self._function.timeout)
            )
        relay = self._relay(scope, context.encryption_key)
        # What the relay's code is says nothing about the function, which cannot be looked at from here.
        unfrozen = dataclasses.replace(context, freezes=False)
        return dataclasses.replace(self._invoke(relay, scope, unfrozen), resources={"relay": relay})

    def _invoke(self, function: lambda_.IFunction, scope: Construct, context: ActionContext) -> BoundAction:
        return InvokeFunction(function, more_fields=self._more_fields).bind(scope, context)

    def _relay(self, scope: Construct, encryption_key: kms.IKey | None) -> lambda_.Function:
        arn = arn_of(self._function, self._name)
        relay = RuntimeFunction(
            scope,
            "Relay",
            handler="chatops_runtime.relay.handler.handler",
            description=f"hands a command to {self._purpose} in another region",
            memory_size=256,
            timeout=RELAY_TIMEOUT,
            environment={contract.FUNCTION_ARN: arn},
            encryption_key=encryption_key,
        )
        relay.add_to_role_policy(iam.PolicyStatement(sid=self._sid, actions=["lambda:InvokeFunction"], resources=[arn]))
        return relay

    def _check_places(self, mine: Stack, its: Stack, context: ActionContext) -> None:
        problems = Problems(f"slack_action() of '{self._function.node.path}' for {context.command}")
        accounts = {account for account in (mine.account, its.account) if not Token.is_unresolved(account)}
        problems.check(
            len(accounts) < 2, "the endpoint's account", its.account, mine.account, "put both into one account"
        )
        unknown = [stack.node.path for stack in (mine, its) if Token.is_unresolved(stack.region)]
        problems.check(
            len(unknown) != 1,
            "the region of the stack",
            ", ".join(unknown),
            "a region, as the other stack has one",
            'give the stack an env: env=cdk.Environment(region="…")',
        )
        problems.raise_if_any()


def arn_of(function: lambda_.Function, name: str) -> str:
    """The ARN of a function with a name of its own, in plain words, for other stacks and regions."""
    return Stack.of(function).format_arn(
        service="lambda", resource="function", resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
