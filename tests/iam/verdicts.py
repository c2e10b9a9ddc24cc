"""What came of the trials of an app's permissions."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.iam.everything import EVERYTHING
from tests.iam.laboratory import Laboratory
from tests.iam.matching import Matcher
from tests.iam.permissions import atoms_in
from tests.iam.trial import Told, killed_by, told

if TYPE_CHECKING:
    from tests.iam.permissions import Permission
    from tests.iam.statements import Atom

KILLED, ELSEWHERE, SURVIVOR = "killed", "proven elsewhere", "survivor"


@dataclass(frozen=True)
class Verdict:
    """What came of the trial of one permission.

    Args:
        permission: which.
        outcome: whether it is shown to be needed.
        why: the story in which somebody was denied it; or where it is proven; or why it is a survivor.
    """

    permission: Permission
    outcome: str
    why: str


@dataclass(frozen=True)
class Report:
    """The verdicts about one app."""

    app: str
    verdicts: tuple[Verdict, ...]
    seconds: float

    def count(self, outcome: str) -> int:
        """How many permissions had an outcome."""
        return sum(verdict.outcome == outcome for verdict in self.verdicts)


def tried(name: str) -> Report:
    """Try every permission of an app, by its name.

    Raises:
        NotGreenError: a story goes wrong with all permissions, so that nothing it shows would mean anything.
    """
    (app,) = (one for one in EVERYTHING if one.name == name)
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="chatops-iam-") as folder,
        Laboratory(app, app.synthesise(Path(folder))) as laboratory,
    ):
        stories = [told(laboratory, story) for story in app.stories]
        verdicts = tuple(
            _verdict(laboratory, permission, atom, stories)
            for stack in list(laboratory.stacks.values())
            for permission, atom in atoms_in(stack.name, stack.template)
        )
    return Report(app.name, verdicts, time.monotonic() - begun)


def _verdict(laboratory: Laboratory, permission: Permission, atom: Atom, stories: list[Told]) -> Verdict:
    elsewhere = next((one for one in laboratory.app.elsewhere if one.covers(permission)), None)
    if elsewhere is not None:
        return Verdict(permission, ELSEWHERE, f"{elsewhere.reason} ({elsewhere.proof})")
    matcher = Matcher.of(permission, atom, laboratory.stacks[permission.stack])
    killer = killed_by(laboratory, permission, matcher, stories)
    if killer is not None:
        return Verdict(permission, KILLED, killer.name)
    using = [one.story.name for one in stories if one.uses(matcher)]
    if not using:
        return Verdict(permission, SURVIVOR, "no story uses it")
    return Verdict(permission, SURVIVOR, f"nobody was denied it in: {'; '.join(using)}")


def summary(reports: list[Report]) -> str:
    """The line that says it all."""
    counts = Counter(verdict.outcome for report in reports for verdict in report.verdicts)
    return (
        f"{sum(counts.values())} permissions, {counts[KILLED]} killed, {counts[ELSEWHERE]} proven elsewhere, "
        f"{counts[SURVIVOR]} survivors"
    )
