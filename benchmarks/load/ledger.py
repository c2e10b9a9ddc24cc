"""After the load: every execution, every piece of work and every message, against the commands that were typed."""

from __future__ import annotations

import json
import re
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from benchmarks.soak.tally import Fate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.load.command import Command
    from benchmarks.load.results_of_commands import ResultsOfCommands
    from benchmarks.load.tally import Tally
    from chatops_local.cloud import LocalCloud
    from chatops_local.server import DeployedStack, Execution

ENDING_SECONDS = 120.0
"""For what is under way at the end."""
QUIET_SECONDS = 5.0
"""After all of that: what comes twice may come late."""
SIGNATURES = "signatures"
"""The file in which the script of `app` leaves its trace."""

_STATE_MACHINE = "AWS::StepFunctions::StateMachine"
_NOTED = re.compile(r"noted ([0-9a-f]{64})")
_LOOK_EVERY_SECONDS = 2.0


class Ledger:
    """The accounts of one local cloud."""

    def __init__(self, cloud: LocalCloud, stack: DeployedStack, results: ResultsOfCommands) -> None:
        """Of a stack of `app`, and of what Slack has shown."""
        self._cloud = cloud
        self._stack = stack
        self._results = results

    def wait(self) -> None:
        """Until everything is over and nothing more comes, or has taken too long: what is missing is counted."""
        deadline = time.monotonic() + ENDING_SECONDS
        while not self._is_over() and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY_SECONDS)
        time.sleep(QUIET_SECONDS)

    def settle(self, tally: Tally) -> None:
        """Count what came of each command, and what came of nothing."""
        statuses = self._statuses(tally)
        worked = Counter([*self._notes(), *self._signatures()])
        for command in self._results.commands:
            fate = _fate(command, statuses.pop(command.name, ()), worked.pop(command.name, 0))
            if command.accepted or fate.statuses or fate.worked or fate.results:
                tally.settle(fate)
            else:
                # Its answer, which is counted as wrong, said that it could not be started; and it was not.
                tally.accounts["not started"] += 1
            for result in command.results:
                if command.result not in result:
                    tally.astray(f"the result of {command.typed.command} {command.text}: {result!r}")
        strays = [
            *(f"{len(started)} executions of a request that was refused: {name}" for name, started in statuses.items()),
            *(f"work done {times} times for a request that was refused: {name}" for name, times in worked.items()),
            *(f"in Slack: {message}" for message in [*self._results.unasked, *self._cloud.slack.notes]),
        ]
        for stray in strays:
            tally.astray(stray)

    def _statuses(self, tally: Tally) -> dict[str, tuple[str, ...]]:
        """How the executions of commands ended, by their names; those of other machines are counted at once."""
        found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        for execution in self._executions():
            if _is_of_command(execution):
                found[execution.name] += (execution.status,)
            else:
                tally.accounts["other executions"] += 1
                if execution.status != "SUCCEEDED":
                    tally.astray(f"{execution.arn} is {execution.status}: {execution.error}")
        return found

    def _is_over(self) -> bool:
        answered = [command for command in self._results.commands if command.accepted]
        return all(command.results for command in answered) and not any(
            execution.status == "RUNNING" for execution in self._executions()
        )

    def _executions(self) -> Iterator[Execution]:
        for state_machine in self._stack.resources(_STATE_MACHINE):
            yield from self._cloud.server.executions(state_machine)

    def _notes(self) -> Iterator[str]:
        """By whom the function was run."""
        pages = self._cloud.server.client("logs").get_paginator("filter_log_events")
        for page in pages.paginate(logGroupName=self._stack.outputs["NotesLog"], filterPattern="noted"):
            for event in page["events"]:
                yield from _NOTED.findall(event["message"])

    def _signatures(self) -> Iterator[str]:
        """By whom the script was run, on all instances."""
        for instance in self._cloud.server.instances():
            trace = instance.path / SIGNATURES
            if trace.exists():
                yield from trace.read_text("utf-8").split()


def _is_of_command(execution: Execution) -> bool:
    """Whether it is the execution of a command that was typed: its input is the request."""
    given = json.loads(execution.input or "{}")
    return isinstance(given, dict) and "command" in given and "response_url" in given


def _fate(command: Command, statuses: tuple[str, ...], worked: int) -> Fate:
    return Fate(
        name=f"{command.typed.command} {command.text}",
        first=False,
        runs=True,
        ack_error="",
        statuses=statuses,
        results=len(command.results),
        told=True,
        worked=worked,
    )
