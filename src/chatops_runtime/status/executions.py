"""The executions of an endpoint's commands, as Step Functions lists and describes them.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html: eventually consistent, so a
command of a moment ago may be missing, and one that has just ended may still be running there.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.status import MOST_SHOWN
from chatops_runtime.status.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from chatops_runtime.contracts.commands_table import CommandEntry

RUNNING = "RUNNING"

_AT_ONCE = 8
# So many of a machine, and one more, which tells that there are more.
_MOST_OF_A_MACHINE = MOST_SHOWN + 1
# Behind the state that was entered last there are the events of its own task only.
_NEWEST_EVENTS = 20


@dataclass(frozen=True)
class Found:
    """Runs, the newest first.

    Attributes:
        runs: As many as are shown.
        more: Whether there are older ones.
    """

    runs: list[Run]
    more: bool


class Executions:
    """The executions of some commands."""

    def __init__(self, client: Any, machines: str) -> None:  # noqa: ANN401 - boto3's clients have no type
        """With boto3's client and the beginning of every machine's ARN, `arn:…:stateMachine:`."""
        self._client = client
        self._machines = machines

    def running(self, commands: Mapping[str, CommandEntry], *, but: str) -> Found:
        """Those that have not ended, but for the one of this name."""
        return self._newest(commands, lambda item: item["name"] != but, statusFilter=RUNNING)

    def latest(self, commands: Mapping[str, CommandEntry], *, but: str, since: datetime | None) -> Found:
        """The latest ones, but for the one of this name; those that began before `since` are left out."""
        return self._newest(commands, lambda item: item["name"] != but and (not since or item["startDate"] >= since))

    def _newest(
        self, commands: Mapping[str, CommandEntry], wanted: Callable[[Mapping[str, Any]], bool], **options: str
    ) -> Found:
        def of_command(name: str) -> list[tuple[str, Mapping[str, Any]]]:
            listed = filter(wanted, self._listed(commands[name]["machine"], **options))
            return [(name, item) for item in islice(listed, _MOST_OF_A_MACHINE)]

        def seen(found: tuple[str, Mapping[str, Any]]) -> Run:
            name, item = found
            return self._seen(name, commands[name], item)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            everything = [each for of_one in pool.map(of_command, commands) for each in of_one]
            everything.sort(key=lambda found: found[1]["startDate"], reverse=True)
            return Found(list(pool.map(seen, everything[:MOST_SHOWN])), len(everything) > MOST_SHOWN)

    def _listed(self, machine: str, **options: str) -> Iterator[Mapping[str, Any]]:
        """The newest first; one page has enough, unless AWS gives less than was asked for."""
        paginator = self._client.get_paginator("list_executions")
        pages: Iterable[Mapping[str, Any]] = paginator.paginate(
            stateMachineArn=f"{self._machines}{machine}",
            # What is asked for itself may be among them.
            PaginationConfig={"PageSize": _MOST_OF_A_MACHINE + 1, "MaxItems": _MOST_OF_A_MACHINE + 1},
            **options,
        )
        for page in pages:
            yield from page["executions"]

    def _seen(self, command: str, entry: CommandEntry, item: Mapping[str, Any]) -> Run:
        described = self._client.describe_execution(executionArn=item["executionArn"])
        asks = "approval" in entry or "confirms" in entry
        return Run(
            command=command,
            name=item["name"],
            request=json.loads(described["input"]),
            status=described["status"],
            began=item["startDate"],
            ended=described.get("stopDate"),
            error=described.get("error", ""),
            cause=described.get("cause", ""),
            state=self._state(item["executionArn"]) if asks and described["status"] == RUNNING else "",
        )

    def _state(self, execution: str) -> str:
        """The name of the state that was entered last. What it was given is not asked for: there are tokens in that."""
        newest = self._client.get_execution_history(
            executionArn=execution, reverseOrder=True, maxResults=_NEWEST_EVENTS, includeExecutionData=False
        )["events"]
        return next((event["stateEnteredEventDetails"]["name"] for event in newest if _is_entry(event)), "")


def _is_entry(event: Mapping[str, Any]) -> bool:
    return bool(event["type"].endswith("StateEntered"))
