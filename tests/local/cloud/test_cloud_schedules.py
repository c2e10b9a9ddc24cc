"""Schedules by name, and simulated time: with a stand-in for Scheduler."""

import itertools
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from chatops_local.cloud import NoSuchScheduleError, ScheduleNotDueError
from chatops_local.cloud.schedules import owner_path
from chatops_local.cloud.simulated_time import SimulatedTime
from chatops_local.server.scheduler import Delivery, DeployedSchedule, Firing

UTC = timezone.utc
NOW = datetime(2026, 3, 7, tzinfo=UTC)


GROUP = "arn:aws:scheduler:us-east-1:123456789012:schedule/default/"


class Scheduler:
    """Schedules, and what was fired."""

    def __init__(self) -> None:
        self.deployed: list[DeployedSchedule] = []
        self.fired: list[tuple[str, str, int]] = []

    def add(self, name: str, expression: str = "cron(0 2 * * ? *)", zone: str = "UTC", **more: Any) -> None:
        given = {"enabled": True, "start": None, "end": None, **more}
        self.deployed.append(DeployedSchedule(f"{GROUP}{name}", name, expression, zone, target_arn="arn:tick", **given))

    def schedules(self) -> list[DeployedSchedule]:
        return self.deployed

    def fire(self, arn: str, at: float, *, times: int) -> Firing:
        self.fired.append((arn.removeprefix(GROUP), f"{datetime.fromtimestamp(at, UTC):%d %H:%M}", times))
        return Firing(len(self.fired), 0.0, (Delivery("", 1, "", "", "", ""),) * times)

    def executions(self, _: Firing) -> list[Any]:
        return []

    def invocations(self, _: Firing) -> list[Any]:
        return []


class Server:
    def __init__(self) -> None:
        self.scheduler = Scheduler()
        self.topics: list[str] = []

    def published(self) -> list[str]:
        return self.topics

    def refusals(self) -> list[str]:
        return []


class Slack:
    messages: tuple[str, ...] = ()

    def redeliver_due(self) -> None:
        pass


class Stack:
    def __init__(self, *, region: str = "us-east-1", **paths: str) -> None:
        self.region = region
        self.template = {
            "Resources": {
                name: {"Type": "AWS::Scheduler::Schedule", "Metadata": {"aws:cdk:path": path}}
                for name, path in paths.items()
            }
        }
        # A schedule whose condition is false is in the template and nowhere else.
        self.template["Resources"]["Unless"] = {"Type": "AWS::Scheduler::Schedule"}
        self.physical_ids = dict(zip(paths, paths, strict=True))

    def resource(self, logical_id: str) -> str:
        return logical_id


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def scheduler(server):
    return server.scheduler


@pytest.fixture
def time(server):
    slack: Any = Slack()
    return SimulatedTime(server, slack, NOW)


def advanced(time: SimulatedTime, scheduler: Scheduler, **by: int) -> list[tuple[str, str]]:
    before = len(scheduler.fired)
    list(time.advance(time.now + timedelta(**by)))
    return [(name, at) for name, at, _ in scheduler.fired[before:]]


