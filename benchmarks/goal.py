"""A goal, and whether it was met."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Goal:
    """One goal, evaluated.

    Attributes:
        name: What was to be shown.
        limit: What was allowed.
        found: What was found: the worst, where there are several.
        met: Whether that is within the limit.
    """

    name: str
    limit: str
    found: str
    met: bool

    def to_json(self) -> dict[str, object]:
        """As it stands in the results."""
        return asdict(self)
