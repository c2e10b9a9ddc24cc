"""What a command has started on instances: SSM commands, found as its own state machine finds them."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any, Protocol

from chatops_runtime.decide.remote_systems_manager import RemoteSystemsManager

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from chatops_runtime.decide.target import Target


class SystemsManager(Protocol):
    """As much of Systems Manager as ending commands takes."""

    def commands(self, filters: list[dict[str, str]], /) -> Iterator[dict[str, Any]]:
        """Each command that the filters of ListCommands let through."""

    def cancel(self, command_id: str, /) -> None:
        """Cancel a command."""


class OwnSystemsManager:
    """That of the endpoint's account and region."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's Systems Manager client."""
        self._client = client

    def commands(self, filters: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
        """Each command that the filters of ListCommands let through."""
        for page in self._client.get_paginator("list_commands").paginate(Filters=filters):
            yield from page["Commands"]

    def cancel(self, command_id: str) -> None:
        """Cancel a command: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CancelCommand.html."""
        self._client.cancel_command(CommandId=command_id)


class RunningCommands:
    """Commands of the endpoint's documents."""

    def __init__(self, client_of: Callable[[str], Any]) -> None:
        """With what gives boto3's client of a service by its name: `ssm`, `lambda`."""
        self._client_of = client_of

    def cancel(self, target: Target, *, since: datetime) -> bool:
        """Cancel what the target's execution has sent since then; whether there was anything."""
        systems_manager = self._systems_manager(target)
        found = False
        for document in target.entry.get("documents", ()):
            for command_id in _of(systems_manager, document, target.execution, since):
                systems_manager.cancel(command_id)
                found = True
        return found

    def _systems_manager(self, target: Target) -> SystemsManager:
        function_name = target.entry.get("remote_calls")
        if function_name:
            return RemoteSystemsManager(self._client_of("lambda"), function_name)
        return OwnSystemsManager(self._client_of("ssm"))


def _of(systems_manager: SystemsManager, document: str, execution: str, since: datetime) -> Iterator[str]:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CommandFilter.html."""
    filters = [
        {"key": "DocumentName", "value": document},
        {"key": "ExecutionStage", "value": "Executing"},
        # Whole seconds only, so from the beginning of the execution's first second on.
        {"key": "InvokedAfter", "value": since.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")},
    ]
    for command in systems_manager.commands(filters):
        # The comment of a send begins with the name of its execution.
        if command.get("Comment", "").partition(" ")[0] == execution:
            yield command["CommandId"]
