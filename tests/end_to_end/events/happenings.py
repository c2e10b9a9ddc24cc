"""What happens in Slack, and what the app of this folder makes of it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import Execution, LocalCloud
    from chatops_local.server import DeployedStack
    from chatops_local.slack import Message, SentEvent

SECONDS = 60.0
NEXT_READING = timedelta(seconds=45)
"""After so long dispatch reads its off-switch again."""

HERE = "A0EVENT1"
BOTS_WELCOME = "A0EVENT2"


class Happenings:
    """The app, deployed.

    Attributes:
        cloud: Where it is.
        slack: The Slack beside it.
    """

    def __init__(self, cloud: LocalCloud, stack: DeployedStack) -> None:
        self.cloud = cloud
        self.slack = cloud.slack
        self._stack = stack

    def mention(self, text: str, **options: Any) -> SentEvent:
        """Mention the app, and see that Slack is content."""
        return self._taken(self.slack.mention(text, endpoint=HERE, **options))

    def event(self, event: dict[str, Any], *, endpoint: str = HERE, **options: Any) -> SentEvent:
        """Tell the app of an event, and see that Slack is content."""
        return self._taken(self.slack.event(event, endpoint=endpoint, **options))

    def said(self, sent: SentEvent) -> list[str]:
        """What came of it, once it is over."""
        return [message.shown for message in sent.wait(SECONDS)]

    def executions(self, sent: SentEvent) -> list[Execution]:
        """What it started of the app's handlers."""
        return [execution for execution in self.cloud.executions_of(sent) if "_Handlers_" in execution.arn]

    def controls(self) -> Message:
        """A message with controls of the app's own."""
        sent = self.slack.send("/controls", endpoint=HERE)
        return next(message for message in sent.wait(SECONDS) if message.controls)

    def audit_lines(self, name: str) -> list[dict[str, Any]]:
        """Those about one execution's name, in the audit logs."""
        logs = self.cloud.server.client("logs")
        groups = (
            self._stack.resource(id)
            for id, one in self._stack.template["Resources"].items()
            if one["Type"] == "AWS::Logs::LogGroup" and "AuditLog" in id
        )
        lines = [
            json.loads(event["message"])
            for group in groups
            for event in logs.filter_log_events(logGroupName=group)["events"]
        ]
        return [line for line in lines if line["id"] == name]

    @contextmanager
    def switched_off(self, reason: str) -> Iterator[None]:
        """Inside, the first endpoint's off-switch is off."""
        (name,) = (name for name in self._stack.resources("AWS::SSM::Parameter") if "_Slack_" in name)
        self._switch(name, f"off {reason}")
        try:
            yield
        finally:
            self._switch(name, "on")

    def _switch(self, name: str, value: str) -> None:
        self.cloud.server.client("ssm").put_parameter(Name=name, Value=value, Overwrite=True)
        self.cloud.advance(by=NEXT_READING)

    def dead_letters(self) -> list[Any]:
        """What is in the dead-letter queues."""
        queues = self._stack.resources("AWS::SQS::Queue")
        return [letter for queue in queues for letter in self.cloud.server.messages(queue)]

    def logged(self, outcome: str) -> list[dict[str, Any]]:
        """The lines of dispatch about requests with one outcome."""
        found = [json.loads(line.message) for line in self.cloud.server.function_logs() if '"request"' in line.message]
        return [line for line in found if line.get("event") == "request" and line["outcome"] == outcome]

    def _taken(self, sent: SentEvent) -> SentEvent:
        assert sent.ack.ok, sent.ack
        assert sent.ack.body == b""
        assert len(sent.deliveries) == 1
        return sent
