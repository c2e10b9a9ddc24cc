"""The app of this folder, and everything that it leaves behind for those who look."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.cloud import LocalCloud
    from chatops_local.server import DeployedStack
    from chatops_local.slack import SentCommand

T = TypeVar("T")

SECONDS = 60.0


class Observed:
    """The endpoint.

    Attributes:
        cloud: Where it is.
        stack: The stack.
    """

    def __init__(self, cloud: LocalCloud, stack: DeployedStack) -> None:
        self.cloud = cloud
        self.stack = stack

    def physical(self, resource_type: str, part_of_id: str = "") -> str:
        """The physical id of the one resource of a type whose logical id contains a text."""
        resources = self.stack.template["Resources"]
        (found,) = (id for id, one in resources.items() if one["Type"] == f"AWS::{resource_type}" and part_of_id in id)
        return self.stack.resource(found)

    def until(self, look: Callable[[], T]) -> T:
        """What is seen once it is anything.

        Raises:
            AssertionError: It is nothing for too long.
        """
        deadline = time.monotonic() + SECONDS
        while not (seen := look()):
            assert time.monotonic() < deadline, "it is not seen"
            time.sleep(0.05)
        return seen

    def audit_lines(self, sent: SentCommand) -> list[dict[str, Any]]:
        """The lines about a command in the audit log."""
        group = self.physical("Logs::LogGroup", "AuditLog")
        events = self.cloud.server.client("logs").filter_log_events(logGroupName=group)["events"]
        lines = [json.loads(event["message"]) for event in events]
        return [line for line in lines if line["user_id"] == sent.command.user_id]

    def audit_line(self, sent: SentCommand) -> dict[str, Any]:
        """The one line."""
        (line,) = self.until(lambda: self.audit_lines(sent))
        return line

    def arn(self, sent: SentCommand) -> str:
        """The command's execution."""
        (execution,) = self.cloud.executions_of(sent)
        return execution.arn

    def error(self, sent: SentCommand) -> str:
        """What the command's execution ended with, once it has."""

        def ended() -> str:
            (execution,) = self.cloud.executions_of(sent)
            return "" if execution.status == "RUNNING" else f"{execution.status} {execution.error}".strip()

        return self.until(ended)

    def dead_letters(self) -> list[Any]:
        """What is in the dead-letter queue."""
        return self.cloud.server.messages(self.physical("SQS::Queue"))

    def forget_dead_letters(self) -> None:
        """Empty it."""
        self.cloud.server.client("sqs").purge_queue(QueueUrl=self.physical("SQS::Queue"))

    def endings(self) -> list[Any]:
        """The executions of the machine that tells of endings."""
        return self.cloud.server.executions(self.physical("StepFunctions::StateMachine", "Endings"))

    def found_by(self, short_id: str) -> set[str]:
        """In which logs of the saved query there is something about a command."""
        (query,) = (
            one for one in self.stack.template["Resources"].values() if one["Type"] == "AWS::Logs::QueryDefinition"
        )
        groups = [self.stack.resource(name["Ref"]) for name in query["Properties"]["LogGroupNames"]]
        logs = self.cloud.server.client("logs")
        return {
            group
            for group in groups
            for event in logs.filter_log_events(logGroupName=group)["events"]
            if short_id in event["message"]
        }

    @contextmanager
    def held(self) -> Iterator[None]:
        """While `/wait` does not come to its end."""
        hold = self.cloud.server.directory / "instances" / self.cloud.instances["one-1"] / "hold"
        hold.touch()
        try:
            yield
        finally:
            hold.unlink(missing_ok=True)
