"""`/maintenance` typed in Slack in Tokyo, and what viewers of the site in front of CloudFront get."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.end_to_end.guarded.guarded_site import DEVELOPERS, END_USERS, EVERYONE, NOBODY, OFFICE
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from tests.end_to_end.guarded.guarded_site import GuardedSite

EVERYBODY = (*END_USERS, *OFFICE, *DEVELOPERS)
HOURS = {"opens": "10:00", "closes": "19:00"}


@pytest.mark.parametrize("viewer", EVERYBODY)
def test_while_it_is_open_everybody_sees_the_site_and_reaches_its_api(site: GuardedSite, viewer: str):
    page = site.get(viewer=viewer)
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html")
    assert "<h1>Corner shop</h1>" in page.text
    assert page.headers["Content-Security-Policy"]
    assert json.loads(site.get("/api/hours", viewer=viewer).text) == HOURS
    assert site.get("/nothing/", viewer=viewer).status == 404


@pytest.mark.parametrize("viewer", END_USERS)
def test_closed_an_end_user_gets_the_page_and_programs_json(site: GuardedSite, viewer: str):
    site.say("on for 10m new database")
    page = site.get(viewer=viewer, accept="text/html,*/*")
    assert (page.status, page.headers["Content-Type"]) == (503, "text/html")
    assert "Corner shop" in page.text
    assert "メンテナンス" in page.text
    for answer in (page, site.get("/api/hours", viewer=viewer), site.get(viewer=viewer, accept="application/json")):
        assert answer.status == 503
        assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("300", "no-store")
        if answer is not page:
            assert answer.headers["Content-Type"] == "application/json"
            assert json.loads(answer.text)["error"] == "maintenance"


@pytest.mark.parametrize("path", ["/", "/assets/site-1.css", "/nothing/", "/index.html"])
def test_closed_there_is_nothing_else_for_end_users(site: GuardedSite, path: str):
    site.say("on")
    assert site.statuses(path) == [503, 503]
    assert 503 not in site.statuses(path, viewers=OFFICE)


def test_closed_the_office_sees_the_site_and_reaches_its_api(site: GuardedSite):
    site.say("on")
    for viewer in OFFICE:
        assert "<h1>Corner shop</h1>" in site.get(viewer=viewer).text
        assert json.loads(site.get("/api/hours", viewer=viewer).text) == HOURS


class TestDevelopers:
    def test_pass_once_they_have_registered_and_until_they_revoke_it(self, site: GuardedSite):
        site.say("on")
        assert site.statuses(viewers=DEVELOPERS) == [503, 503]
        assert site.allow_me(DEVELOPERS).status == 200
        # The table's stream brings it, without a timer.
        until(lambda: site.statuses(viewers=DEVELOPERS) == [200, 200])
        assert site.statuses("/api/hours", viewers=DEVELOPERS) == [200, 200]
        assert "<h1>Corner shop</h1>" in site.get(viewer=DEVELOPERS[1]).text
        assert site.is_closed
        site.type("/allow-me revoke")
        until(lambda: site.statuses(viewers=DEVELOPERS) == [503, 503])

    def test_come_back_after_a_deployment_that_reset_all_sets(self, site: GuardedSite):
        def describe_all_otherwise(template: dict[str, Any]) -> None:
            for resource in template["Resources"].values():
                if resource["Type"] == "AWS::WAFv2::IPSet":
                    resource["Properties"]["Description"] = "described otherwise"

        site.say("on")
        site.allow_me(DEVELOPERS)
        registered = (["192.0.2.33/32"], ["2001:db8:33::/64"])
        until(lambda: site.addresses_in("Developers") == registered)
        site.deploy(edit=describe_all_otherwise)
        assert site.addresses_in("Developers") == NOBODY
        site.minutes_pass(1)
        assert site.addresses_in("Developers") == registered
        assert site.statuses(viewers=DEVELOPERS) == [200, 200]
        assert site.is_closed
        site.type("/allow-me revoke")
        until(lambda: site.addresses_in("Developers") == NOBODY)


def test_who_may_not_pass_does_not_pass_by_saying_so(site: GuardedSite):
    site.say("on")
    edge, claims = site.cloud.server.edge, {"X-Forwarded-For": OFFICE[0], "CloudFront-Viewer-Address": f"{OFFICE[0]}:1"}
    for viewer in END_USERS:
        assert edge.get(site.host, "/", viewer=viewer, headers=claims).status == 503
        assert edge.request("POST", site.host, "/api/hours", viewer=viewer, body=b"{}", headers=claims).status == 503


def test_nobody_gets_around_the_web_acl_to_the_api(site: GuardedSite):
    (url,) = [one for one in site.client("lambda").list_functions()["Functions"] if "Hours" in one["FunctionName"]]
    direct = site.client("lambda").get_function_url_config(FunctionName=url["FunctionName"])["FunctionUrl"]
    assert site.cloud.server.edge.get(direct, viewer=OFFICE[0]).status == 403


def test_it_ends_by_itself(site: GuardedSite):
    told = site.say("on for 10m new database")
    assert "*The site is closed* since" in told
    assert "for 10m from now. By u0localuser (U0LOCALUSER): new database." in told
    site.minutes_pass(9)
    assert site.is_closed
    assert site.addresses == EVERYONE
    site.minutes_pass(1)
    assert not site.is_closed
    assert site.addresses == NOBODY
    status = site.say("status")
    assert status.startswith(":white_check_mark: The site is open.\nIP sets: as they should be\n")
    assert "opened. By its planned end" in status


def test_the_status_says_who_until_when_and_why(site: GuardedSite):
    site.say("on for 1h30m new database")
    site.minutes_pass(30)
    status = site.say("status")
    assert "*The site is closed* since" in status
    assert "for 1h from now. By u0localuser (U0LOCALUSER): new database." in status
    assert "IP sets: as they should be" in status


def test_off_opens_it_and_a_second_off_says_that_it_was_open(site: GuardedSite):
    site.say("on")
    assert ":white_check_mark: The site is open." in site.say("off")
    assert not site.is_closed
    assert "was open already" in site.say("off")


def test_what_is_no_order_changes_nothing(site: GuardedSite):
    before = site.cloud.server.usage()
    assert "a duration comes after the word for" in site.say("on 10m")
    assert not site.is_closed
    calls = (site.cloud.server.usage() - before).api_calls
    assert not [call for call in calls if call.startswith("wafv2:") or call == "dynamodb:PutItem"]


def test_from_another_channel_nobody_switches(site: GuardedSite):
    sent = site.cloud.slack.send("/maintenance on", channel="C0ANOTHER")
    assert "was not run" in sent.ack.text
    assert site.cloud.executions_of(sent) == []
    assert not site.is_closed


def test_a_request_that_slack_delivers_twice_is_heeded_once(site: GuardedSite):
    sent = site.cloud.slack.send("/maintenance on for 10m", channel="C012OPS34")
    sent.wait(60)
    site.order("off")
    site.cloud.slack.deliver(sent.request)
    assert len(site.cloud.executions_of(sent)) == 1
    assert not site.is_closed


def test_an_order_that_comes_twice_is_heeded_once(site: GuardedSite):
    site.order("on", id="deploy 7: on")
    site.order("off", id="deploy 7: off")
    site.order("off", id="deploy 7: off, to be sure")
    assert "heeded before" in site.order("on", id="deploy 7: on")
    assert not site.is_closed
    site.order("on", id="deploy 8: on")
    assert "heeded before" in site.order("off", id="deploy 7: off, to be sure")
    assert site.is_closed


def test_the_web_acl_counts_who_was_turned_away(site: GuardedSite):
    site.say("on")
    site.get(viewer=END_USERS[1])
    latest = site.cloud.server.edge.samples()[-1]
    assert (latest.source, latest.allowed) == (END_USERS[1], False)
    assert latest.rule.endswith("-Html")


def test_the_access_log_has_the_whole_address(site: GuardedSite):
    site.get("/seen", viewer=END_USERS[1])
    lines = [line.message for line in site.cloud.server.function_logs() if "/aws/vendedlogs/cloudfront/" in line.group]
    seen = [json.loads(line) for line in lines if '"/seen"' in line]
    assert seen[-1]["c-ip"] == END_USERS[1]


def test_what_a_command_and_a_quiet_minute_cost(site: GuardedSite):
    site.say("off")
    before = site.cloud.server.usage()
    site.say("on")
    command = site.cloud.server.usage()
    assert (command - before).api_calls == {
        "states:StartExecution": 1,
        # The relay, from there the switch, and the report.
        "lambda:Invoke": 3,
        # Two of them once an IP set is updated: whether that is still what is wanted.
        "dynamodb:GetItem": 9,
        "dynamodb:PutItem": 2,
        "wafv2:GetIPSet": 2,
        "wafv2:UpdateIPSet": 2,
        # The audit line.
        "logs:PutLogEvents": 1,
    }
    site.cloud.tick("GuardedSiteEdge/Maintenance/RunTime/Timer").wait()
    assert (site.cloud.server.usage() - command).api_calls == {"dynamodb:GetItem": 5, "wafv2:GetIPSet": 2}
