"""What came of the trials of an app's permissions."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_local.server.assembly import read_stacks
from tests.iam.apps import ACCOUNT
from tests.iam.canaries import sung
from tests.iam.elsewhere import CDKS_OWN
from tests.iam.everything import EVERYTHING
from tests.iam.laboratory import Laboratory
from tests.iam.matching import Matcher
from tests.iam.permissions import atoms_in, permissions_in
from tests.iam.trial import Told, killed_by, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server import DeployedStack
    from tests.iam.apps import App
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
    """What came of the trials of one app.

    Args:
        app: its name.
        verdicts: about each of its permissions.
        canaries: how many questions its roles were asked.
        problems: which of them were answered wrongly.
        seconds: what all that took.
    """

    app: str
    verdicts: tuple[Verdict, ...]
    canaries: int
    problems: tuple[str, ...]
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
        # Before the first trial: on another cloud everything has other names.
        permissions = [
            (permission, atom, _using(permission, atom, stack, stories))
            for stack in laboratory.stacks.values()
            for permission, atom in atoms_in(stack.name, stack.template)
        ]
        verdicts = tuple(_verdict(laboratory, *one) for one in permissions)
        verdicts += tuple(_left_out(laboratory, {permission for permission, *_ in permissions}))
        canaries, problems = sung(laboratory, ignoring=CDKS_OWN)
    return Report(app.name, verdicts, canaries, tuple(problems), time.monotonic() - begun)


def _left_out(laboratory: Laboratory, deployed: set[Permission]) -> Iterator[Verdict]:
    """About what the templates permit as they are synthesised, and that cannot be there on one machine."""
    app = laboratory.app
    for stack in read_stacks(laboratory.assembly, account=ACCOUNT, region=app.region):
        for permission in permissions_in(stack.name, stack.template):
            if permission not in deployed:
                yield _elsewhere(app, permission) or Verdict(permission, SURVIVOR, "it is left out here")


def _elsewhere(app: App, permission: Permission) -> Verdict | None:
    one = next((one for one in app.elsewhere if one.covers(permission)), None)
    return None if one is None else Verdict(permission, ELSEWHERE, f"{one.reason} ({one.proof})")


def _using(permission: Permission, atom: Atom, stack: DeployedStack, stories: list[Told]) -> list[Told]:
    matcher = Matcher.of(permission, atom, stack)
    return [one for one in stories if one.uses(matcher)]


def _verdict(laboratory: Laboratory, permission: Permission, atom: Atom, using: list[Told]) -> Verdict:
    elsewhere = _elsewhere(laboratory.app, permission)
    if elsewhere is not None:
        return elsewhere
    killer = killed_by(laboratory, permission, atom, using)
    if killer is not None:
        return Verdict(permission, KILLED, killer.name)
    if not using:
        return Verdict(permission, SURVIVOR, "no story uses it")
    return Verdict(permission, SURVIVOR, f"nobody was denied it in: {'; '.join(one.story.name for one in using)}")


def summary(reports: list[Report]) -> str:
    """The line that says it all."""
    counts = Counter(verdict.outcome for report in reports for verdict in report.verdicts)
    return (
        f"{sum(counts.values())} permissions, {counts[KILLED]} killed, {counts[ELSEWHERE]} proven elsewhere, "
        f"{counts[SURVIVOR]} survivors"
    )
