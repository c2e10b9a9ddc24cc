"""Without any one permission of the example's roles exactly that is missing, and it is seen where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.end_to_end.guarded.guarded_site import (
    CHANNEL,
    DEVELOPERS,
    EDGE,
    NOBODY,
    OFFICE,
    SITE,
    GuardedSite,
    guarded_site,
)
from tests.end_to_end.guarded.needed import (
    TO_FOLLOW,
    TO_HEAR_OF_UPDATES,
    TO_OBEY,
    TO_TELL_WHAT_IS_NOT_THERE,
    TO_TICK,
)
from tests.end_to_end.guarded.test_guarded_healing_end_to_end import describe_otherwise
from tests.end_to_end.lacking import lacking
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chatops_local.cloud import Tick
    from chatops_local.slack import SentCommand
    from tests.end_to_end.lacking import Lack

# Smaller than elsewhere: tries that are denied are repeated for minutes.
TIME_SCALE = 0.01


@dataclass
class RestrictedSite(GuardedSite):
    """The example, deployed again and again with less than it needs."""

    taken: dict[Lack, str] = field(default_factory=dict)
    """With the stack that had it."""

    def take(self, lack: Lack, stack: str = EDGE, edit: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
        """Deploy it without a permission, and perhaps changed otherwise."""

        def edited(template: dict[str, Any]) -> None:
            lacking(lack)(template)
            edit(template)

        self.taken[lack] = stack
        self.deploy(stack, edit=edited)

    def denied_since(self, number: int) -> set[str]:
        """The actions that any role or service was denied after a decision."""
        return {one.action for one in self.cloud.server.decisions(number) if not one.allowed}


@pytest.fixture(scope="module")
def shared_restricted_site(guarded_assembly: Path) -> Iterator[RestrictedSite]:
    """The example on a cloud of its own, since these tests change what is deployed."""
    with guarded_site(guarded_assembly, time_scale=TIME_SCALE) as site:
        yield RestrictedSite(site.cloud, site.assembly, site.stacks)


@pytest.fixture
def restricted(shared_restricted_site: RestrictedSite) -> Iterator[RestrictedSite]:
    """The example, complete and open; each test takes what it wants, and nothing but that is denied."""
    site = shared_restricted_site
    site.taken.clear()
    latest = max((one.number for one in site.cloud.server.decisions()), default=0)
    yield site
    assert site.denied_since(latest) <= {lack.action for lack in site.taken}
    for stack in set(site.taken.values()):
        site.deploy(stack)
    # The deployment's own event has the function look at the IP sets: the next test is not to be helped by that.
    until(site.cloud.server.is_quiet)
    site.order("off")
    assert site.addresses == NOBODY


def send(site: GuardedSite, text: str) -> SentCommand:
    sent = site.cloud.slack.send(f"/maintenance {text}", channel=CHANNEL)
    sent.wait(60)
    return sent


def ticks_of_the_timer(site: GuardedSite, minutes: int) -> list[Tick]:
    """Let time go on; what came of the switch's own timer."""
    ticks = site.cloud.advance(by=timedelta(minutes=minutes))
    return [tick for tick in ticks if tick.schedule.path == f"{EDGE}/Maintenance/RunTime/Timer"]


def test_with_all_of_them_it_works(restricted: RestrictedSite):
    assert "*The site is closed*" in restricted.say("on for 10m")
    restricted.minutes_pass(1)
    assert restricted.is_closed
    assert restricted.cloud.server.refusals() == []


@pytest.mark.parametrize(("stack", "lack"), TO_OBEY, ids=str)
def test_who_typed_the_command_is_told(restricted: RestrictedSite, stack: str, lack: Lack):
    restricted.take(lack, stack)
    sent = send(restricted, "on")
    (told,) = sent.results
    assert lack.denial in told.shown
    assert not restricted.is_closed


def test_what_is_stored_and_not_followed(restricted: RestrictedSite):
    restricted.take(TO_FOLLOW)
    (told,) = send(restricted, "on").results
    assert "This is stored, but AWS WAF has not taken it yet (AccessDeniedException)" in told.shown
    assert not restricted.is_closed
    (problem,) = ticks_of_the_timer(restricted, 1)[0].problems()
    assert TO_FOLLOW.denial in problem
    restricted.deploy(EDGE)
    restricted.minutes_pass(1)
    assert restricted.is_closed


def test_a_schedule_that_may_not_invoke(restricted: RestrictedSite):
    restricted.say("on for 1m")
    restricted.take(TO_TICK)
    # Else the deployment's own event would have the function open the site in time.
    until(restricted.cloud.server.is_quiet)
    for tick in ticks_of_the_timer(restricted, 2):
        (delivery,) = tick.deliveries
        assert delivery.error == "AccessDeniedException"
        assert TO_TICK.denial in delivery.message
    assert restricted.is_closed


def test_a_rule_that_may_not_invoke(restricted: RestrictedSite):
    restricted.say("on for 1h")
    restricted.take(TO_HEAR_OF_UPDATES)
    until(restricted.cloud.server.is_quiet)
    before = len(restricted.cloud.server.refusals())
    restricted.take(TO_HEAR_OF_UPDATES, edit=describe_otherwise)
    refused = until(lambda: restricted.cloud.server.refusals()[before:])
    assert {(one.service, one.target.rpartition(":")[2]) for one in refused} == {
        ("events.amazonaws.com", restricted.function)
    }
    assert all(TO_HEAR_OF_UPDATES.action in one.reason for one in refused)
    assert not restricted.is_closed
    restricted.minutes_pass(1)
    assert restricted.is_closed


def test_what_is_not_there_is_forbidden_then(restricted: RestrictedSite):
    viewers = (*OFFICE, *DEVELOPERS)
    assert restricted.statuses("/nothing/", viewers=viewers) == [404] * 4
    restricted.take(TO_TELL_WHAT_IS_NOT_THERE, SITE)
    assert restricted.statuses("/nothing/", viewers=viewers) == [403] * 4
    assert restricted.statuses("/", viewers=viewers) == [200] * 4
