"""One time line of all that was found, and which of its lines are shown when there are too many.

A transaction is understood from its errors and from what stands around them; after those, what is newest counts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chatops_runtime.contracts.log_search import FoundLine
    from chatops_runtime.log_search.line import Line

LINES_AROUND = 2
"""On each side of an error."""

ERRORS_SHARE = 0.6
"""Of the room: what is left belongs to lines around the errors, and to the newest."""


def merged(groups: Iterable[Sequence[Line]]) -> list[Line]:
    """All lines in order of time; of the same millisecond, group by group, and in each as they were found."""
    return sorted(line for lines in groups for line in lines)


def chosen(lines: Sequence[Line], room: int) -> list[int]:
    """The indices of the lines for which there is room, in order.

    Args:
        lines: The time line.
        room: How many bytes they may take as JSON.
    """
    costs = [len(json.dumps(rendered(line))) + 2 for line in lines]
    if sum(costs) <= room:
        return list(range(len(lines)))
    taken: set[int] = set()
    spent = 0
    for index, limit in _by_importance(lines, room):
        if index not in taken and spent + costs[index] <= limit:
            taken.add(index)
            spent += costs[index]
    return sorted(taken)


def rendered(line: Line) -> FoundLine:
    """The line as the contract has it."""
    found: FoundLine = {"at": line.at, "group": line.group, "text": line.text}
    if line.is_error:
        found["error"] = True
    return found


def shown(lines: Sequence[Line], room: int) -> tuple[list[FoundLine], int]:
    """The lines for which there is room, each with how many were left out in front of it; and how many behind."""
    result: list[FoundLine] = []
    next_index = 0
    for index in chosen(lines, room):
        line = rendered(lines[index])
        if index > next_index:
            line["left_out"] = index - next_index
        result.append(line)
        next_index = index + 1
    return result, len(lines) - next_index


def _by_importance(lines: Sequence[Line], room: int) -> Iterator[tuple[int, float]]:
    """Indices, each with how much of the room may be taken then; some of them twice."""
    newest_first = range(len(lines) - 1, -1, -1)
    errors = [index for index in newest_first if lines[index].is_error]
    yield from ((index, room * ERRORS_SHARE) for index in errors)
    for index in errors:
        first, last = max(index - LINES_AROUND, 0), min(index + LINES_AROUND, len(lines) - 1)
        yield from ((near, room) for near in range(first, last + 1))
    yield from ((index, room) for index in newest_first)
