"""A line of a log."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatops_runtime.log_search.error_lines import is_error

LONGEST = 4_000
"""Characters of a line that are kept. The end of a longer one says how much was cut off."""


@dataclass(frozen=True, order=True)
class Line:
    """A line that was found.

    Lines are in order of time; of the same millisecond, in the order in which they were found in their group.

    Attributes:
        at: Milliseconds since 1970.
        group: The index of its log group.
        text: What it says.
        is_error: Whether it tells of an error.
    """

    at: int
    group: int = field(compare=False)
    text: str = field(compare=False)
    is_error: bool = field(compare=False)

    @classmethod
    def found(cls, at: int, group: int, text: str) -> Line:
        """One that has just been found."""
        # A line that ends in the middle of a character pair could not be written as JSON in UTF-8.
        text = text.rstrip("\n").encode("utf-8", "replace").decode("utf-8")
        kept = text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text) - LONGEST:,} more characters)"
        return cls(at, group, kept, is_error(text))
