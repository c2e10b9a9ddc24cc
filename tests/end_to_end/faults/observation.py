"""What has happened to one command: read from Slack, the instances, the logs and Step Functions."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import audit, endpoint_metrics
from tests.end_to_end.faults.outcome import Kept, Outcome, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import LocalCloud
    from chatops_local.server.observations import Execution
    from chatops_local.slack import Message

DEAD_LETTER = "a message in the dead-letter queue"
UNDELIVERED = "alarm `undelivered`"
RESULT = re.compile(r"the result of a (script|function)")

_METRICS = (endpoint_metrics.REFUSED, endpoint_metrics.SUCCEEDED, endpoint_metrics.FAILED)
_ALARM = re.compile(r"-(?:Plain|Bot)Alarms(?P<id>\w+?)[0-9A-F]{8}-")
_OF_THE_MACHINE = "AckTime"
"""The alarm on slow answers, which depends on the machine that the tests run on."""


class Observation:
    """What has happened to one command or event, and since it was typed.

    Args:
        cloud: where.
        id: the command's id, or the event's.
        user: who typed it; every row of the matrix has a user and a channel of its own.
        channel: where.
    """

    def __init__(self, cloud: LocalCloud, id: str, *, user: str, channel: str) -> None:
        self._cloud = cloud
        self._user = user
        self._channel = channel
        self.id = id
        self._earlier = {text for text, _ in self._lines()}

    def outcome(self, answers: list[Seen]) -> Outcome:
        """All of it.

        Args:
            answers: what the user saw of the answers to the request.
        """
        seen = (*answers, *map(_seen, self.messages()))
        lines = self.log_lines()
        shows = [*self._executions(), *_audited(lines), *logged(lines), *_counted(lines), *self._alarms()]
        if self._is_dead_letter():
            shows.append(DEAD_LETTER)
        return Outcome(self.id, self._user, self._channel, seen, self.runs(), _kept(seen, shows), tuple(shows))

    def messages(self) -> list[Message]:
        """What was posted where the command was typed, or to who typed it; without the answers to the request."""
        places = {self._channel, "D" + self._user[1:]}
        return [each for each in self._cloud.slack.messages if each.channel in places and each.via != "ack"]

    def runs(self) -> int:
        """How often the script or the function ran."""
        runs = self._cloud.server.directory.glob("instances/*/runs")
        scripts = sum(path.read_text("utf-8").split().count(self.id) for path in runs)
        functions = sum(f"RAN {self.id}" in line.message for line in self._cloud.server.function_logs())
        return scripts + functions

    def log_lines(self) -> list[dict[str, Any]]:
        """Lines of JSON about the command; and about nothing that is known, since it was typed."""
        return [
            line
            for text, line in self._lines()
            if line.get("id") == self.id or ("id" not in line and text not in self._earlier)
        ]

    def executions(self) -> list[Execution]:
        """The executions of its own machine, not of one that tells of it: at most one is what is promised."""
        own = {"response_url", "event_id"}
        return [each for each in self._about() if each.name == self.id and own & json.loads(each.input).keys()]

    def is_over(self) -> bool:
        """Whether nothing runs that has to do with the command: neither its execution nor one that tells of it."""
        return all(each.status != "RUNNING" for each in self._about())

    def _about(self) -> list[Execution]:
        machines = self._cloud.server.client("stepfunctions").list_state_machines()["stateMachines"]
        found = [each for machine in machines for each in self._cloud.server.executions(machine["stateMachineArn"])]
        return [each for each in found if self.id in each.name or self.id in each.input]

    def _executions(self) -> list[str]:
        found = [(each.status, each.error) for each in self.executions()]
        return [f"execution `{status}`{f' `{error}`' if error else ''}" for status, error in found] or ["no execution"]

    def _lines(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for line in self._cloud.server.function_logs():
            parsed = parsed_line(line.message)
            if "event" in parsed:
                yield line.message, parsed

    def _alarms(self) -> Iterator[str]:
        states = self._cloud.server.evaluate_alarms()
        found = (_ALARM.search(name) for name, state in states.items() if state == "ALARM")
        ids = sorted(match["id"] for match in found if match and match["id"] != _OF_THE_MACHINE)
        return (f"alarm `{_snake_case(each)}`" for each in ids)

    def _is_dead_letter(self) -> bool:
        queues = self._cloud.server.client("sqs").list_queues().get("QueueUrls", [])
        return any(self.id in message.body for queue in queues for message in self._cloud.server.messages(queue))


def _kept(seen: tuple[Seen, ...], shows: list[str]) -> Kept:
    if any(RESULT.search(each.text) for each in seen):
        return Kept.RESULT
    if {DEAD_LETTER, UNDELIVERED} <= set(shows):
        return Kept.DEAD_LETTER
    told = [each for each in seen if not (each.is_ack and each.text.startswith("Running "))]
    return Kept.TOLD if told else Kept.LOST


def _seen(message: Message) -> Seen:
    if message.ephemeral or message.channel[0] == "D":
        return Seen("the user", message.shown)
    return Seen("the thread" if message.thread_ts else "the channel", message.shown)


def parsed_line(text: str) -> dict[str, Any]:
    """The object that a line of a log is; empty if it is none."""
    if not text.startswith("{"):
        return {}
    try:
        line: dict[str, Any] = json.loads(text)
    except ValueError:
        return {}
    return line


def _audited(lines: list[dict[str, Any]]) -> list[str]:
    return [f"audit line `{line['outcome']}`" for line in lines if line["event"] == audit.EVENT]


def logged(lines: list[dict[str, Any]]) -> list[str]:
    """Warnings and errors, each once."""
    found = [line for line in lines if line.get("level") in ("WARN", "ERROR")]
    return list(dict.fromkeys(f"log: {line['level']} `{line['event']}`{_why(line)}" for line in found))


def _why(line: dict[str, Any]) -> str:
    why = [str(line[name]) for name in ("outcome", "error", "detail") if line.get(name)]
    return "".join(f", `{each}`" for each in dict.fromkeys(why))


def _counted(lines: list[dict[str, Any]]) -> list[str]:
    """The metrics that say how it went."""
    counted = [f"`{name}`" for name in _METRICS if any(name in line and "_aws" in line for line in lines)]
    return [f"metric {' and '.join(counted)}"] if counted else []


def _snake_case(text: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", text).lower()
