"""What a command has started on instances: SSM commands, found as its own state machine finds them."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chatops_runtime.decide.target import Target


class RunningCommands:
    """Commands of the endpoint's documents."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's Systems Manager client."""
        self._client = client

    def cancel(self, target: Target, *, since: datetime) -> None:
        """Cancel what the target's execution has sent since then.

        https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CancelCommand.html
        """
        for document in target.entry.get("documents", ()):
            for command_id in self._of(document, target.execution, since):
                self._client.cancel_command(CommandId=command_id)

    def _of(self, document: str, execution: str, since: datetime) -> Iterator[str]:
        """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CommandFilter.html."""
        filters = [
            {"key": "DocumentName", "value": document},
            {"key": "ExecutionStage", "value": "Executing"},
            # Whole seconds only, so from the beginning of the execution's first second on.
            {"key": "InvokedAfter", "value": since.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")},
        ]
        for page in self._client.get_paginator("list_commands").paginate(Filters=filters):
            for command in page["Commands"]:
                # The comment of a send begins with the name of its execution.
                if command.get("Comment", "").partition(" ")[0] == execution:
                    yield command["CommandId"]
