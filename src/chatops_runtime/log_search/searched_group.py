"""A log group, what was found in it, and how far the search in it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatops_runtime.contracts.log_search import SearchedGroup
    from chatops_runtime.log_search.line import Line

MOST_LINES = 500
"""Lines of one group that are kept, and so many that tell of errors: the newest. The others are counted."""


@dataclass
class Group:
    """One log group.

    Attributes:
        index: Its place among the groups that are searched.
        name: Its name.
        label: What people call it.
        found: How many lines were found.
        errors: How many of them tell of an error.
        token: Where FilterLogEvents goes on, of a search that is on its way.
        is_finished: Whether it was searched to the end.
        problem: Why it cannot be searched, in words; empty if it can.
    """

    index: int
    name: str
    label: str
    found: int = 0
    errors: int = 0
    token: str | None = None
    is_finished: bool = False
    problem: str = ""
    _kept: dict[bool, list[tuple[Line, int]]] = field(default_factory=lambda: {False: [], True: []})

    def add(self, line: Line) -> None:
        """Count a line that was found, and keep it unless there are enough that are newer."""
        self.found += 1
        self.errors += line.is_error
        self._keep(line, self.found)

    def keep(self, lines: list[Line]) -> None:
        """Keep lines that were counted before."""
        for number, line in enumerate(lines):
            self._keep(line, number - len(lines))

    @property
    def lines(self) -> list[Line]:
        """The lines that are kept, in order of time; of the same millisecond, as they were found."""
        return [line for line, _ in sorted([*self._kept[False], *self._kept[True]])]

    @property
    def is_open(self) -> bool:
        """Whether there is more to search."""
        return not (self.is_finished or self.problem)

    def to_cursor(self) -> dict[str, Any]:
        """All but its name, its label and the lines, for another invocation."""
        return {
            "found": self.found,
            "errors": self.errors,
            "token": self.token,
            "finished": self.is_finished,
            "problem": self.problem,
        }

    def go_on(self, cursor: dict[str, Any]) -> None:
        """Be where an earlier invocation was."""
        self.found, self.errors, self.token = cursor["found"], cursor["errors"], cursor["token"]
        self.is_finished, self.problem = cursor["finished"], cursor["problem"]

    def search_again(self) -> None:
        """From its beginning, for something else."""
        self.token, self.is_finished = None, False

    def to_result(self, shown: int) -> SearchedGroup:
        """What the result says of it; `shown` is how many of its lines that has."""
        return {
            "name": self.name,
            "label": self.label,
            "found": self.found,
            "errors": self.errors,
            "left_out": self.found - shown,
            "finished": self.is_finished,
            "problem": self.problem,
        }

    def _keep(self, line: Line, number: int) -> None:
        kept = self._kept[line.is_error]
        if len(kept) < MOST_LINES:
            heappush(kept, (line, number))
        else:
            heappushpop(kept, (line, number))
