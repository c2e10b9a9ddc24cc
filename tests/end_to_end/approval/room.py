"""What people see and do in the channels of the app of this folder."""

from __future__ import annotations

import itertools
import json
import time
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, urlencode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.cloud import LocalCloud
    from chatops_local.server import DeployedStack
    from chatops_local.slack import Message, SentClick, SentCommand

T = TypeVar("T")

SECONDS = 60.0
HERE = "A0APPR01"
NEXT_DOOR = "A0NEXT01"
CHANNEL = "C0APPROVE"

ADA, BEN, EVE = "U0ADA", "U0BEN", "U0EVE"
ADMINS = (ADA, BEN)


class Room:
    """The app, deployed, and the people who use it.

    Attributes:
        cloud: Where it is.
        stacks: What is deployed, by name.
    """

    def __init__(self, cloud: LocalCloud, stacks: dict[str, DeployedStack]) -> None:
        self.cloud = cloud
        self.stacks = stacks
        self._numbers = itertools.count(1)

    def someone(self) -> str:
        """Somebody who has done nothing yet."""
        return f"U0SOME{next(self._numbers):03}"

    def type(self, line: str, user: str = "", *, endpoint: str = HERE) -> SentCommand:
        """Type a command, as somebody new by default."""
        sent = self.cloud.slack.send(line, user=user or self.someone(), endpoint=endpoint)
        assert sent.ack.ok, sent.ack
        return sent

    def click(self, message: Message, control: str, user: str, **options: Any) -> SentClick:
        """Click, and see that it is acknowledged and handled."""
        sent = self.start_click(message, control, user, **options)
        sent.wait(SECONDS)
        return sent

    def start_click(self, message: Message, control: str, user: str, **options: Any) -> SentClick:
        """Click, and see that it is acknowledged."""
        sent = self.cloud.slack.click(message, control, user=user, **options)
        assert sent.ack.ok, sent.ack
        return sent

    def told(self, click: SentClick) -> str:
        """What who clicked was told, and nobody else."""
        (message,) = click.messages
        assert message.user == click.user_id
        return message.shown

    def forge(self, click: SentClick, *, user: str, value: str = "") -> str:
        """What `user` is told who sends a click again as their own, or with another value: Slack would not let them."""
        payload = json.loads(parse_qs(click.request.body.decode())["payload"][0])
        payload["user"]["id"] = user
        payload["actions"][0]["value"] = value or payload["actions"][0]["value"]
        body = urlencode({"payload": json.dumps(payload)}).encode()
        before = len(click.messages)
        slack = self.cloud.slack
        app = slack.workspace.endpoint(click.endpoint).app
        assert slack.deliver(slack.sign(body, app), endpoint=click.endpoint).status == 200
        return self.until(lambda: click.messages[before:])[0].shown

    def token(self, sent: SentCommand) -> str:
        """With which the command's execution has waited, in its newest wait."""
        called = [event["taskScheduledEventDetails"] for event in self.history(sent, "TaskScheduled")]
        waits = [json.loads(each["parameters"]) for each in called if each["resource"] == "invoke.waitForTaskToken"]
        return str(waits[-1]["Payload"]["token"])

    def name(self, sent: SentCommand) -> str:
        """Of the command's execution, once it is there."""
        (execution,) = self.until(lambda: self.cloud.executions_of(sent))
        return execution.arn.rpartition(":")[2]

    def status(self, sent: SentCommand) -> str:
        """Of the command's execution: `RUNNING`, or with its error how it ended."""
        (execution,) = self.cloud.executions_of(sent)
        return f"{execution.status} {execution.error}".strip()

    def card(self, sent: SentCommand) -> Message:
        """The card of the command's approval, once it waits for an answer."""
        return self._with_control(sent, "chatops.approve")

    def question(self, sent: SentCommand, control: str = "chatops.submit") -> Message:
        """What the user is asked."""
        message = self._with_control(sent, control)
        assert message.user == sent.command.user_id
        return message

    def shown(self, message: Message, words: str) -> Message:
        """The message as it is now, once it has these words."""

        def now() -> Message | None:
            seen = self.cloud.slack.now(message)
            return seen if words in seen.shown else None

        return self.until(now)

    def result(self, sent: SentCommand) -> str:
        """What the command came to, once it has."""
        return "\n".join(message.shown for message in sent.wait(SECONDS))

    def history(self, sent: SentCommand, event_type: str) -> list[dict[str, Any]]:
        """The events of a type of the command's execution."""
        (execution,) = self.cloud.executions_of(sent)
        return [event for event in self.cloud.server.execution_history(execution.arn) if event["type"] == event_type]

    def home(self, instance: str) -> Path:
        """The home directory of scripts on an instance."""
        return self.cloud.server.directory / "instances" / self.cloud.instances[instance]

    @property
    def decide(self) -> str:
        """The name of the function that decides."""
        resources = self.stacks["Approvals"].template["Resources"]
        (found,) = (
            logical_id
            for logical_id, resource in resources.items()
            if resource["Type"] == "AWS::Lambda::Function" and "Decide" in logical_id
        )
        return self.stacks["Approvals"].resource(found)

    def answers(self, sent: SentCommand) -> list[dict[str, Any]]:
        """What the questions of the command's execution were answered."""
        closed = [event["taskSucceededEventDetails"] for event in self.history(sent, "TaskSucceeded")]
        return [json.loads(each["output"]) for each in closed if each["resource"] == "invoke.waitForTaskToken"]

    def until(self, look: Callable[[], T | None]) -> T:
        """What is seen once it is anything.

        Raises:
            AssertionError: It is nothing for too long.
        """
        deadline = time.monotonic() + SECONDS
        while not (seen := look()):
            assert time.monotonic() < deadline, "it is not seen"
            time.sleep(0.05)
        return seen

    def _with_control(self, sent: SentCommand, action_id: str) -> Message:
        name = self.name(sent)
        return self.cloud.slack.wait_for(
            lambda message: any(
                control.action_id == action_id and name in control.element["value"] for control in message.controls
            ),
            SECONDS,
        )
