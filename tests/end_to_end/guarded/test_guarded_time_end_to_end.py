"""Planned windows, and what metrics and the alarm say as time passes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.end_to_end.guarded.guarded_site import EVERYONE, OFFICE
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from datetime import datetime

    from tests.end_to_end.guarded.guarded_site import GuardedSite

WINDOW, TIMER = "Maintenance/RunTime/WindowSundayNight", "Maintenance/RunTime/Timer"
FUNCTION = "MaintenanceRunTimeFunctionFEEAA5DC"


def window_begins(site: GuardedSite, *, at: datetime | None = None, times: int = 1) -> datetime:
    """Fire the window's schedule as if it were due at this very moment, or at that one; which one it was."""
    due = at or site.cloud.clock
    tick = site.cloud.tick(f"GuardedSiteEdge/{WINDOW}", at=due, times=times)
    tick.wait()
    assert tick.problems() == []
    return due


def alarm(site: GuardedSite) -> str:
    """The state of the overdue alarm."""
    return site.cloud.server.evaluate_alarms()[site.edge_id("MaintenanceRunTimeOverdueAlarm")]


class TestWindows:
    def test_it_is_due_on_sundays_at_two_in_tokyo(self, site: GuardedSite):
        (window,) = [one for one in site.cloud.schedules if one.path.endswith("WindowSundayNight")]
        assert [f"{time:%a %H:%M %Z}" for time in window.next_times] == ["Sun 02:00 JST"] * 3

    def test_it_closes_the_site_says_so_and_ends_by_itself(self, site: GuardedSite):
        window_begins(site, times=2)
        assert site.is_closed
        assert "By window SundayNight" in site.say("status")
        site.minutes_pass(55)
        assert site.is_closed
        site.minutes_pass(5)
        assert not site.is_closed
        status = site.say("status")
        assert status.count("By window SundayNight") == 1
        assert "opened. By its planned end" in status

    def test_who_opens_the_site_within_it_has_it_open(self, site: GuardedSite):
        site.minutes_pass(1)
        due = window_begins(site)
        site.say("off")
        window_begins(site, at=due)
        assert not site.is_closed

    def test_the_office_passes_in_it_too(self, site: GuardedSite):
        site.minutes_pass(1)
        window_begins(site)
        assert site.addresses == EVERYONE
        assert site.statuses(viewers=OFFICE) == [200, 200]


class TestMetrics:
    def test_on_is_1_while_it_is_closed(self, site: GuardedSite):
        def values() -> list[float]:
            metrics = site.client("cloudwatch").list_metrics(Namespace="ChatOpsConstructs/Maintenance")["Metrics"]
            (dimensions,) = [one["Dimensions"] for one in metrics if one["MetricName"] == "MaintenanceOn"]
            points = site.client("cloudwatch").get_metric_statistics(
                Namespace="ChatOpsConstructs/Maintenance",
                MetricName="MaintenanceOn",
                Dimensions=dimensions,
                StartTime=site.cloud.clock - timedelta(minutes=5),
                EndTime=site.cloud.clock + timedelta(minutes=1),
                Period=60,
                Statistics=["Maximum"],
            )["Datapoints"]
            return [point["Maximum"] for point in sorted(points, key=lambda point: point["Timestamp"])]

        site.minutes_pass(2)
        assert values()[-1] == 0.0
        site.say("on for 3m")
        site.minutes_pass(2)
        assert values()[-1] == 1.0
        site.minutes_pass(3)
        assert values()[-1] == 0.0

    def test_the_alarm_is_in_alarm_while_it_is_closed_for_longer_than_planned(self, site: GuardedSite):
        def within_five_minutes(template: dict[str, Any]) -> None:
            variables = template["Resources"][FUNCTION]["Properties"]["Environment"]["Variables"]
            assert variables["CHATOPS_MAINTENANCE_LONGEST_SECONDS"] == "14400"
            variables["CHATOPS_MAINTENANCE_LONGEST_SECONDS"] = "300"

        site.deploy(edit=within_five_minutes)
        site.say("on")
        site.minutes_pass(4)
        assert alarm(site) == "OK"
        site.minutes_pass(5)
        assert alarm(site) == "ALARM"
        site.say("off")
        site.minutes_pass(4)
        assert alarm(site) == "OK"

    def test_with_an_end_it_is_overdue_only_if_the_end_does_not_reach_waf(self, site: GuardedSite):
        def take_the_right_to_update(template: dict[str, Any]) -> None:
            policy = template["Resources"]["MaintenanceRunTimeFunctionRoleUpdateIpSets8D296B87"]
            policy["Properties"]["PolicyDocument"]["Statement"][1]["Action"] = "wafv2:GetIPSet"

        site.say("on for 6m")
        site.minutes_pass(5)
        assert alarm(site) == "OK"
        site.deploy(edit=take_the_right_to_update)
        # Lambda tries again and again, one and two minutes later; nobody waits for that.
        ticks = site.cloud.advance(by=timedelta(minutes=5), overlapping=True)
        until(lambda: all(tick.functions[0].attempts for tick in ticks))
        assert site.is_closed
        assert alarm(site) == "ALARM"
        site.deploy()
        site.minutes_pass(4)
        assert not site.is_closed
        assert alarm(site) == "OK"

    def test_without_the_function_it_has_no_data(self, site: GuardedSite):
        site.minutes_pass(3)
        assert alarm(site) == "OK"
        states = site.cloud.server.evaluate_alarms(later=timedelta(minutes=10))
        assert states[site.edge_id("MaintenanceRunTimeOverdueAlarm")] == "INSUFFICIENT_DATA"
