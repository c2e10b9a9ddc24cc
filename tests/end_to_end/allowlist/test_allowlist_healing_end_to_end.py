"""What deployments and people do to the IP sets, and how soon it is put right and said."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server.deployment import DeploymentFailedError
from tests.end_to_end.allowlist.allowlisted_site import (
    ALICES,
    BOBS,
    EDGE,
    HERE,
    NOTHING,
    AllowlistedSite,
    together,
)
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SETS = ("RegisteredIpv4D406D764", "RegisteredIpv6542A1A15")
OFFICE = (["203.0.113.64/26"], ["2001:db8:0:7::/64"])
PUT_RIGHT = "Somebody else had changed them; put right at"


def describe_otherwise(template: dict[str, Any]) -> None:
    """What the construct refuses at synthesis, done by somebody who edits the template."""
    for logical_id in SETS:
        template["Resources"][logical_id]["Properties"]["Description"] = "described otherwise"


def fail_after_the_sets(template: dict[str, Any]) -> None:
    """Have the update rolled back once both sets were updated."""
    describe_otherwise(template)
    bad = {**template["Resources"][SETS[0]]["Properties"], "Name": "bad", "Addresses": ["10.0.0.1/8"]}
    template["Resources"]["Bad"] = {"Type": "AWS::WAFv2::IPSet", "Properties": bad, "DependsOn": list(SETS)}


def tag_the_stack(site: AllowlistedSite, stack: str, directory: Path) -> None:
    """Deploy a stack with a tag, which CloudFormation puts on the IP sets as well."""
    copy = shutil.copytree(site.assembly, directory / "cdk.out", copy_function=os.link)
    manifest = copy / "manifest.json"
    content = json.loads(manifest.read_text("utf-8"))
    content["artifacts"][stack]["properties"]["tags"] = {"CostCentre": "4711"}
    manifest.unlink()
    manifest.write_text(json.dumps(content), encoding="utf-8")
    site.cloud.server.deploy(copy, stack)


@pytest.fixture
def registered(site: AllowlistedSite) -> AllowlistedSite:
    """With Alice registered, and known to be in line."""
    site.register(site.link())
    site.until_registered(ALICES)
    site.minutes_pass(1)
    return site


@pytest.fixture
def registered_here(site: AllowlistedSite) -> Iterator[AllowlistedSite]:
    """With an office in the list that is kept in its own region."""
    here = site.here
    for cidr in (*OFFICE[0], *OFFICE[1]):
        here.order(f"add {cidr} for 8h office")
    here.until_registered(OFFICE)
    here.look()
    yield here
    here.empty()
    here.until_registered(NOTHING)
    here.deploy(HERE)


class TestFromAnotherRegion:
    """No event of the stack's comes there: the timer heals what a deployment resets."""

    def heals(self, site: AllowlistedSite, before: int) -> None:
        assert site.statuses() == [403, 403]
        site.minutes_pass(1)
        (line,) = site.healed[before:]
        assert (line["level"], line["invocation"]) == ("WARN", "timer")
        assert sorted(line["healed"]) == sorted(f"+{cidr}" for family in ALICES for cidr in family)
        assert site.addresses == ALICES
        assert site.statuses() == [200, 200]
        assert PUT_RIGHT in site.administer("list")
        site.minutes_pass(2)
        assert len(site.healed) == before + 1

    def test_a_changed_description_is_healed_within_a_minute(self, registered: AllowlistedSite):
        before = len(registered.healed)
        registered.deploy(EDGE, edit=describe_otherwise)
        self.heals(registered, before)
        registered.deploy(EDGE)

    def test_a_tag_of_the_stack_is(self, registered: AllowlistedSite, tmp_path: Path):
        before = len(registered.healed)
        tag_the_stack(registered, EDGE, tmp_path)
        self.heals(registered, before)
        registered.deploy(EDGE)

    def test_a_rollback_is(self, registered: AllowlistedSite):
        before = len(registered.healed)
        with pytest.raises(DeploymentFailedError, match=r"10\.0\.0\.1/8"):
            registered.deploy(EDGE, edit=fail_after_the_sets)
        self.heals(registered, before)

    def test_one_that_leaves_the_sets_alone_is_nothing_to_heal(self, registered: AllowlistedSite):
        def more(template: dict[str, Any]) -> None:
            template["Outputs"] = {**template.get("Outputs", {}), "More": {"Value": "more"}}

        before = len(registered.healed)
        registered.deploy(EDGE, edit=more)
        registered.minutes_pass(2)
        assert (registered.addresses, len(registered.healed)) == (ALICES, before)

    def test_a_reset_is_healed_by_who_registers_next(self, registered: AllowlistedSite):
        before = len(registered.healed)
        registered.deploy(EDGE, edit=describe_otherwise)
        registered.register_in_secret("build-7", "203.0.113.80")
        registered.until_registered(together(ALICES, (BOBS[0], [])))
        (line,) = until(lambda: registered.healed[before:])
        assert line["invocation"] == "stream"
        assert sorted(line["healed"]) == sorted(f"+{cidr}" for family in ALICES for cidr in family)
        registered.deploy(EDGE)


