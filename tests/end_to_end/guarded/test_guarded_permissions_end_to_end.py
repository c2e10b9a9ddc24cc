"""Without any one permission of the example's roles exactly that is missing, and it is seen where."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server.deployment import DeploymentFailedError
from tests.end_to_end.guarded.guarded_site import (
    CHANNEL,
    DEVELOPERS,
    EDGE,
    NOBODY,
    OFFICE,
    GuardedSite,
    guarded_site,
)
from tests.end_to_end.guarded.needed import (
    AT_CREATION,
    OF_CLOUDFRONT,
    TESTED,
    TO_BE_REACHED,
    TO_FOLLOW,
    TO_HEAR_OF_UPDATES,
    TO_KNOW_THE_OFF_SWITCH,
    TO_LET_IN,
    TO_LOG,
    TO_OBEY,
    TO_REPORT,
    TO_START,
    TO_TICK,
    TO_VERIFY,
    label,
)
from tests.end_to_end.guarded.permissions import permissions_of, without
from tests.end_to_end.guarded.test_guarded_healing_end_to_end import describe_otherwise
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chatops_local.cloud import Tick
    from chatops_local.slack import SentCommand
    from tests.end_to_end.guarded.permissions import Permission

# Smaller than elsewhere: tries that are denied are repeated for minutes.
TIME_SCALE = 0.01


@dataclass
class RestrictedSite(GuardedSite):
    """The example, deployed again and again with less than it needs."""

    taken: set[Permission] = field(default_factory=set)

    def take(self, permission: Permission, edit: Callable[[dict[str, Any]], None] = lambda _: None) -> None:
        """Deploy it without a permission, and perhaps changed otherwise."""

        def edited(template: dict[str, Any]) -> None:
            without(permission)(template)
            edit(template)

        self.taken.add(permission)
        self.deploy(permission.stack, edit=edited)

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
    assert site.denied_since(latest) <= {permission.action for permission in site.taken}
    for stack in {permission.stack for permission in site.taken}:
        site.deploy(stack)
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


def denied(permission: Permission) -> str:
    return f"is not authorized to perform: {permission.action} "


def test_every_permission_of_the_templates_is_tested(guarded_assembly: Path):
    assert sorted(permissions_of(guarded_assembly)) == sorted(TESTED)


def test_with_all_of_them_it_works(restricted: RestrictedSite):
    assert "*The site is closed*" in restricted.say("on for 10m")
    restricted.minutes_pass(1)
    assert restricted.is_closed
    assert restricted.cloud.server.refusals() == []


@pytest.mark.parametrize("permission", TO_LET_IN, ids=label)
def test_a_link_that_nobody_gets(restricted: RestrictedSite, permission: Permission):
    restricted.take(permission)
    sent = restricted.cloud.slack.send("/allow-me", channel=CHANNEL)
    sent.wait(60)
    (execution,) = restricted.cloud.executions_of(sent)
    told = "".join(message.shown for message in sent.results)
    assert denied(permission) in told + execution.cause
    assert "/#" not in told


@pytest.mark.parametrize("permission", TO_OBEY, ids=label)
def test_who_typed_the_command_is_told(restricted: RestrictedSite, permission: Permission):
    restricted.take(permission)
    sent = send(restricted, "on")
    (told,) = sent.results
    assert denied(permission) in told.shown
    assert not restricted.is_closed


@pytest.mark.parametrize("permission", TO_FOLLOW, ids=label)
def test_what_is_stored_and_not_followed(restricted: RestrictedSite, permission: Permission):
    restricted.take(permission)
    (told,) = send(restricted, "on").results
    assert "This is stored, but AWS WAF has not taken it yet (AccessDeniedException)" in told.shown
    assert not restricted.is_closed
    (problem,) = ticks_of_the_timer(restricted, 1)[0].problems()
    assert denied(permission) in problem
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
        assert denied(TO_TICK) in delivery.message
    assert restricted.is_closed


def test_a_rule_that_may_not_invoke(restricted: RestrictedSite):
    restricted.say("on for 1h")
    restricted.take(TO_HEAR_OF_UPDATES)
    before = len(restricted.cloud.server.refusals())
    restricted.take(TO_HEAR_OF_UPDATES, describe_otherwise)
    refused = until(lambda: restricted.cloud.server.refusals()[before:])
    assert {(one.service, one.target.rpartition(":")[2]) for one in refused} == {
        ("events.amazonaws.com", restricted.function)
    }
    assert all(TO_HEAR_OF_UPDATES.action in one.reason for one in refused)
    assert not restricted.is_closed
    restricted.minutes_pass(1)
    assert restricted.is_closed


@pytest.mark.parametrize("permission", TO_LOG, ids=label)
def test_what_works_and_is_not_logged(restricted: RestrictedSite, permission: Permission):
    restricted.take(permission)
    complaints = len(restricted.cloud.server.emulator_log())
    restricted.say("on for 10m")
    assert json.loads(restricted.get("/api/hours", viewer=OFFICE[0]).text)
    assert restricted.is_closed
    until(lambda: denied(permission) in restricted.cloud.server.emulator_log()[complaints:])


@pytest.mark.parametrize(("line", "permission"), TO_START.items(), ids=label)
def test_a_command_that_may_not_be_started(restricted: RestrictedSite, line: str, permission: Permission):
    restricted.take(permission)
    sent = restricted.cloud.slack.send(line, channel=CHANNEL)
    assert "could not be started: AccessDenied" in sent.ack.text
    assert restricted.cloud.executions_of(sent) == []
    (problem,) = restricted.cloud.problems_of(sent)
    assert "AccessDenied" in problem


@pytest.mark.parametrize("taken", [TO_VERIFY, TO_KNOW_THE_OFF_SWITCH])
def test_what_must_not_be_read_lets_nothing_run(restricted: RestrictedSite, taken: Permission):
    """Neither secret nor off-switch: both are read by one call."""
    restricted.take(taken)
    sent = send(restricted, "on")
    assert restricted.cloud.executions_of(sent) == []
    assert "Internal error" in sent.ack.text
    lines = [line.message for line in restricted.cloud.server.function_logs() if '"event": "request"' in line.message]
    assert "GetParameters: AccessDeniedException" in lines[-1]


def test_an_endpoint_that_may_not_be_reached(restricted: RestrictedSite):
    restricted.take(TO_BE_REACHED)
    sent = send(restricted, "on")
    assert (sent.ack.ok, sent.ack.status) == (False, 500)
    assert not restricted.is_closed


def test_a_result_that_may_not_be_reported(restricted: RestrictedSite):
    restricted.take(TO_REPORT)
    sent = send(restricted, "on for 10m")
    assert sent.results == []
    (execution,) = restricted.cloud.executions_of(sent)
    assert execution.status == "FAILED"
    assert denied(TO_REPORT) in execution.cause
    assert restricted.is_closed


@pytest.mark.parametrize(("permission", "path"), OF_CLOUDFRONT.items(), ids=label)
def test_what_cloudfront_does_not_get(restricted: RestrictedSite, permission: Permission, path: str):
    viewers = (*OFFICE, *DEVELOPERS)
    expected = [404] * 4 if path == "/nothing/" else [200] * 4
    assert restricted.statuses(path, viewers=viewers) == expected
    restricted.take(permission)
    assert restricted.statuses(path, viewers=viewers) == [403] * 4
    others = set(OF_CLOUDFRONT.values()) - {path, "/nothing/"}
    assert {status for other in others for status in restricted.statuses(other, viewers=viewers)} <= {200}


def touch_machines(template: dict[str, Any]) -> None:
    """Change something about each state machine, so that it is updated."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            resource["Properties"]["Tags"] = [{"Key": "touched", "Value": "yes"}]


@pytest.mark.parametrize("permission", AT_CREATION, ids=label)
def test_a_machine_is_refused_without_it(restricted: RestrictedSite, permission: Permission):
    with pytest.raises(DeploymentFailedError) as refused:
        restricted.take(permission, touch_machines)
    assert denied(permission) in str(refused.value)
