"""One row's place for a scheduled bot: a channel of its own, in which it speaks while something goes wrong."""

from __future__ import annotations

import hashlib
import json
import re
import time
from typing import TYPE_CHECKING

from chatops_runtime.contracts import bot_post
from tests.end_to_end.faults.functions_and_parameters import function_name
from tests.end_to_end.faults.observation import DEAD_LETTER, RESULT, logged, parsed_line
from tests.end_to_end.faults.outcome import Kept, Outcome, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import LocalCloud
    from chatops_local.server.observations import Execution
    from chatops_local.slack import Fault

FAILURES = "C0FAILED"
MAIL = "by mail"

_ALARM = "alarm `dead_letter_alarm`"
# When it was started differs from run to run.
_WHEN = re.compile(r"(scheduled for|started by hand) [^·\n]*(?= ·)")
_BOLD = re.compile(r"\*([^*\n]+)\*")
_SECONDS = 60.0
_ASK_AGAIN_SECONDS = 0.05


class BotScene:
    """A channel, and the bot that speaks there.

    Args:
        cloud: the app, deployed.
        number: of the scene; the ids are made of it.
    """

    def __init__(self, cloud: LocalCloud, number: int) -> None:
        self.cloud = cloud
        self.channel = f"C0BOTS{number:03}"
        # As long as the ids of commands, and as different from each other.
        self.id = hashlib.sha256(self.channel.encode()).hexdigest()
        self._machine = ""

    def slack_fails(self, fault: Fault, *, times: int = 1) -> None:
        """Let posting to the bot's channel go wrong."""
        self.cloud.slack.faults.inject("chat.postMessage", fault, times=times, among=frozenset({self.channel}))

    def run(self, bot: str = "Herald") -> Outcome:
        """Have a bot speak in the channel, as somebody does by hand, and wait until it is over."""
        self.start(bot)
        return self.ending()

    def start(self, bot: str = "Herald") -> str:
        """Have a bot speak; the execution's ARN."""
        (self._machine,) = (arn for arn in self._machines() if f"_{bot}_Machine_" in arn)
        started = self.cloud.server.client("stepfunctions").start_execution(
            stateMachineArn=self._machine, name=self.id, input=json.dumps({"channel_id": self.channel})
        )
        return str(started["executionArn"])

    def delivered(self, times: int, bot: str = "Herald") -> Outcome:
        """Have the bot's time come, and be delivered several times."""
        tick = self.cloud.tick(bot, times=times)
        tick.wait(_SECONDS)
        (run,) = tick.runs
        self.id, self.channel, self._machine = run.name, "C0HERALD", run.state_machine_arn
        return self.ending()

    def ending(self) -> Outcome:
        """Wait until nothing runs that has to do with it; what came of it."""
        deadline = time.monotonic() + _SECONDS
        while any(each.status == "RUNNING" for each in self._about()):
            assert time.monotonic() < deadline, f"it is not over after {_SECONDS:g} s"
            time.sleep(_ASK_AGAIN_SECONDS)
        seen, shows = tuple(self._seen()), list(self._shows())
        return Outcome(self.id, "U0NOBODY", self.channel, seen, self._runs(), _kept(seen, shows), tuple(shows))

    def ending_that_is_told(self) -> Outcome:
        """What came of it, once another execution has told of its ending."""
        deadline = time.monotonic() + _SECONDS
        while len(self._about()) < 2:
            assert time.monotonic() < deadline, f"nobody tells of it after {_SECONDS:g} s"
            time.sleep(_ASK_AGAIN_SECONDS)
        return self.ending()

    def function(self, construct: str) -> str:
        """The name of a function, by the id of its construct."""
        return function_name(self.cloud, construct)

    def wait_until_waiting(self, execution_arn: str) -> None:
        """Wait until the execution waits for Slack."""
        deadline = time.monotonic() + _SECONDS
        while self.cloud.server.execution_history(execution_arn)[-1]["type"] != "WaitStateEntered":
            assert time.monotonic() < deadline, f"it does not wait after {_SECONDS:g} s"
            time.sleep(_ASK_AGAIN_SECONDS)

    def _machines(self) -> list[str]:
        found = self.cloud.server.client("stepfunctions").list_state_machines()["stateMachines"]
        return [machine["stateMachineArn"] for machine in found]

    def _about(self) -> list[Execution]:
        return [each for each in self.cloud.server.executions(self._machine) if self.id in each.name + each.input]

    def _seen(self) -> Iterator[Seen]:
        for message in self.cloud.slack.messages:
            if message.channel == self.channel:
                yield Seen("the channel", message.shown)
            elif message.channel == FAILURES and self.id in message.text:
                yield Seen("the failure channel", _BOLD.sub(r"\1", _WHEN.sub(r"\1 …", message.shown)))
        for publication in self.cloud.server.published():
            if self.id in publication.text("sqs"):
                yield Seen(MAIL, publication.subject)

    def _runs(self) -> int:
        return sum(f"RAN {self.id}" in line.message for line in self.cloud.server.function_logs())

    def _shows(self) -> Iterator[str]:
        for execution in self._about():
            if execution.name == self.id:
                yield f"execution `{execution.status}`{f' `{execution.error}`' if execution.error else ''}"
        parsed = map(parsed_line, (line.message for line in self.cloud.server.function_logs()))
        lines = [line for line in parsed if line.get("id") == self.id]
        yield from logged(lines)
        counted = [name for name in (bot_post.POSTED, bot_post.NOT_POSTED) if any(name in line for line in lines)]
        yield from (f"metric `{name}`" for name in counted)
        states = self.cloud.server.evaluate_alarms()
        if any(state == "ALARM" and "DeadLetterAlarm" in name for name, state in states.items()):
            yield _ALARM
        queues = self.cloud.server.client("sqs").list_queues().get("QueueUrls", [])
        if any(self.id in message.body for queue in queues for message in self.cloud.server.messages(queue)):
            yield DEAD_LETTER


def _kept(seen: tuple[Seen, ...], shows: list[str]) -> Kept:
    if any(each.by == "the channel" and RESULT.search(each.text) for each in seen):
        return Kept.RESULT
    if {DEAD_LETTER, _ALARM} <= set(shows):
        return Kept.DEAD_LETTER
    return Kept.TOLD if seen else Kept.LOST