class TestNames:
    @pytest.fixture(autouse=True)
    def _three(self, scheduler, time):
        for name in ("Ops-NightlyBatch-1A2B", "Ops-Warm-3C4D", "Shop-Warm-5E6F"):
            scheduler.add(name)
        paths = {
            "Ops-NightlyBatch-1A2B": "Ops/NightlyBatch/Schedule/Resource",
            "Ops-Warm-3C4D": "Ops/Caches/Warm/Schedule/Resource",
            "Shop-Warm-5E6F": "Shop/Warm/Schedule/Resource",
        }
        stack: Any = Stack(**paths)
        time.watch(stack)

    @pytest.mark.parametrize(
        "name",
        [
            "Ops-NightlyBatch-1A2B",
            f"{GROUP}Ops-NightlyBatch-1A2B",
            "Ops/NightlyBatch",
            "NightlyBatch",
            "/NightlyBatch/",
        ],
    )
    def test_by_name_path_or_id(self, time, name):
        assert time.tick(name, None, times=1, force=False).schedule.path == "Ops/NightlyBatch"

    @pytest.mark.parametrize(("name", "path"), [("Caches", "Ops/Caches/Warm"), ("Shop/Warm", "Shop/Warm")])
    def test_by_some_ids(self, time, name, path):
        assert time.tick(name, None, times=1, force=False).schedule.path == path

    def test_by_the_end_of_its_name(self, time):
        assert time.tick("5E6F", None, times=1, force=False).schedule.path == "Shop/Warm"

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("Warm", "schedule 'Warm' could be one of 2: say which one; there are Ops/Caches/Warm, Shop/Warm"),
            ("warm", "there is no schedule 'warm'; there are Ops/NightlyBatch, Ops/Caches/Warm, Shop/Warm"),
            ("", "there is no schedule ''; there are Ops/NightlyBatch"),
            ("Batch", "there is no schedule 'Batch'"),
            (None, "there are 3 schedules: say which one; there are Ops/NightlyBatch"),
        ],
    )
    def test_none_or_several(self, time, name, text):
        with pytest.raises(NoSuchScheduleError) as error:
            time.tick(name, None, times=1, force=False)
        assert str(error.value).startswith(text)

    def test_paths_of_other_shapes(self):
        assert owner_path("Ops/Nightly/Resource") == "Ops/Nightly"
        assert owner_path("Ops/Schedule") == "Ops"
        assert owner_path("Schedule/Schedule") == "Schedule"
        assert owner_path("") == ""


class TestTick:
    def test_the_only_one(self, time, scheduler):
        scheduler.add("nightly")
        assert time.tick(None, None, times=1, force=False).schedule.title == "nightly"

    def test_none(self, time):
        with pytest.raises(NoSuchScheduleError, match="there are no schedules: deploy an app that has one"):
            time.tick(None, None, times=1, force=False)

    def test_again_is_the_next_time(self, time, scheduler):
        scheduler.add("nightly")
        ticks = [time.tick(None, None, times=1, force=False) for _ in range(2)]
        assert [f"{tick.scheduled_time:%d %H:%M}" for tick in ticks] == ["07 02:00", "08 02:00"]
        assert time.now == NOW

    def test_advance_does_not_fire_it_once_more(self, time, scheduler):
        scheduler.add("nightly")
        time.tick(None, None, times=1, force=False)
        assert advanced(time, scheduler, days=2) == [("nightly", "08 02:00")]

    @pytest.mark.parametrize(
        "at",
        [
            "2026-11-22T02:00:00Z",
            "2026-11-22T11:00",
            datetime(2026, 11, 22, 11),
            datetime(2026, 11, 22, 2, tzinfo=UTC),
        ],
    )
    def test_at_a_time_with_or_without_a_zone(self, time, scheduler, at):
        scheduler.add("nightly", zone="Asia/Tokyo")
        assert time.tick(None, at, times=2, force=False).scheduled_time == datetime(2026, 11, 22, 2, tzinfo=UTC)
        assert scheduler.fired == [("nightly", "22 02:00", 2)]

    @pytest.mark.parametrize(
        ("expression", "arguments", "text"),
        [
            ("rate(1 hour)", {"at": "tomorrow"}, "at 'tomorrow': a time such as 2026-11-22T02:00"),
            ("rate(1 hour)", {"times": 0}, "times 0: 1 or more is expected"),
            ("at(2026-03-06T00:00:00)", {}, r"at\(2026-03-06T00:00:00\) is not due after 2026-03-07T00:00:00Z; say at"),
        ],
    )
    def test_refused(self, time, scheduler, expression, arguments, text):
        scheduler.add("nightly", expression)
        with pytest.raises(ValueError, match=text):
            time.tick(None, **{"at": None, "times": 1, "force": False, **arguments})

    def test_a_time_that_does_not_exist(self, time, scheduler):
        scheduler.add("nightly", zone="America/New_York")
        with pytest.raises(ScheduleNotDueError, match="America/New_York has no such time"):
            time.tick(None, "2026-03-08T02:30", times=1, force=False)

    def test_disabled(self, time, scheduler):
        scheduler.add("nightly", enabled=False)
        with pytest.raises(ValueError, match="schedule nightly is disabled; fire it with force"):
            time.tick(None, None, times=1, force=False)
        time.tick(None, None, times=1, force=True)
        assert len(scheduler.fired) == 1

    def test_what_was_published_since(self, time, scheduler, server):
        scheduler.add("nightly")
        server.topics = ["before"]
        tick = time.tick(None, None, times=1, force=False)
        server.topics = ["before", "after"]
        assert tick.published == ["after"]


