"""A search: all groups at once, and then once more for the keys that stand in what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import log_search as contract
from chatops_runtime.log_search import filtering, sizes, timeline
from chatops_runtime.log_search.console_link import link
from chatops_runtime.log_search.correlation import keys_in
from chatops_runtime.log_search.line import Line
from chatops_runtime.log_search.queries import GROUPS_OF_A_QUERY, Queries, Query, query_string
from chatops_runtime.log_search.quest import Quest
from chatops_runtime.log_search.searched_group import Group
from chatops_runtime.log_search.term import Term
from chatops_runtime.log_search.window import Window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops_runtime.contracts.log_search import LogSearchResult
    from chatops_runtime.log_search.patience import Patience

ROOM = 120_000
"""Bytes for lines in an answer. Step Functions hands on 256 KB: these, and what is said of each group."""

ROOM_IN_A_CURSOR = 80_000
"""Bytes for lines that another invocation is handed. Beside them stand the first lines, and a token for each group."""

ROOM_FOR_FIRST_LINES = 8_000
"""Bytes, while the search goes on: one message has no room for more."""


class Search:
    """One search, of which an invocation does as much as it has time for.

    Attributes:
        groups: The groups that are searched.
        keys: What was followed from the lines found; None before it was looked for.
    """

    def __init__(self, event: Mapping[str, Any], client: Any, patience: Patience, window: Window) -> None:  # noqa: ANN401
        """Where an earlier invocation left it, or at its beginning.

        Args:
            event: The function's.
            client: Of CloudWatch Logs.
            patience: How long there is.
            window: From when until when.
        """
        wanted = event["arguments"].get(contract.GROUP)
        chosen = [group for group in event["groups"] if wanted in (None, group["label"])]
        self.groups = [Group(index, group["name"], group["label"]) for index, group in enumerate(chosen)]
        self.keys: list[str] | None = None
        self._typed = str(event["arguments"][contract.TERM])
        self._first = Quest(Term.typed(self._typed), window)
        self._quest = self._first
        self._correlation: Sequence[str] = event["correlation"]
        self._above: Mapping[str, int] = event["insights_above"]
        self._client = client
        self._patience = patience
        self._by_query: frozenset[int] | None = None
        self._running: list[Query] = []
        self._beyond = 0

    def go_on(self, cursor: Mapping[str, Any]) -> None:
        """Be where an earlier invocation was, as `cursor` says."""
        for group, progress in zip(self.groups, cursor["groups"], strict=True):
            group.go_on(progress)
            group.keep([line for line in map(_line, cursor["lines"]) if line.group == group.index])
        self._by_query = frozenset(cursor["by_query"])
        self._running = [Query(one["id"], [self.groups[index] for index in one["groups"]]) for one in cursor["queries"]]
        self._beyond = cursor["beyond"]
        self.keys = cursor["keys"]
        if self.keys:
            self._quest = self._second(self.keys, Window(*cursor["near"]))

    def run(self) -> None:
        """Search for as long as there is time."""
        if self._by_query is None:
            self._by_query = self._for_insights()
        self._pass()
        if self.is_over and self.keys is None:
            lines = self._lines
            self.keys = keys_in(lines, self._correlation, self._first.term)
            if self.keys:
                self._quest = self._second(self.keys, self._first.window.around(lines[0].at, lines[-1].at))
                for group in self.groups:
                    group.search_again()
                self._pass()

    @property
    def is_over(self) -> bool:
        """Whether every group was searched to its end, or cannot be."""
        return not any(group.is_open for group in self.groups)

    def cursor(self) -> dict[str, Any]:
        """For another invocation."""
        lines, _ = timeline.shown(self._lines, ROOM_IN_A_CURSOR)
        return {
            "since": self._first.window.since,
            "until": self._first.window.until,
            "keys": self.keys,
            "near": [self._quest.window.since, self._quest.window.until],
            "groups": [group.to_cursor() for group in self.groups],
            "lines": lines,
            "by_query": sorted(self._by_query or ()),
            "queries": [{"id": query.id, "groups": [group.index for group in query.groups]} for query in self._running],
            "beyond": self._beyond,
        }

    def stop(self) -> None:
        """End what goes on without an invocation."""
        self._queries().stop()

    def result(self) -> LogSearchResult:
        """What was found."""
        return self._result(self._lines, ROOM, over=True)

    def first_lines(self) -> LogSearchResult:
        """What was found so far."""
        lines = timeline.merged([self._lines, self._queries().preview()])
        return self._result(lines, ROOM_FOR_FIRST_LINES, over=False)

    def _pass(self) -> None:
        by_query = [group for group in self.groups if group.index in (self._by_query or ()) and group.is_open]
        queries = self._queries()
        under_way = {group.index for query in queries.started for group in query.groups}
        queries.start([group for group in by_query if group.index not in under_way])
        others = [group for group in self.groups if group not in by_query]
        filtering.search(self._client, others, self._quest, self._patience)
        queries.follow()
        self._running, self._beyond = queries.started, queries.beyond

    def _queries(self) -> Queries:
        queries = Queries(self._client, self._quest, self._patience)
        queries.started, queries.beyond = self._running, self._beyond
        return queries

    def _for_insights(self) -> frozenset[int]:
        """The groups that Logs Insights searches: all of many, and else those with much to read."""
        if len(self.groups) > self._above["groups"]:
            return frozenset(group.index for group in self.groups)
        found = sizes.in_window(self._client, [group.name for group in self.groups], self._first.window)
        return frozenset(group.index for group in self.groups if found.get(group.name, 0) > self._above["bytes"])

    def _second(self, keys: Sequence[str], window: Window) -> Quest:
        return Quest(Term(tuple(keys)), window, known=self._first.term)

    @property
    def _lines(self) -> list[Line]:
        return timeline.merged(group.lines for group in self.groups)

    def _result(self, lines: Sequence[Line], room: int, *, over: bool) -> LogSearchResult:
        shown, left_out = timeline.shown(lines, room)
        counts = [0] * len(self.groups)
        for line in shown:
            counts[line["group"]] += 1
        return {
            "kind": contract.KIND,
            "ok": any(not group.problem for group in self.groups),
            "term": self._first.term.texts[0],
            "keys": self.keys or [],
            "since": self._first.window.since,
            "until": self._first.window.until,
            "over": over,
            "problem": "",
            "lines": shown,
            "left_out": left_out,
            "groups": [group.to_result(counts[group.index]) for group in self.groups],
            "beyond": self._beyond,
            "link": self._link(),
        }

    def _link(self) -> str:
        term = Term((*self._first.term.texts, *(self.keys or ())))
        with_lines = [group.name for group in self.groups if group.found]
        readable = [group.name for group in self.groups if not group.problem]
        region = self._client.meta.region_name
        return link(region, (with_lines or readable)[:GROUPS_OF_A_QUERY], query_string(term), self._first.window)


def _line(line: Mapping[str, Any]) -> Line:
    return Line(line["at"], line["group"], line["text"], is_error=line.get("error", False))
