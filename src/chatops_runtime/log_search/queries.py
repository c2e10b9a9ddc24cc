"""A search with Logs Insights, fifty groups a query.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from chatops_runtime.log_search.line import Line
from chatops_runtime.log_search.patience import OutOfTimeError, RefusedError, call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.log_search.patience import Patience
    from chatops_runtime.log_search.quest import Quest
    from chatops_runtime.log_search.searched_group import Group
    from chatops_runtime.log_search.term import Term

GROUPS_OF_A_QUERY = 50
MOST_ROWS = 10_000
"""Of one answer of GetQueryResults; the newest, as the query asks for them."""

SECONDS_BETWEEN_LOOKS = 0.5

_UNDER_WAY = frozenset({"Scheduled", "Running"})
_COMPLETE = "Complete"
_REFUSALS_OF_ONE = frozenset({"ResourceNotFoundException", "AccessDeniedException"})
"""Of a whole query because of one of its groups; which one is not said."""


@dataclass
class Query:
    """A query that was started.

    Attributes:
        id: Its id.
        groups: What it searches.
    """

    id: str
    groups: Sequence[Group]


def query_string(term: Term) -> str:
    """The query, as the console shows it too."""
    return (
        f"fields @timestamp, @log, @message\n| filter {term.insights_condition}\n"
        f"| sort @timestamp desc\n| limit {MOST_ROWS}"
    )


class Queries:
    """The queries of one search.

    Attributes:
        started: Those that are under way.
        beyond: How many lines were found beyond those that Logs Insights hands out.
    """

    def __init__(self, client: Any, quest: Quest, patience: Patience) -> None:  # noqa: ANN401 - boto3's have no type
        """None yet.

        Args:
            client: Of CloudWatch Logs.
            quest: What is searched for.
            patience: How long there is.
        """
        self._client = client
        self._quest = quest
        self._patience = patience
        self.started: list[Query] = []
        self.beyond = 0

    def start(self, groups: Sequence[Group]) -> None:
        """Start as many queries as `groups` need; one that cannot be read does not keep the others from being."""
        for first in range(0, len(groups), GROUPS_OF_A_QUERY):
            self._start(groups[first : first + GROUPS_OF_A_QUERY])

    def follow(self) -> None:
        """Wait for their ends, for as long as there is time, and take their lines."""
        while self.started and not self._patience.is_over:
            self.started = [query for query in self.started if not self._look(query)]
            if self.started:
                self._patience.pause(SECONDS_BETWEEN_LOOKS)

    def preview(self) -> list[Line]:
        """Lines that queries under way have found so far, without taking them."""
        lines: list[Line] = []
        for query in self.started:
            try:
                answer = call(self._client.get_query_results, queryId=query.id)
            except RefusedError:  # what is not said now is said in the end
                continue
            lines += [line for line, _ in self._lines(answer["results"], query.groups)]
        return lines

    def stop(self) -> None:
        """End those that are under way: each goes on for an hour otherwise, and is paid for."""
        for query in self.started:
            # It may just have ended by itself.
            with suppress(RefusedError):
                call(self._client.stop_query, queryId=query.id)

    def _start(self, groups: Sequence[Group]) -> None:
        window = self._quest.window
        try:
            answer = self._patience.call(
                self._client.start_query,
                logGroupNames=[group.name for group in groups],
                queryString=query_string(self._quest.term),
                # Whole seconds, both included: of their lines, the quest takes those in its window.
                startTime=window.since // 1000,
                endTime=-(-window.until // 1000),
                limit=MOST_ROWS,
            )
        except OutOfTimeError:
            return
        except RefusedError as refused:
            if len(groups) > 1 and refused.code in _REFUSALS_OF_ONE:
                half = len(groups) // 2
                self._start(groups[:half])
                self._start(groups[half:])
            else:
                _fail(groups, refused.why)
        else:
            self.started.append(Query(answer["queryId"], groups))

    def _look(self, query: Query) -> bool:
        """Whether there is nothing more to wait for."""
        try:
            answer = self._patience.call(self._client.get_query_results, queryId=query.id)
        except OutOfTimeError:
            return False
        except RefusedError as refused:
            _fail(query.groups, refused.why)
            return True
        if answer["status"] in _UNDER_WAY:
            return False
        if answer["status"] != _COMPLETE:
            _fail(query.groups, f"Logs Insights ended the query: {answer['status']}")
            return True
        for line, group in self._lines(answer["results"], query.groups):
            group.add(line)
        rows = len(answer["results"])
        if rows >= MOST_ROWS:
            self.beyond += max(int(answer["statistics"]["recordsMatched"]) - rows, 0)
        for group in query.groups:
            group.is_finished = True
        return True

    def _lines(self, rows: list[list[dict[str, str]]], groups: Sequence[Group]) -> list[tuple[Line, Group]]:
        """The lines of a query's rows, the oldest first."""
        by_name = {group.name: group for group in groups}
        found = []
        for row in reversed(rows):
            fields = {cell["field"]: cell["value"] for cell in row}
            # `@log` is the account's id, a colon and the group's name:
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
            group = by_name.get(fields["@log"].rpartition(":")[2])
            at = _milliseconds(fields["@timestamp"])
            if group is not None and self._quest.takes(at, fields["@message"]):
                found.append((Line.found(at, group.index, fields["@message"]), group))
        return found


def _milliseconds(timestamp: str) -> int:
    """`2026-11-22 10:00:00.123`, in UTC."""
    moment = datetime.fromisoformat(timestamp).replace(tzinfo=timezone.utc)
    return round(moment.timestamp() * 1000)


def _fail(groups: Sequence[Group], problem: str) -> None:
    for group in groups:
        group.problem = problem
