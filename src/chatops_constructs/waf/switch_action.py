"""The maintenance switch as a command of Slack, wherever the endpoint is."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, cast

from aws_cdk import Duration, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from chatops_constructs._problems import Problems
from chatops_constructs.actions.action import Action, ActionContext, BoundAction
from chatops_constructs.actions.invoke_function import InvokeFunction
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_runtime.contracts import maintenance as contract

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from chatops_constructs.waf.maintenance_run_time import MaintenanceRunTime

# Longer than the relay waits for the function's answer.
RELAY_TIMEOUT = Duration.seconds(150)


class SwitchAction(Action):
    """Usage: `on [for 30m] [reason…] | off | status`; made by `WafMaintenanceSwitch.slack_action()`.

    In the switch's own region the command's state machine invokes its function. From another one it cannot: there a
    small function beside the command hands the command on, and may invoke that one function and nothing else.
    """

    def __init__(self, run_time: MaintenanceRunTime) -> None:
        """Describe what to invoke.

        Args:
            run_time: The switch's.
        """
        self._run_time = run_time

    @property
    def accepts_text(self) -> bool:
        """It does: what to do."""
        return True

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        """Let the role invoke the function, or a relay in the role's region.

        Args:
            scope: The command's own scope.
            context: The command.

        Raises:
            ValueError: The endpoint is in another account, or nobody can tell whether it is in another region.
        """
        mine, its = Stack.of(self._run_time), Stack.of(scope)
        if mine is its:
            return InvokeFunction(self._run_time.function).bind(scope, context)
        self._check_places(mine, its, context)
        if mine.region == its.region or (Token.is_unresolved(mine.region) and Token.is_unresolved(its.region)):
            # By its name, so that neither stack holds the other one up.
            function = lambda_.Function.from_function_arn(scope, "Function", self._run_time.function_arn)
            bound = InvokeFunction(function).bind(scope, context)
            return dataclasses.replace(bound, longest=self._timeout)
        relay = self._relay(scope, context.encryption_key)
        bound = InvokeFunction(relay).bind(scope, context)
        return dataclasses.replace(bound, resources={"relay": relay})

    @property
    def _timeout(self) -> Duration:
        return cast("Duration", self._run_time.function.timeout)

    def _relay(self, scope: Construct, encryption_key: kms.IKey | None) -> lambda_.Function:
        relay = RuntimeFunction(
            scope,
            "Relay",
            handler="chatops_runtime.maintenance.relay.handler",
            description="hands a command to the maintenance switch in another region",
            memory_size=256,
            timeout=RELAY_TIMEOUT,
            environment={contract.RELAY_FUNCTION_ARN: self._run_time.function_arn},
            encryption_key=encryption_key,
        )
        relay.add_to_role_policy(
            iam.PolicyStatement(
                sid="InvokeSwitch", actions=["lambda:InvokeFunction"], resources=[self._run_time.function_arn]
            )
        )
        return relay

    def _check_places(self, mine: Stack, its: Stack, context: ActionContext) -> None:
        problems = Problems(f"slack_action() of '{self._run_time.node.path}' for {context.command}")
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
