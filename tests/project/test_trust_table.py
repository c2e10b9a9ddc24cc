"""docs/trust.md says what the marks of the tests say, and nothing in it is without its canaries."""

from __future__ import annotations

import pytest

from chatops_local.server.guard.policies import CHECKED_ACTIONS
from tests.local.trust.canaries import ROOT, Canary, collected
from tests.local.trust.table import page


@pytest.fixture(scope="module")
def canaries() -> list[Canary]:
    return collected()


def test_the_page_is_what_the_marks_say(canaries: list[Canary]) -> None:
    text = (ROOT / "docs" / "trust.md").read_text("utf-8")
    assert text == page(canaries), "run python -m tests.local.trust"


def test_every_behaviour_has_canaries_both_ways(canaries: list[Canary]) -> None:
    kinds: dict[str, set[str]] = {}
    for canary in canaries:
        kinds.setdefault(canary.behaviour, set()).add(canary.canary)
    assert {behaviour: found for behaviour, found in kinds.items() if found != {"allow", "deny"}} == {}
    assert len(kinds) > 20


@pytest.mark.parametrize("kind", ["allow", "deny"])
def test_every_action_that_is_admitted_has_its_canary(canaries: list[Canary], kind: str) -> None:
    shown = {action for canary in canaries if canary.canary == kind for action in canary.actions}
    assert shown == CHECKED_ACTIONS
