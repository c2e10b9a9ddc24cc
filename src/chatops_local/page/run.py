"""What somebody did on the page, a command, a mention or a click, and everything that is known about how it goes."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from chatops_local.cloud.invocations import Invocation, invocations_for
from chatops_local.page.calls import belongs, calls_in
from chatops_local.page.states import WAITING, states_in
from chatops_local.slack import ACK_LIMIT_MS
from chatops_local.slack.sent_command import OPERATION_TIMEOUT

if TYPE_CHECKING:
    from chatops_local.cloud import Execution, LocalCloud
    from chatops_local.page.construct_paths import ConstructPaths
    from chatops_local.server.observations import Decision
    from chatops_local.slack import ClickAck, EventAck, SentClick, SentCommand, SentEvent
    from chatops_local.slack.sent_command import Ack

NOTHING_STARTED_SECONDS = 10.0
"""A command that has started nothing by then will not."""

LATE_SECONDS = ACK_LIMIT_MS / 1000 + 0.1
"""A tenth of a second later than Slack, so that an answer in time is never called late."""
_SETTLED_SECONDS = 0.5
"""What is logged after the end is still counted among the calls of a command."""
_OUTPUT = 4_000

Json = dict[str, Any]


class Run:
    """One command, mention or click. `send` does it; `refresh` looks how it goes.

    Attributes:
        key: Its number.
        typed: What was typed, or the label in brackets.
        user: By whom.
        channel: Where.
        app: The name of the app that it is for.
        began: When it was typed, Unix time.
        sent: What came of it; `None` as long as there is no ack.
        over: When it was over; `None` if it is not.
        refusal: Why it could not be sent, if it could not.
        problems: What went wrong with it.
        is_click: Whether it is a click that runs no command.
        settled: Whether nothing about it will change any more: it was looked at a while after its end.
    """

    def __init__(self, number: int, typed: str, user: str, channel: str, app: str) -> None:
        """Prepare what is done; a subclass says how."""
        self.key = str(number)
        self.typed = typed
        self.user = user
        self.channel = channel
        self.app = app
        self.is_click = False
        self.began = time.time()
        self.sent: SentCommand | SentClick | SentEvent | None = None
        self.over: float | None = None
        self.refusal = ""
        self.problems: list[str] = []
        self.settled = False
        self._decisions: list[Decision] = []
        self._executions: list[Json] = []
        self._instances: list[Json] = []
        self._calls: list[Json] = []

    def send(self, cloud: LocalCloud) -> threading.Thread:
        """Do it, without waiting for the ack."""
        thread = threading.Thread(target=self._send, args=(cloud,), daemon=True, name=f"run-{self.key}")
        thread.start()
        return thread

    @property
    def error(self) -> str:
        """What Slack tells the user instead of an answer; empty if it does not."""
        if self.sent is not None:
            return self.sent.ack.error or ""
        late = time.time() - self.began > LATE_SECONDS
        return self.refusal or (OPERATION_TIMEOUT if late else "")

    def refresh(self, cloud: LocalCloud, paths: ConstructPaths, decisions: list[Decision]) -> None:
        """Look how it goes.

        Args:
            cloud: Where it runs.
            paths: How roles and policies are called.
            decisions: What has been decided since the last look.
        """
        settling = self.over is not None and time.time() - self.over > _SETTLED_SECONDS
        self._look(cloud, paths, decisions)
        self.settled = settling

    def _look(self, cloud: LocalCloud, paths: ConstructPaths, decisions: list[Decision]) -> None:
        self._decisions += decisions
        if self.refusal:
            self.over = self.over or time.time()
        if self.sent is None:
            return
        executions = cloud.executions_of(self.sent)
        names = [execution.arn.rpartition(":")[2] for execution in executions]
        self._executions = [_execution(each, cloud, paths) for each in executions]
        if names:
            self._instances = [_instance(each) for each in invocations_for(names, cloud.server.client("ssm"))]
        self._note_end(cloud, executions)
        until = None if self.over is None else self.over + _SETTLED_SECONDS
        ours = [each for each in self._decisions if belongs(each, names, self.began, until)]
        self._calls = [call.as_json() for call in calls_in(ours, paths)]

    def as_json(self) -> Json:
        """For the browser."""
        return {
            "typed": self.typed,
            "click": self.is_click,
            "user": self.user,
            "channel": self.channel,
            "began": self.began,
            "over": self.over,
            "status": self._status(),
            "ack": self._ack(),
            "executions": self._executions,
            "instances": self._instances,
            "calls": self._calls,
            "problems": self.problems,
            "answers": sum(message.via == "response_url" for message in self.sent.messages) if self.sent else 0,
        }

    def _send(self, cloud: LocalCloud) -> None:
        try:
            self.sent = self._sent_by(cloud)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the page has to show it
            self.refusal = f"{type(error).__name__}: {error}"

    def _sent_by(self, cloud: LocalCloud) -> SentCommand | SentClick | SentEvent:
        """Do it, and wait for the ack."""
        raise NotImplementedError

    def _is_over(self, cloud: LocalCloud) -> bool:
        """Whether nothing more is to come; asked when every execution has ended."""
        raise NotImplementedError

    def _problems(self, cloud: LocalCloud, executions: list[Execution]) -> list[str]:
        """What went wrong; asked once, when it is over."""
        raise NotImplementedError

    def _note_end(self, cloud: LocalCloud, executions: list[Execution]) -> None:
        sent = self.sent
        if sent is None or self.over is not None:
            return
        if any(execution.ended_at is None for execution in executions):
            # Also when Slack has given up on it: what a late ack was for goes on.
            return
        nothing_started = not executions and time.time() - sent.sent_at > NOTHING_STARTED_SECONDS
        if nothing_started or self._is_over(cloud):
            self.problems = self._problems(cloud, executions)
            self.over = time.time()

    def _status(self) -> str:
        if self.over is not None:
            return "failed" if self.problems or self.error else "succeeded"
        if self.error or self.sent is None:
            return "failed" if self.error else "sending"
        states = [state for execution in self._executions for state in execution["states"]]
        return WAITING if any(state["status"] == WAITING for state in states) else "running"

    def _ack(self) -> Json | None:
        if self.sent is None:
            return {"ms": None, "error": self.error, "problem": ""} if self.error else None
        ack: Ack | ClickAck | EventAck = self.sent.ack
        return {"ms": round(ack.ms), "error": ack.error or "", "problem": ack.problem}


def _execution(execution: Execution, cloud: LocalCloud, paths: ConstructPaths) -> Json:
    machine, name = execution.arn.rsplit(":", 2)[1:]
    return {
        "machine": paths.of(machine),
        "name": name,
        "status": execution.status,
        "error": execution.error,
        "cause": execution.cause,
        "ended": execution.ended_at,
        "states": [state.as_json() for state in states_in(cloud.server.execution_history(execution.arn))],
    }


def _instance(invocation: Invocation) -> Json:
    return {
        "command": invocation.command_id,
        "name": invocation.instance_name,
        "id": invocation.instance_id,
        "status": invocation.status,
        "exit_code": invocation.exit_code,
        "output": invocation.output[:_OUTPUT],
    }
