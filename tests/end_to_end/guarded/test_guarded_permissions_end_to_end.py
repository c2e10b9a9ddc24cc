"""Without any one permission of the example's roles exactly that is missing, and it is seen where."""

from __future__ import annotations

import json
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
    OPS,
    SITE,
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
    from collections.abc import Iterator
    from pathlib import Path

    from chatops_local.slack import SentCommand
    from tests.end_to_end.guarded.permissions import Permission

# Smaller than elsewhere: tries that are denied are repeated for minutes.
TIME_SCALE = 0.01


@pytest.fixture(scope="module")
def shared_restricted_site(guarded_assembly: Path) -> Iterator[GuardedSite]:
    """The example on a cloud of its own, since these tests change what is deployed."""
    with guarded_site(guarded_assembly, time_scale=TIME_SCALE) as site:
        yield site


@pytest.fixture
def restricted(shared_restricted_site: GuardedSite) -> Iterator[GuardedSite]:
    """The example, complete and open; each test takes what it wants."""
    site = shared_restricted_site
    yield site
    for stack in (EDGE, SITE, OPS):
        site.deploy(stack)
    site.order("off")
    assert site.addresses == NOBODY


def take(site: GuardedSite, permission: Permission) -> None:
    site.deploy(permission.stack, edit=without(permission))


def send(site: GuardedSite, text: str) -> SentCommand:
    sent = site.cloud.slack.send(f"/maintenance {text}", channel=CHANNEL)
    sent.wait(60)
    return sent


def denied(permission: Permission) -> str:
    return f"is not authorized to perform: {permission.action} "


def test_every_permission_of_the_templates_is_tested(guarded_assembly: Path):
    assert sorted(permissions_of(guarded_assembly)) == sorted(TESTED)


def test_with_all_of_them_it_works(restricted: GuardedSite):
    assert "*The site is closed*" in restricted.say("on for 10m")
    restricted.minutes_pass(1)
    assert restricted.is_closed
    assert restricted.cloud.server.refusals() == []


@pytest.mark.parametrize("permission", TO_OBEY, ids=label)
def test_who_typed_the_command_is_told(restricted: GuardedSite, permission: Permission):
    take(restricted, permission)
    sent = send(restricted, "on")
    (told,) = sent.results
    assert denied(permission) in told.shown
    assert not restricted.is_closed


@pytest.mark.parametrize("permission", TO_FOLLOW, ids=label)
def test_what_is_stored_and_not_followed(restricted: GuardedSite, permission: Permission):
    take(restricted, permission)
    (told,) = send(restricted, "on").results
    assert "This is stored, but AWS WAF has not taken it yet (AccessDeniedException)" in told.shown
    assert not restricted.is_closed
    (tick,) = restricted.cloud.advance(by=timedelta(minutes=1))
    (problem,) = tick.problems()
    assert denied(permission) in problem
    restricted.deploy(EDGE)
    restricted.minutes_pass(1)
    assert restricted.is_closed


def test_a_schedule_that_may_not_invoke(restricted: GuardedSite):
    restricted.say("on for 1m")
    take(restricted, TO_TICK)
    for tick in restricted.cloud.advance(by=timedelta(minutes=2)):
        (delivery,) = tick.deliveries
        assert delivery.error == "AccessDeniedException"
        assert denied(TO_TICK) in delivery.message
    assert restricted.is_closed


def test_a_rule_that_may_not_invoke(restricted: GuardedSite):
    restricted.say("on for 1h")
    take(restricted, TO_HEAR_OF_UPDATES)

    def describe_otherwise_too(template: dict[str, Any]) -> None:
        without(TO_HEAR_OF_UPDATES)(template)
        describe_otherwise(template)

    before = len(restricted.cloud.server.refusals())
    restricted.deploy(EDGE, edit=describe_otherwise_too)
    refused = until(lambda: restricted.cloud.server.refusals()[before:])
    assert {(one.service, one.target.rpartition(":")[2]) for one in refused} == {
        ("events.amazonaws.com", restricted.function)
    }
    assert all(TO_HEAR_OF_UPDATES.action in one.reason for one in refused)
    assert not restricted.is_closed
    restricted.minutes_pass(1)
    assert restricted.is_closed


@pytest.mark.parametrize("permission", TO_LOG, ids=label)
def test_what_works_and_is_not_logged(restricted: GuardedSite, permission: Permission):
    take(restricted, permission)
    complaints = len(restricted.cloud.server.emulator_log())
    restricted.say("on for 10m")
    assert json.loads(restricted.get("/api/hours", viewer=OFFICE[0]).text)
    assert restricted.is_closed
    until(lambda: denied(permission) in restricted.cloud.server.emulator_log()[complaints:])


def test_a_command_that_may_not_be_started(restricted: GuardedSite):
    take(restricted, TO_START)
    sent = send(restricted, "on")
    assert "could not be started: AccessDenied" in sent.ack.text
    assert restricted.cloud.executions_of(sent) == []
    (problem,) = restricted.cloud.problems_of(sent)
    assert "AccessDenied" in problem


def test_a_signature_that_cannot_be_verified(restricted: GuardedSite):
    take(restricted, TO_VERIFY)
    sent = send(restricted, "on")
    assert restricted.cloud.executions_of(sent) == []
    assert "Internal error" in sent.ack.text
    lines = [line.message for line in restricted.cloud.server.function_logs() if '"event": "request"' in line.message]
    assert "AccessDenied" in lines[-1]
    assert "ssm:GetParameter" in lines[-1]


def test_an_endpoint_that_may_not_be_reached(restricted: GuardedSite):
    take(restricted, TO_BE_REACHED)
    sent = send(restricted, "on")
    assert (sent.ack.ok, sent.ack.status) == (False, 500)
    assert not restricted.is_closed


def test_a_result_that_may_not_be_reported(restricted: GuardedSite):
    take(restricted, TO_REPORT)
    sent = send(restricted, "on for 10m")
    assert sent.results == []
    (execution,) = restricted.cloud.executions_of(sent)
    assert execution.status == "FAILED"
    assert denied(TO_REPORT) in execution.cause
    assert restricted.is_closed


@pytest.mark.parametrize(("permission", "path"), OF_CLOUDFRONT.items(), ids=label)
def test_what_cloudfront_does_not_get(restricted: GuardedSite, permission: Permission, path: str):
    viewers = (*OFFICE, *DEVELOPERS)
    expected = [404] * 4 if path == "/nothing/" else [200] * 4
    assert restricted.statuses(path, viewers=viewers) == expected
    take(restricted, permission)
    assert restricted.statuses(path, viewers=viewers) == [403] * 4
    others = set(OF_CLOUDFRONT.values()) - {path, "/nothing/"}
    assert {status for other in others for status in restricted.statuses(other, viewers=viewers)} <= {200}


def touch_machines(template: dict[str, Any]) -> None:
    """Change something about each state machine, so that it is updated."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            resource["Properties"]["Tags"] = [{"Key": "touched", "Value": "yes"}]


@pytest.mark.parametrize("permission", AT_CREATION, ids=label)
def test_a_machine_is_refused_without_it(restricted: GuardedSite, permission: Permission):
    def edit(template: dict[str, Any]) -> None:
        without(permission)(template)
        touch_machines(template)

    with pytest.raises(DeploymentFailedError) as refused:
        restricted.deploy(permission.stack, edit=edit)
    assert denied(permission) in str(refused.value)
