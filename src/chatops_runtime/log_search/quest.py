"""What one pass of a search is after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatops_runtime.log_search.term import Term
    from chatops_runtime.log_search.window import Window


@dataclass(frozen=True)
class Quest:
    """A term within a window.

    Attributes:
        term: The term.
        window: The window.
        known: Lines that hold this were found before.
    """

    term: Term
    window: Window
    known: Term | None = None

    def takes(self, at: int, message: str) -> bool:
        """Whether it is after this line."""
        if not (self.window.since <= at <= self.window.until and self.term.matches(message)):
            return False
        return self.known is None or not self.known.matches(message)