class TestByHand:
    def test_what_somebody_adds_in_the_console_is_taken_out(self, registered: AllowlistedSite):
        before = len(registered.healed)
        registered.write_by_hand(registered.pair[0], [*ALICES[0], *BOBS[0]])
        registered.write_by_hand(registered.pair[1], ["::/1", "8000::/1"])
        registered.minutes_pass(1)
        (line,) = registered.healed[before:]
        assert set(line["healed"]) == {f"-{BOBS[0][0]}", f"+{ALICES[1][0]}", "-::/1", "-8000::/1"}
        assert registered.addresses == ALICES

    def test_what_somebody_takes_out_is_put_back(self, registered: AllowlistedSite):
        before = len(registered.healed)
        registered.write_by_hand(registered.pair[1], [])
        registered.minutes_pass(1)
        assert [line["healed"] for line in registered.healed[before:]] == [[f"+{ALICES[1][0]}"]]
        assert registered.addresses == ALICES

    def test_an_item_that_is_no_entry_stops_nobody(self, registered: AllowlistedSite):
        item = {"kind": {"S": "entry"}, "id": {"S": "slack:U0MALLORY#4"}, "cidr": {"S": "0.0.0.0/0"}}
        registered.dynamodb.put_item(TableName=registered.table, Item=item)
        registered.register(registered.link("U0123BOB"), ("203.0.113.80", "2001:db8:b0b::80"))
        registered.until_registered(together(ALICES, BOBS))
        assert until(lambda: registered.log(unreadable=["slack:U0MALLORY#4"]))[-1]["level"] == "ERROR"


class TestInItsOwnRegion:
    """An event of the stack's has it healed as soon as the update is over."""

    def heals(self, here: AllowlistedSite, before: int) -> None:
        line = until(lambda: here.healed[before:])[-1]
        assert (line["level"], line["invocation"]) == ("WARN", "stack")
        here.until_registered(OFFICE)

    def test_a_changed_description_is_healed_when_the_update_is_over(self, registered_here: AllowlistedSite):
        before = len(registered_here.healed)
        registered_here.deploy(HERE, edit=describe_otherwise)
        self.heals(registered_here, before)

    def test_a_tag_of_the_stack_is(self, registered_here: AllowlistedSite, tmp_path: Path):
        before = len(registered_here.healed)
        tag_the_stack(registered_here, HERE, tmp_path)
        self.heals(registered_here, before)

    def test_a_rollback_is(self, registered_here: AllowlistedSite):
        before = len(registered_here.healed)
        with pytest.raises(DeploymentFailedError, match=r"10\.0\.0\.1/8"):
            registered_here.deploy(HERE, edit=fail_after_the_sets)
        self.heals(registered_here, before)