class TestAdvance:
    def test_in_order_of_time_whatever_the_zone(self, time, scheduler):
        scheduler.add("tokyo", zone="Asia/Tokyo")
        scheduler.add("utc")
        scheduler.add("hourly", "rate(12 hours)")
        assert advanced(time, scheduler, days=1) == [
            ("hourly", "07 00:00"),
            ("utc", "07 02:00"),
            ("hourly", "07 12:00"),
            ("tokyo", "07 17:00"),
            ("hourly", "08 00:00"),
        ]

    def test_each_time_once(self, time, scheduler):
        scheduler.add("nightly")
        assert [len(advanced(time, scheduler, hours=2)) for _ in range(3)] == [1, 0, 0]

    def test_through_the_night_in_which_clocks_are_set(self, time, scheduler):
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
        scheduler.add("skipped", "cron(30 2 * * ? *)", "America/New_York")
        scheduler.add("shifted", "cron(30 3 * * ? *)", "America/New_York")
        assert advanced(time, scheduler, days=3) == [
            ("skipped", "07 07:30"),
            ("shifted", "07 08:30"),
            ("shifted", "08 07:30"),
            ("skipped", "09 06:30"),
            ("shifted", "09 07:30"),
        ]

    def test_a_disabled_one_is_not_due_and_is_not_made_up_for(self, time, scheduler):
        scheduler.add("nightly", enabled=False)
        assert advanced(time, scheduler, days=2) == []
        scheduler.deployed.clear()
        scheduler.add("nightly")
        assert advanced(time, scheduler, days=1) == [("nightly", "09 02:00")]

    def test_a_new_one_begins_when_it_is_deployed(self, time, scheduler):
        advanced(time, scheduler, minutes=7)
        scheduler.add("often", "rate(5 minutes)")
        assert advanced(time, scheduler, minutes=5) == [("often", "07 00:07"), ("often", "07 00:12")]

    def test_a_cron_time_at_the_very_beginning_is_past(self, time, scheduler):
        scheduler.add("midnight", "cron(0 0 * * ? *)")
        assert advanced(time, scheduler, days=1) == [("midnight", "08 00:00")]

    def test_between_start_and_end_date(self, time, scheduler):
        day = timedelta(days=1)
        scheduler.add("nightly", start=(NOW + 1 * day).timestamp(), end=(NOW + 3 * day).timestamp())
        assert advanced(time, scheduler, days=9) == [("nightly", "08 02:00"), ("nightly", "09 02:00")]

    def test_the_past(self, time):
        with pytest.raises(ValueError, match=r"simulated time is at 2026-03-07T00:00:00\+00:00 and cannot go back"):
            list(time.advance(NOW - timedelta(seconds=1)))

    def test_too_much(self, time, scheduler):
        scheduler.add("often", "rate(1 minute)")
        with pytest.raises(ValueError, match="more than 1000 times are due on the way"):
            advanced(time, scheduler, days=1)
        assert scheduler.fired == []
        assert time.now == NOW

    def test_now_is_the_scheduled_time_while_it_is_fired(self, time, scheduler):
        scheduler.add("nightly")
        seen = [time.now for _ in itertools.islice(time.advance(NOW + timedelta(days=2)), 2)]
        assert [f"{moment:%d %H:%M}" for moment in seen] == ["07 02:00", "08 02:00"]


class TestListing:
    def test_next_times_are_local(self, time, scheduler):
        scheduler.add("nightly", zone="Asia/Tokyo")
        (schedule,) = time.schedules()
        assert [moment.isoformat() for moment in schedule.next_times] == [
            "2026-03-08T02:00:00+09:00",
            "2026-03-09T02:00:00+09:00",
            "2026-03-10T02:00:00+09:00",
        ]

    def test_fewer_when_there_are_no_more(self, time, scheduler):
        scheduler.add("once", "at(2026-03-08T00:00:00)")
        assert len(time.schedules()[0].next_times) == 1
        advanced(time, scheduler, days=2)
        assert time.schedules()[0].next_times == ()
