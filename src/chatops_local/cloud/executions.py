"""Which executions of the app's state machines a request of Slack started, and how they ended."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server
    from chatops_local.slack import SentClick, SentCommand, SentEvent, SentInteraction

Sent: TypeAlias = "SentCommand | SentClick | SentEvent | SentInteraction"

STATE_MACHINE = "AWS::StepFunctions::StateMachine"

REPORT_GRACE_SECONDS = 5.0
"""How long after an execution's end a message about it may still come: a failure is reported by an event rule."""


@dataclass(frozen=True)
class Execution:
    """One execution."""

    arn: str
    status: str
    """`RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`."""
    error: str = ""
    cause: str = field(default="", repr=False)
    ended_at: float | None = None
    """Unix time by this machine's clock; `None` while it runs."""


class Executions:
    """The executions of all deployed state machines, by the response_url in their input, or else by their name."""

    def __init__(self, server: Server, *, visibility_lag: float = 0.0) -> None:
        """Know no state machine yet; wait `visibility_lag` seconds for an execution to show up in lists."""
        self._server = server
        self._visibility_lag = visibility_lag
        self._state_machines: dict[str, None] = {}
        self._response_urls: dict[str, str | None] = {}

    def watch(self, stack: DeployedStack) -> None:
        """Look at the state machines of `stack` from now on."""
        self._state_machines.update(dict.fromkeys(stack.resources(STATE_MACHINE)))

    def of(self, sent: Sent) -> list[Execution]:
        """The executions that a command, a click, an event, a shortcut or a modal started, as they are now."""
        found = self._known_of(sent)
        if not found:
            self._look_for_new_ones()
            found = self._known_of(sent)
        return [self._describe(arn) for arn in found]

    def are_over(self, sent: SentCommand) -> bool:
        """Whether nothing more is to come for `sent`.

        That is: Slack did not accept the ack; or the ack says something and no execution was started; or every
        execution has ended and a message came after the ack, or none within a few seconds.
        """
        if not sent.ack.ok:
            return True
        executions = self.of(sent)
        if not executions:
            return bool(sent.messages) and time.time() - sent.sent_at >= self._visibility_lag
        ends = [execution.ended_at for execution in executions]
        return all(end is not None and (sent.is_answered or time.time() - end > REPORT_GRACE_SECONDS) for end in ends)

    def have_ended(self, click: SentClick) -> bool:
        """Whether whatever a click started has ended: who decides, and a command that it ran."""
        executions = self.of(click)
        if not executions:
            return not click.ack.ok or time.time() - click.sent_at >= self._visibility_lag
        return all(execution.ended_at is not None for execution in executions)

    def are_over_for(self, sent: SentEvent | SentInteraction) -> bool:
        """Whether nothing more is to come of an event, a shortcut or a modal.

        That is: every execution has ended, and one that failed has been told of, or not within a few seconds; or there
        is none, and none will show up.
        """
        executions = self.of(sent)
        if not executions:
            return time.time() - sent.sent_at >= self._visibility_lag
        return all(
            each.ended_at is not None
            and (each.status == "SUCCEEDED" or sent.is_answered or time.time() - each.ended_at > REPORT_GRACE_SECONDS)
            for each in executions
        )

    def _known_of(self, sent: Sent) -> list[str]:
        # What an execution starts or leaves behind, such as a line of the audit, may have its name, but not its input.
        if sent.response_url:
            return [arn for arn, url in self._response_urls.items() if url == sent.response_url]
        return [arn for arn in self._response_urls if arn.rpartition(":")[2] == sent.execution_name]

    def _look_for_new_ones(self) -> None:
        for state_machine in self._state_machines:
            for execution in self._server.executions(state_machine):
                if execution.arn not in self._response_urls:
                    self._response_urls[execution.arn] = _response_url(execution.input)

    def _describe(self, arn: str) -> Execution:
        region = arn.split(":")[3]
        answer = self._server.client("stepfunctions", region).describe_execution(executionArn=arn)
        is_over = answer["status"] != "RUNNING"
        ended = answer["stopDate"].timestamp() - self._server.clock_shift if is_over else None
        return Execution(arn, answer["status"], answer.get("error") or "", answer.get("cause") or "", ended)


def _response_url(given: str) -> str | None:
    try:
        url = json.loads(given)["response_url"]
    except (KeyError, TypeError, ValueError):
        return None
    return str(url)
