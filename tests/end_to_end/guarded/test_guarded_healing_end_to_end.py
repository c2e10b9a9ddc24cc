"""What deployments, people and AWS WAF do to the IP sets while the site is closed, and how soon it is put right."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server.deployment import DeploymentFailedError
from tests.end_to_end.guarded.guarded_site import EDGE, EVERYONE, NOBODY
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.end_to_end.guarded.guarded_site import GuardedSite

SETS = ("MaintenanceSwitchIpv4C34689A5", "MaintenanceSwitchIpv685764EBE")
PUT_RIGHT = "The IP sets had been changed by somebody else and were put right at"


def describe_otherwise(template: dict[str, Any]) -> None:
    """What the construct refuses at synthesis, done by somebody who edits the template."""
    for logical_id in SETS:
        template["Resources"][logical_id]["Properties"]["Description"] = "described otherwise"


def tag_the_stack(site: GuardedSite, directory: Path) -> None:
    """Deploy the edge with a tag on the stack, which CloudFormation puts on the IP sets as well."""
    copy = shutil.copytree(site.assembly, directory / "cdk.out", copy_function=os.link)
    manifest = copy / "manifest.json"
    content = json.loads(manifest.read_text("utf-8"))
    content["artifacts"][EDGE]["properties"]["tags"] = {"CostCentre": "4711"}
    manifest.unlink()
    manifest.write_text(json.dumps(content), encoding="utf-8")
    site.cloud.server.deploy(copy, EDGE)


def healed_since(site: GuardedSite, before: int) -> dict[str, Any]:
    """The one line that says that the IP sets were put right, once it is there."""
    lines = until(lambda: site.log("healed")[before:])
    assert len(lines) == 1
    return lines[0]


@contextmanager
def without_the_rule(site: GuardedSite) -> Iterator[None]:
    """Nobody hears of updates of the stack, not even of those before."""
    (rule,) = site.stacks[EDGE].resources("AWS::Events::Rule")
    until(site.cloud.server.is_quiet)
    site.client("events").disable_rule(Name=rule.rpartition("/")[2])
    yield
    site.client("events").enable_rule(Name=rule.rpartition("/")[2])


class TestDeployments:
    def test_a_changed_description_is_healed_when_the_update_is_over(self, site: GuardedSite):
        site.say("on for 1h")
        before = len(site.log("healed"))
        site.deploy(edit=describe_otherwise)
        line = healed_since(site, before)
        assert (line["level"], line["invocation"], line["closed"]) == ("WARN", "stack", True)
        assert site.is_closed
        assert PUT_RIGHT in site.say("status")

    def test_a_tag_of_the_stack_is(self, site: GuardedSite, tmp_path: Path):
        site.say("on for 1h")
        before = len(site.log("healed"))
        tag_the_stack(site, tmp_path)
        assert healed_since(site, before)["invocation"] == "stack"
        assert site.is_closed

    def test_a_rollback_is(self, site: GuardedSite):
        def fail(template: dict[str, Any]) -> None:
            describe_otherwise(template)
            bad = {**template["Resources"][SETS[0]]["Properties"], "Name": "bad", "Addresses": ["10.0.0.1/8"]}
            template["Resources"]["Bad"] = {
                "Type": "AWS::WAFv2::IPSet",
                "Properties": bad,
                # Only when both have been updated.
                "DependsOn": list(SETS),
            }

        site.say("on for 1h")
        before = len(site.log("healed"))
        with pytest.raises(DeploymentFailedError, match=r"10\.0\.0\.1/8"):
            site.deploy(edit=fail)
        until(lambda: site.log("healed")[before:] and site.addresses == EVERYONE)
        assert {line["invocation"] for line in site.log("healed")[before:]} == {"stack"}
        assert site.is_closed

    def test_without_the_event_the_timer_heals_it_within_a_minute(self, site: GuardedSite):
        site.say("on for 1h")
        before = len(site.log("healed"))
        with without_the_rule(site):
            site.deploy(edit=describe_otherwise)
            assert (site.addresses, site.is_closed) == (NOBODY, False)
            assert "not as they should be; within a minute they are put right" in site.say("status")
            site.minutes_pass(1)
        assert healed_since(site, before)["invocation"] == "timer"
        assert site.is_closed

    def test_one_that_leaves_the_sets_alone_is_nothing_to_heal(self, site: GuardedSite):
        def more(template: dict[str, Any]) -> None:
            template["Outputs"] = {**template.get("Outputs", {}), "More": {"Value": "more"}}

        site.say("on for 1h")
        looks = len([line for line in site.log() if line["invocation"] == "stack"])
        healed = len(site.log("healed"))
        site.deploy(edit=more)
        until(lambda: len([line for line in site.log() if line["invocation"] == "stack"]) > looks)
        assert len(site.log("healed")) == healed
        assert site.is_closed

    def test_an_open_site_stays_open(self, site: GuardedSite):
        healed = len(site.log("healed"))
        site.deploy(edit=describe_otherwise)
        site.minutes_pass(1)
        assert not site.is_closed
        assert len(site.log("healed")) == healed


class TestByHand:
    def test_a_closed_site_that_somebody_opens_in_the_console(self, site: GuardedSite):
        site.say("on for 1h")
        before = len(site.log("healed"))
        for which in site.switch:
            site.write_by_hand(which, [])
        assert not site.is_closed
        site.minutes_pass(1)
        assert healed_since(site, before)["invocation"] == "timer"
        assert site.is_closed

    def test_an_open_site_that_somebody_closes_for_half_the_world(self, site: GuardedSite):
        site.minutes_pass(1)
        before = len(site.log("healed"))
        site.write_by_hand(site.switch[0], ["128.0.0.0/1"])
        assert site.statuses() == [503, 200]
        site.minutes_pass(1)
        assert healed_since(site, before)["closed"] is False
        assert not site.is_closed


class TestTroubleWithWaf:
    def test_somebody_else_writes_at_the_same_moment(self, site: GuardedSite):
        site.cloud.server.waf.conflict(times=2)
        assert ":warning:" not in site.say("on")
        assert site.is_closed

    @pytest.mark.parametrize("operation", ["GetIPSet", "UpdateIPSet"])
    def test_it_throttles(self, site: GuardedSite, operation: str):
        site.cloud.server.waf.throttle(operation, times=2)
        assert ":warning:" not in site.say("on")
        assert site.is_closed

    @pytest.mark.parametrize("operation", ["GetIPSet", "UpdateIPSet"])
    def test_an_answer_is_lost(self, site: GuardedSite, operation: str):
        site.cloud.server.waf.lose_answer(operation)
        assert ":warning:" not in site.say("on")
        assert site.is_closed
        assert "outcome" not in site.log()[-1]

    def test_its_rates_are_kept(self, site: GuardedSite):
        site.cloud.server.waf.limit_rates()
        for text, closed in (("on", True), ("off", False)):
            assert ":warning:" not in site.say(text)
            assert site.is_closed is closed
