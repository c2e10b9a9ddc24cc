"""Takes the outcome of each test, and holds it against the page; or writes the page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.end_to_end.faults.outcome import Kept
from tests.end_to_end.faults.page import PAGE, page, row, rows_on_the_page

if TYPE_CHECKING:
    from tests.end_to_end.faults.outcome import Outcome

WRITING = "WRITE_FAULT_MATRIX"


class Recorder:
    """For one test.

    Args:
        cause: what goes wrong in it.
    """

    def __init__(self, cause: str) -> None:
        self._cause = cause

    def __call__(self, outcome: Outcome) -> None:
        """Take what came of it."""
        assert outcome.kept is not Kept.LOST, f"{self._cause}: nobody would know what became of it: {outcome}"
        rows = rows_on_the_page()
        line = row(self._cause, outcome)
        if os.environ.get(WRITING):
            PAGE.write_text(page({**rows, self._cause: line}), encoding="utf-8")
        else:
            assert rows.get(self._cause) == line, "python -m tests.end_to_end.faults writes the page"
