"""The actions of an endpoint that tell about its own commands."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from aws_cdk import Duration

from chatops_constructs.actions.invoke_function import InvokeFunction
from chatops_constructs.slack.arguments.duration_arg import DurationArg
from chatops_constructs.slack.arguments.text import Text
from chatops_constructs.slack.command_status import CommandStatus
from chatops_runtime.contracts import status as contract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from chatops_constructs.actions.action import Action
    from chatops_constructs.slack.arguments.argument import Argument
    from chatops_constructs.slack.command import EndpointCommand
    from chatops_constructs.slack.commands_layer import CommandsLayer
    from chatops_constructs.slack.telling import Telling

# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: so long executions are kept.
LONGEST_AGO = Duration.days(90)


class StatusActions:
    """What an endpoint tells about its own commands, as commands.

    Attributes:
        commands: The commands so far, by name.
    """

    commands: dict[str, EndpointCommand]
    _layer: CommandsLayer
    _telling: Telling

    def status_action(self) -> Action:
        """What runs now: the command, who typed it, since when, and whether it waits for somebody to approve it.

        The newest 20. What was typed after a command is shown of one's own commands, and of those that everybody in the
        channel saw; the answer is seen by who asks only. It is Step Functions' own list, a few seconds late at times.

        Example:
            slack.add_command(
                "/ops status", slack.status_action(), description="what runs now", allow=Allow.workspace()
            )
        """
        return _View(self._status.function, contract.STATUS)

    def history_action(self) -> Action:
        """What ran last, with how it ended and how long it took: `[--command /ps] [--since 3h]`.

        The newest 20, of the 90 days for which Step Functions keeps them; otherwise as `status_action`.

        Example:
            slack.add_command(
                "/ops history", slack.history_action(), description="what ran last", allow=Allow.workspace()
            )
        """
        return _View(
            self._status.function,
            contract.HISTORY,
            Text(contract.COMMAND, required=False, longest=100, help="of one command"),
            DurationArg(contract.SINCE, required=False, most=LONGEST_AGO, help="how far back"),
        )

    @cached_property
    def _status(self) -> CommandStatus:
        """Created with the first of these actions."""
        status = CommandStatus(
            cast("Construct", self),
            "Status",
            encryption_key=self._telling.encryption_key,
            commands=lambda: [command.entry for command in self.commands.values()],
        )
        self._layer.add_function(status.function)
        return status


class _View(InvokeFunction):
    """Shows commands."""

    def __init__(self, function: lambda_.IFunction, view: str, *arguments: Argument) -> None:
        super().__init__(function, accepts_text=False, more_fields={"view": view})
        self._arguments = arguments

    @property
    def arguments(self) -> Sequence[Argument]:
        """What may be typed after it."""
        return self._arguments
