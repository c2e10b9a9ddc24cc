"""One command of an endpoint: its state machine, its role, its action."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from chatops_constructs.slack.command_entry import command_entry, command_marks
from chatops_constructs.slack.endpoint_task import EndpointTask, TaskSettings

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from chatops_constructs.slack.admission_desk import AdmissionDesk
    from chatops_constructs.slack.command_name import CommandName
    from chatops_constructs.slack.telling import Telling
    from chatops_runtime.contracts.commands_table import CommandEntry
    from chatops_runtime.contracts.template_metadata import CommandMark


@dataclass(frozen=True)
class CommandSettings(TaskSettings):
    """What `add_command` was given."""

    _: KW_ONLY
    name: CommandName
    aliases: tuple[CommandName, ...] = ()


class EndpointCommand(EndpointTask):
    """A command of a `SlackCommandEndpoint`, as `add_command` returns it.

    Creates a state machine and its role, and what the action needs.

    Attributes:
        name: The command's name, such as `/ops restart`.
        machine_name: The state machine's name.
        machine_arn: The state machine's ARN.
        action: What the action became: its states and the resources it created.
        role: The state machine's role. Grant it more only for an action of your own.
        state_machine: The state machine; each command typed is one execution.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: CommandSettings,
        telling: Telling,
        policy: iam.IManagedPolicy,
        has_bot_token: bool,
        desk: AdmissionDesk,
    ) -> None:
        """Create the command; use `SlackCommandEndpoint.add_command` instead.

        Args:
            scope: The parent.
            id: The id in `scope`.
            settings: What `add_command` was given.
            telling: What the endpoint shares with its machines.
            policy: What telling takes.
            has_bot_token: Whether the endpoint has one, so that an answer may come late.
            desk: What the endpoint's commands share before they run.

        Raises:
            ValueError: The result may come when Slack no longer takes it.
        """
        super().__init__(
            scope,
            id,
            name=str(settings.name),
            settings=settings,
            telling=telling,
            policy=policy,
            has_bot_token=has_bot_token,
            desk=desk,
        )
        self._settings = settings

    @property
    def entry(self) -> CommandEntry:
        """The command in the commands table."""
        return command_entry(self._settings, self.action, machine=self.machine_name)

    @property
    def aliases(self) -> dict[str, str]:
        """The command's other names, as the commands table has them."""
        return {str(alias): self.name for alias in self._settings.aliases}

    @property
    def descriptions_for_slack(self) -> dict[str, CommandMark]:
        """The command by each of its names in the template's mark, from which the Slack app is made."""
        return command_marks(self._settings)
