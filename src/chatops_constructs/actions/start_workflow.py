"""A Step Functions workflow behind a command."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aws_cdk import Arn, ArnFormat, Duration, Token
from aws_cdk import aws_stepfunctions as sfn

from chatops_constructs._asked_once import arn_beside, stack_of
from chatops_constructs._durations import check_duration, in_seconds, of_seconds
from chatops_constructs._problems import Problems
from chatops_constructs.actions import frozen_workflow
from chatops_constructs.actions.action import Action, ActionContext, BoundAction
from chatops_constructs.actions.command_fields import command_fields
from chatops_constructs.actions.frozen_workflow import FrozenWorkflow
from chatops_constructs.actions.workflow_run import WorkflowRun

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

DEFAULT_TIMEOUT = Duration.minutes(10)
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions
LONGEST_EXPRESS_SECONDS = 5 * 60
LONGEST_SECONDS = 30 * 24 * 60 * 60

# Starting it, stopping it, looking at it.
MARGIN_SECONDS = 2 * 60

_MACHINE = re.compile(r"arn:[a-z-]+:states:[a-z0-9-]+:\d{12}:stateMachine:[^:]+")


class StartWorkflow(Action):
    """Start an execution of a state machine of yours, wait for its end, and say what came of it.

    Creates nothing; the command's role may start that state machine, follow and stop its executions, and nothing else.

    A Standard machine is started under the name of the command's own execution: whatever is tried again, there is one
    execution for each command typed. When the command is cancelled, so is the workflow. An Express machine is called
    and waited for.

    The workflow receives the fields that a function does, see `InvokeFunction`, or what `input` says. Its output is
    what is said: `null` and `{}` (done), a string or `{"text": "…"}` (shown as plain text), `{"mrkdwn": "…"}`,
    `{"blocks": […]}`; any other JSON is laid out as it is. When it fails, its error and cause are told.

    With an approval, it is started only if it is still the revision that was shown.

    Example:
        from aws_cdk import aws_stepfunctions as sfn
        from chatops_constructs import Allow, StartWorkflow

        restore = sfn.StateMachine.from_state_machine_name(self, "Restore", "RestoreTable")
        slack.add_command(
            "/restore", StartWorkflow(restore), description="restores a table", allow=Allow.channel("C0OPS")
        )
    """

    def __init__(
        self,
        state_machine: sfn.IStateMachine,
        *,
        input: Mapping[str, Any] | None = None,  # noqa: A002 - Step Functions' own word
        timeout: Duration | None = None,
        accepts_text: bool = True,
        express: bool | None = None,
    ) -> None:
        """Describe what to start.

        Args:
            state_machine: The state machine, also one by its ARN, in the account and the region of the endpoint.
            input: What the workflow receives: an object, in which texts like `"{% $command.arguments.table %}"` are
                JSONata expressions; `$command` has the fields that a function would receive. Default: these fields.
            timeout: How long it may take: 1 second to 30 days, an Express one 5 minutes. A Standard one that takes
                longer is stopped. Default: 10 minutes, 5 for an Express one.
            accepts_text: Whether people may type something after the command. Default: True.
            express: Whether it is an Express machine, for one that is known by its ARN only. Default: as it was
                created in this app, and Standard for others.

        Raises:
            ValueError: The ARN is not one of a state machine, the input is no JSON, the time limit is out of its range,
                or `express` is not what the machine is.
        """
        self._arn: str = state_machine.state_machine_arn
        # What is made in this app has a name that cdk-nag can show, and a type.
        known, self._name = None, None
        if isinstance(state_machine, sfn.StateMachine):
            known, self._name = state_machine.state_machine_type, state_machine.state_machine_name
        is_express = known == sfn.StateMachineType.EXPRESS
        self._express = is_express if express is None else express
        self._timeout = timeout or (of_seconds(LONGEST_EXPRESS_SECONDS) if self._express else DEFAULT_TIMEOUT)
        self._input = input
        self._accepts_text = accepts_text
        problems = Problems("StartWorkflow")
        problems.check(
            bool(_MACHINE.fullmatch(self._arn)),
            "state_machine",
            self._arn,
            "a state machine: arn:…:states:REGION:ACCOUNT:stateMachine:NAME",
            "leave out the version or the alias",
        )
        problems.check(
            known is None or self._express == is_express,
            "express",
            express,
            f"{is_express}, as the state machine is",
            "leave it out",
        )
        problems.check(_is_json(input), "input", input, "an object of JSON", "put plain values into it")
        most = LONGEST_EXPRESS_SECONDS if self._express else LONGEST_SECONDS
        check_duration(problems, "timeout", self._timeout, least=1, most=most)
        problems.raise_if_any()

    @property
    def accepts_text(self) -> bool:
        """Whether anything may be typed after the command."""
        return self._accepts_text

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        """Let the role start and follow the workflow, and hand out the states.

        Args:
            scope: The command's own scope.
            context: The command.

        Raises:
            ValueError: The state machine is in another account or region.
        """
        self._check_place(scope, context)
        seconds = int(in_seconds(self._timeout))
        run = WorkflowRun(
            arn=self._arn,
            executions=self._executions(scope),
            express=self._express,
            timeout_seconds=seconds,
            command=command_fields(context.request),
            input=self._input,
        )
        run.grant(context.role, scope)
        frozen = FrozenWorkflow(self._arn)
        if context.freezes:
            frozen.grant(context.role)
        return BoundAction(
            start_at=frozen_workflow.COMPARE if context.freezes else run.first,
            states={**(frozen.compare(then=run.first) if context.freezes else {}), **run.states()},
            longest=of_seconds(seconds + MARGIN_SECONDS),
            resources={},
            freeze=frozen.freeze() if context.freezes else None,
            # A stopped execution stops what it follows; an Express one that is called runs to its end.
            cancellable=not self._express,
        )

    def _check_place(self, scope: Construct, context: ActionContext) -> None:
        """Step Functions follows executions of its own region; what is not known at synthesis AWS will say."""
        if Token.is_unresolved(self._arn):
            return
        stack = stack_of(scope)
        *_, region, account, _, _ = self._arn.split(":")
        problems = Problems(f"StartWorkflow for {context.command}")
        for what, its, here in (("region", region, stack.region), ("account", account, stack.account)):
            problems.check(
                Token.is_unresolved(here) or Token.is_unresolved(its) or its == here,
                f"the {what} of state_machine",
                its,
                f"{here}, where the endpoint is",
                "start it from an endpoint that is where it is",
            )
        problems.raise_if_any()

    def _executions(self, scope: Construct) -> str:
        if ":stateMachine:" in self._arn:
            return self._arn.replace(":stateMachine:", ":execution:")
        name = self._name or Arn.split(self._arn, ArnFormat.COLON_RESOURCE_NAME).resource_name
        return arn_beside(scope, "states", f"execution:{name}")


def _is_json(given: Mapping[str, Any] | None) -> bool:
    try:
        json.dumps(given)
    except (TypeError, ValueError):
        return False
    return True
