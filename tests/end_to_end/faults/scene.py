"""One row's place: a user and a channel of its own, in which one command is typed while something goes wrong."""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chatops_local.slack.sent_command import Ack
from chatops_runtime.contracts import audit
from tests.end_to_end.faults.functions_and_parameters import function_name
from tests.end_to_end.faults.observation import Observation
from tests.end_to_end.faults.outcome import Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.cloud import LocalCloud
    from chatops_local.slack import Fault, HttpAnswer, SignedRequest
    from tests.end_to_end.faults.outcome import Outcome

PLAIN = "A0PLAIN1"
"""The app without a bot token."""
BOT = "A0BOT001"
"""The app with one."""

_SECONDS = 60.0
_ASK_AGAIN_SECONDS = 0.05


class Scene:
    """A user and a channel, and the command that is typed there.

    Args:
        cloud: the app, deployed.
        number: of the scene; the ids are made of it.
    """

    request: SignedRequest
    observation: Observation

    def __init__(self, cloud: LocalCloud, number: int) -> None:
        self.cloud = cloud
        self.user = f"U0SCENE{number:03}"
        self.channel = f"C0SCENE{number:03}"
        self.direct_messages = "D" + self.user[1:]
        self._endpoint = PLAIN
        self._answers: list[Seen] = []

    def slack_fails(self, method: str, fault: Fault, *, times: int = 1, after: int = 0) -> None:
        """Let calls of Slack go wrong, as far as they concern this user or channel."""
        concerned = frozenset({self.user, self.channel, self.direct_messages})
        self.cloud.slack.faults.inject(method, fault, times=times, after=after, among=concerned)

    def run(self, line: str, *, endpoint: str = PLAIN) -> Outcome:
        """Type a command and wait until it is over."""
        self.type(line, endpoint=endpoint)
        return self.ending()

    def type(self, line: str, *, endpoint: str = PLAIN, seconds_ago: int = 0) -> HttpAnswer:
        """Type a command; the user sees of the endpoint's answer what Slack shows."""
        self.prepare(line, endpoint=endpoint, seconds_ago=seconds_ago)
        return self.deliver()

    def prepare(self, line: str, *, endpoint: str = PLAIN, seconds_ago: int = 0) -> None:
        """Type a command that is not delivered yet."""
        slack = self.cloud.slack
        body = slack.form(line, user=self.user, channel=self.channel, endpoint=endpoint)
        signed_at = int(self.cloud.clock.timestamp()) - seconds_ago
        self.request = slack.sign(body, slack.workspace.endpoint(endpoint).app, timestamp=str(signed_at))
        self._endpoint = endpoint
        self.observation = Observation(self.cloud, _command_id(body), user=self.user, channel=self.channel)

    def deliver(self) -> HttpAnswer:
        """Deliver the request, or deliver it again."""
        answer = self.cloud.slack.deliver(self.request, endpoint=self._endpoint)
        self._answers += _shown(Ack.judge(answer))
        return answer

    def ending(self) -> Outcome:
        """Wait until the command is over; what came of it."""
        self.wait_until(self.observation.is_over)
        return self.outcome()

    def outcome(self) -> Outcome:
        """What has come of the command so far."""
        return self.observation.outcome(self._answers)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until it is true.

        Raises:
            AssertionError: It does not become true.
        """
        deadline = time.monotonic() + _SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"not so after {_SECONDS:g} s: {self.outcome()}"
            time.sleep(_ASK_AGAIN_SECONDS)

    def wait_until_waiting(self) -> None:
        """Wait until the execution waits for Slack to take the result."""
        self.wait_until(lambda: any(self._waits(each.arn) for each in self.observation.executions()))

    def _waits(self, execution_arn: str) -> bool:
        events = self.cloud.server.execution_history(execution_arn)
        return bool(events[-1]["type"] == "WaitStateEntered")

    def wait_until_audited(self, outcome: str) -> None:
        """Wait until the audit log has a line with that outcome."""
        self.wait_until(lambda: (audit.EVENT, outcome) in map(_event, self.observation.log_lines()))

    @contextmanager
    def held_script(self) -> Iterator[None]:
        """Let scripts not come to their end before the block does."""
        hold = self.cloud.server.directory / "instances" / self.cloud.instances["one-1"] / "hold"
        hold.touch()
        try:
            yield
        finally:
            hold.unlink()

    def execution_arn(self) -> str:
        """The command's execution."""
        (arn,) = (execution.arn for execution in self.observation.executions())
        return arn

    def function(self, construct: str) -> str:
        """The name of a function, by the path of its construct without slashes."""
        return function_name(self.cloud, construct)


def _command_id(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _event(line: dict[str, Any]) -> tuple[str, str | None]:
    return line["event"], line.get("outcome")


def _shown(ack: Ack) -> list[Seen]:
    if not ack.ok:
        return [Seen("the user", f"Slack says: failed with the error `{ack.error}`", is_ack=True)]
    in_channel = ack.payload.get("response_type") == "in_channel"
    return [Seen("the channel" if in_channel else "the user", ack.text, is_ack=True)] if ack.text else []
