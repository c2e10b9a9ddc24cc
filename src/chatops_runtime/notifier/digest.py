"""Many notices in one message: a line for everything that they are about, worst first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.slack import text_budget

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chatops_runtime.notifier.notice import Notice

MOST_LINES = 40
"""More would not be read."""

MOST_STATES = 12
"""More than there are, but a published text can claim to be an alarm in any state."""

_FOR_THE_OTHERS = 600


@dataclass(frozen=True)
class Group:
    """The notices about one thing, in the order in which they were published."""

    notices: tuple[Notice, ...]

    @property
    def line(self) -> str:
        """The latest notice's line; if there are more, how many."""
        told = self.notices[-1].line
        if len(self.notices) == 1:
            return told
        return f"{told} (the latest of {len(self.notices)}: {count(self.notices)})"

    @property
    def rank(self) -> tuple[int, int, float]:
        """By the worst that happened, then by how it is now, then by when."""
        latest = self.notices[-1]
        return min(notice.severity for notice in self.notices), latest.severity, latest.at


def render(notices: Sequence[Notice]) -> str:
    """A heading that counts all, a line for each group, and a count of what there is no room for."""
    groups = sorted(_groups(notices), key=lambda group: group.rank)
    heading = f"*{len(notices)} notices*, worst first: {count(notices)}"
    lines = [heading]
    room = text_budget.MESSAGE - text_budget.units(heading) - _FOR_THE_OTHERS
    for group in groups[:MOST_LINES]:
        room -= text_budget.units(f"\n{group.line}")
        if room < 0:
            break
        lines.append(group.line)
    others = [notice for group in groups[len(lines) - 1 :] for notice in group.notices]
    if others:
        lines.append(f"… and {len(others)} more: {count(others)}")
    return "\n".join(lines)


def count(notices: Iterable[Notice]) -> str:
    """How many of each state, worst first: `3 ALARM, 2 failed, 7 OK`."""
    counted = Counter((notice.severity, notice.state) for notice in notices)
    told = [f"{number} {state}" for (_, state), number in sorted(counted.items())]
    left = sum(number for _, number in sorted(counted.items())[MOST_STATES:])
    return ", ".join([*told[:MOST_STATES], *([f"{left} in other states"] if left else [])])


def _groups(notices: Sequence[Notice]) -> list[Group]:
    by_what: dict[tuple[str, str], list[Notice]] = {}
    for notice in sorted(notices, key=lambda notice: notice.at):
        by_what.setdefault(notice.about, []).append(notice)
    return [Group(tuple(group)) for group in by_what.values()]
