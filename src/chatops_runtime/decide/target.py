"""What a control is about: an execution of one of this endpoint's commands, and no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops_runtime.contracts.control import Handle
from chatops_runtime.contracts.request import short_id
from chatops_runtime.slack import mrkdwn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.contracts.commands_table import CommandEntry


@dataclass(frozen=True)
class Target:
    """An execution.

    Attributes:
        command: The command's key in the commands table.
        entry: What the table says about it.
        execution_arn: The execution's ARN. That there is one is still to be seen.
        execution: Its name.
        nonce: Of the question that the control answers; empty if it answers none.
    """

    command: str
    entry: CommandEntry
    execution_arn: str
    execution: str
    nonce: str = field(repr=False)

    @classmethod
    def of(cls, value: str, commands: Mapping[str, CommandEntry], function_arn: str) -> Target | None:
        """The target of a control's value, or None if that is no handle, or of a machine that is none of `commands`.

        Args:
            value: The control's value.
            commands: The endpoint's commands.
            function_arn: This function's ARN, in whose account and region they are.
        """
        handle = Handle.parse(value)
        if handle is None:
            return None
        command = next((key for key, entry in commands.items() if entry["machine"] == handle.machine), None)
        if command is None:
            return None
        _, partition, _, region, account, *_ = function_arn.split(":")
        return cls(
            command=command,
            entry=commands[command],
            execution_arn=f"arn:{partition}:states:{region}:{account}:execution:{handle.machine}:{handle.execution}",
            execution=handle.execution,
            nonce=handle.nonce,
        )

    @property
    def name(self) -> str:
        """The command in Slack's markup, with the id by which people find it."""
        return f"{mrkdwn.code(self.command)} (id {mrkdwn.code(short_id(self.execution))})"
