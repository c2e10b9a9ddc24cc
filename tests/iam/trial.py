"""The trial of a permission: it is taken, stories that use it are told, and somebody has to be denied just that."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.iam.matching import Matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from chatops_local.server.observations import Decision
    from tests.iam.apps import Story
    from tests.iam.laboratory import Laboratory
    from tests.iam.permissions import Permission
    from tests.iam.statements import Atom

_LOOK_AGAIN_SECONDS = 0.02
_STORY_SECONDS = 90.0
_CLOUDS = 2
# What comes by itself after the end of a story: a poller's next look, a log line.
_AFTERMATH_SECONDS = 2.0


@dataclass(frozen=True)
class Told:
    """A story that was told with all permissions."""

    story: Story
    seconds: float
    decisions: tuple[Decision, ...]

    def uses(self, matcher: Matcher) -> bool:
        """Whether somebody was allowed what a permission is about."""
        return any(decision.allowed and matcher.matches(decision) for decision in self.decisions)


class NotGreenError(AssertionError):
    """A story goes wrong with all permissions."""


def told(laboratory: Laboratory, story: Story) -> Told:
    """Tell a story with all permissions.

    Raises:
        NotGreenError: it goes wrong, or somebody is denied what the story does not deny.
    """
    laboratory.start_functions_anew()
    laboratory.wait_until_quiet()
    since, begun = laboratory.latest_decision(), time.monotonic()
    try:
        story.tell(laboratory)
        laboratory.wait_until_quiet()
    except Exception as error:
        raise NotGreenError(f"{laboratory.app.name}, {story.name}: {type(error).__name__}: {error}") from error
    seconds = time.monotonic() - begun
    laboratory.restore()
    laboratory.app.tidy(laboratory)
    decisions = tuple(laboratory.decisions(since))
    denied = {one.action for one in decisions if not one.allowed} - set(story.denies)
    if denied:
        raise NotGreenError(f"{laboratory.app.name}, {story.name}: denied with all permissions: {sorted(denied)}")
    return Told(story, seconds, decisions)


def killed_by(laboratory: Laboratory, permission: Permission, atom: Atom, using: Sequence[Told]) -> Story | None:
    """The story in which somebody was denied just what was taken; None if that happened in none.

    A story goes wrong now and then on a busy machine: before that is taken for an answer, all are told on a new cloud.

    Args:
        laboratory: the app.
        permission: what is taken.
        atom: the statement that gives it.
        using: the stories in which somebody needed it.
    """
    by_cost = sorted(using, key=lambda one: one.seconds)
    for _ in range(_CLOUDS if using else 0):
        for one in by_cost:
            if _is_denied(laboratory, permission, atom, one.story):
                return one.story
        laboratory.start_anew()
    return None


def _is_denied(laboratory: Laboratory, permission: Permission, atom: Atom, story: Story) -> bool:
    matcher = Matcher.of(permission, atom, laboratory.stacks[permission.stack])
    since = laboratory.latest_decision()

    def is_observed() -> bool:
        return any(not one.allowed and matcher.matches(one) for one in laboratory.decisions(since))

    observed = False
    try:
        with ThreadPoolExecutor(max_workers=1) as executor:
            with laboratory.without(permission):
                telling = executor.submit(story.tell, laboratory)
                observed = _until(is_observed, telling)
            # With the permission back, what is tried again succeeds: the story soon ends in one way or the other.
            laboratory.is_cut_short.set()
            telling.exception(timeout=_STORY_SECONDS)
            laboratory.is_cut_short.clear()
        laboratory.wait_until_quiet()
        laboratory.app.tidy(laboratory)
    except Exception:  # noqa: BLE001 - whatever a story that was cut short has left behind
        observed = observed or is_observed()
        laboratory.start_anew()
    return observed


def _until(is_observed: Callable[[], bool], telling: Future[None]) -> bool:
    ended: float | None = None
    while True:
        if is_observed():
            return True
        if telling.done():
            ended = ended or time.monotonic()
            if time.monotonic() - ended > _AFTERMATH_SECONDS:
                return False
        time.sleep(_LOOK_AGAIN_SECONDS)
