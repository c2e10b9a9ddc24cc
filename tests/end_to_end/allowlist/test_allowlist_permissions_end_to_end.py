"""Without any one permission exactly that is missing, and it is seen where. With all of them nothing is denied."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.end_to_end.allowlist.allowlisted_site import (
    ADMINISTRATOR,
    ALICE,
    ALICES,
    HERE,
    NOTHING,
    OPS,
    SHARED_SECRET,
    AllowlistedSite,
    allowlisted_site,
)
from tests.end_to_end.allowlist.needed import (
    ADMINISTRATION,
    TO_ADMINISTER,
    TO_ANSWER,
    TO_FOLLOW,
    TO_HEAR_OF_ENTRIES,
    TO_HEAR_OF_UPDATES,
    TO_KNOW_THE_SECRET,
    TO_REGISTER,
    TO_SIGN,
    TO_TICK,
    TO_TIDY_UP,
)
from tests.end_to_end.allowlist.test_allowlist_healing_end_to_end import describe_otherwise
from tests.end_to_end.lacking import Lack, lacking
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chatops_local.slack import SentCommand

# Smaller than elsewhere: tries that are denied are repeated for minutes.
TIME_SCALE = 0.01
OFFICE: tuple[list[str], list[str]] = (["203.0.113.64/26"], [])


@pytest.fixture(scope="module")
def shared_restricted_site(allowlist_assembly: Path) -> Iterator[AllowlistedSite]:
    """The app on a cloud of its own, since these tests change what is deployed."""
    with allowlisted_site(allowlist_assembly, time_scale=TIME_SCALE) as site:
        yield site


@pytest.fixture
def restricted(shared_restricted_site: AllowlistedSite) -> Iterator[AllowlistedSite]:
    """The app, complete, with nobody registered; each test takes what it wants."""
    site = shared_restricted_site
    yield site
    for stack in (OPS, HERE):
        site.deploy(stack)
    for one in (site, site.here):
        one.empty()
        one.until_registered(NOTHING)


def take(
    site: AllowlistedSite, lack: Lack, more: Callable[[dict[str, Any]], None] = lambda template: None, of: str = OPS
) -> None:
    def edit(template: dict[str, Any]) -> None:
        lacking(lack)(template)
        more(template)

    site.deploy(of, edit=edit)


def typed(site: AllowlistedSite, line: str) -> SentCommand:
    return site.send(line, ADMINISTRATOR if line.startswith(ADMINISTRATION) else "U012ALICE")


def denials(site: AllowlistedSite) -> set[tuple[str, int]]:
    """What was denied so far: the action, and its number."""
    return {(one.action, one.number) for one in site.cloud.server.decisions() if not one.allowed}


def fails_to_look(site: AllowlistedSite) -> str:
    """Have the projection look; what it says of why it failed."""
    event = json.dumps({"version": 1, "kind": "timer"})
    answer = site.client("lambda").invoke(FunctionName=site.id("AllowlistProjectionFunction"), Payload=event)
    assert "FunctionError" in answer
    return str(json.loads(answer["Payload"].read())["errorMessage"])


def test_with_all_of_them_nothing_is_denied(restricted: AllowlistedSite):
    site = restricted
    before = denials(site)
    assert site.register(site.link()).status == 200
    site.until_registered(ALICES)
    site.administer("list")
    site.administer("revoke slack:U012ALICE")
    site.until_registered(NOTHING)
    site.minutes_pass(7)
    assert "entry" not in {item["kind"]["S"] for item in site.items}
    assert denials(site) == before
    assert site.cloud.server.refusals() == []


@pytest.mark.parametrize(("permission", "line"), TO_ANSWER.items(), ids=str)
def test_what_is_not_answered(restricted: AllowlistedSite, permission: Lack, line: str):
    take(restricted, permission)
    before = denials(restricted)
    sent = typed(restricted, line)
    assert restricted.cloud.problems_of(sent)
    assert all("until" not in told.shown for told in sent.results)
    assert {action for action, _ in denials(restricted) - before} == {permission.action}


@pytest.mark.parametrize(("permission", "request_"), TO_REGISTER.items(), ids=str)
def test_what_is_not_registered(restricted: AllowlistedSite, permission: Lack, request_: tuple[str, str, str]):
    method, path, proof = request_
    token = restricted.link() if proof == "link" else SHARED_SECRET
    items = restricted.items
    take(restricted, permission)
    before = denials(restricted)
    answer = restricted.request(method, path, viewer=ALICE[0], token=token, fields={"owner": "build-7"})
    assert (answer.status, json.loads(answer.text)["error"]["code"]) == (500, "failed")
    assert permission.action not in answer.text
    assert {action for action, _ in denials(restricted) - before} == {permission.action}
    assert restricted.log("allowlist")[-1]["aws_error"].startswith("AccessDenied")
    assert restricted.items == items


def test_a_secret_that_may_not_be_read(restricted: AllowlistedSite):
    take(restricted, TO_KNOW_THE_SECRET)
    before = denials(restricted)
    answer = restricted.register_in_secret("build-7", ALICE[0])
    assert (answer.status, json.loads(answer.text)["error"]["code"]) == (503, "unavailable")
    assert {action for action, _ in denials(restricted) - before} == {"ssm:GetParameter"}
    assert restricted.register(restricted.link()).status == 200


def test_a_signature_that_lets_one_do_the_rest(restricted: AllowlistedSite):
    take(restricted, TO_SIGN)
    developer = restricted.cloud.server.role_credentials(restricted.id("Developer"))
    refused = [
        (api, method)
        for api, viewer in (("AllowlistIpv4Api", ALICE[0]), ("AllowlistDualStackApi", ALICE[1]))
        for method in ("GET", "POST", "DELETE")
        if restricted.request(method, "/iam/registrations", viewer=viewer, signed_as=developer).status == 403
    ]
    assert refused == [("AllowlistIpv4Api", "POST")]


def test_an_administrator_who_may_not(restricted: AllowlistedSite):
    take(restricted, TO_ADMINISTER)
    assert TO_ADMINISTER.denial in restricted.refusal_of("Administrator")


def test_what_is_not_followed(restricted: AllowlistedSite):
    permission = TO_FOLLOW
    take(restricted, permission)
    before = denials(restricted)
    assert restricted.register(restricted.link()).status == 200
    assert permission.denial in fails_to_look(restricted)
    assert {action for action, _ in denials(restricted) - before} == {permission.action}
    assert restricted.addresses != ALICES
    assert until(lambda: restricted.log(outcome="behind", invocation="stream"))[-1]["level"] == "ERROR"
    restricted.deploy(OPS)
    restricted.minutes_pass(1)
    assert restricted.addresses == ALICES


def test_what_is_followed_and_not_tidied_up(restricted: AllowlistedSite):
    permission = TO_TIDY_UP
    restricted.register_in_secret("build-7", "198.51.100.7")
    restricted.until_registered((["198.51.100.7/32"], []))
    restricted.minutes_pass(11)
    take(restricted, permission)
    for _ in range(6):
        restricted.cloud.advance(by=timedelta(minutes=1), overlapping=True)
    assert restricted.register(restricted.link()).status == 200
    assert permission.denial in fails_to_look(restricted)
    restricted.until_registered(ALICES)
    assert until(lambda: restricted.log(outcome="untidy"))[-1]["level"] == "ERROR"


def test_a_stream_that_may_not_be_read(restricted: AllowlistedSite):
    permission = TO_HEAR_OF_ENTRIES
    refusals = len(restricted.cloud.server.refusals())
    take(restricted, permission)
    assert restricted.register(restricted.link()).status == 200
    refused = until(lambda: restricted.cloud.server.refusals()[refusals:])
    assert permission.action in refused[0].reason
    assert restricted.addresses == NOTHING
    restricted.minutes_pass(1)
    assert restricted.addresses == ALICES


def test_a_schedule_that_may_not_invoke(restricted: AllowlistedSite):
    take(restricted, TO_TICK)
    ticks = restricted.cloud.advance(by=timedelta(minutes=1))
    refused = [delivery for tick in ticks for delivery in tick.deliveries if delivery.error]
    assert [delivery.error for delivery in refused] == ["AccessDeniedException"]
    assert TO_TICK.denial in refused[0].message


def test_a_rule_that_may_not_invoke(restricted: AllowlistedSite):
    here = restricted.here
    here.order("add 203.0.113.64/26 office")
    here.until_registered(OFFICE)
    refusals = len(here.cloud.server.refusals())
    take(here, TO_HEAR_OF_UPDATES, describe_otherwise, of=HERE)
    refused = until(lambda: here.cloud.server.refusals()[refusals:])
    assert {(one.service, one.target.rpartition(":")[2]) for one in refused} == {
        ("events.amazonaws.com", here.id("AllowlistProjectionFunction"))
    }
    assert here.addresses == NOTHING
    here.minutes_pass(1)
    assert here.addresses == OFFICE
