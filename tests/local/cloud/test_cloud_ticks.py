"""Schedules fired on the whole local cloud, with a template written by hand."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.cloud import InstanceSpec, LocalCloud, NoSuchInstanceError
from tests.local.cloud.scheduled_app import resources, schedule, scheduled_app
from tests.local.ministack.stacks import role

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    instances = [InstanceSpec("web-1", {"Role": "web"}), InstanceSpec("web-2", {"Role": "web"})]
    with LocalCloud.start(time_scale=0.02, instances=instances, now=NOW) as cloud:
        yield cloud


@pytest.fixture
def deploy(cloud, tmp_path):
    def deploy(**changed: Any) -> None:
        cloud.deploy(scheduled_app(tmp_path, resources(**changed)))

    deploy()
    return deploy


@pytest.mark.usefixtures("deploy")
class TestTick:
    def test_twice_is_one_run_on_every_instance(self, cloud):
        tick = cloud.tick("Nightly", at="2027-01-01T02:00", times=2)
        tick.wait(20)
        (run,) = tick.runs
        assert (run.name, run.status, run.starts) == ("at-2026-12-31T170000Z", "SUCCEEDED", 2)
        assert sorted(each.instance_name for each in tick.invocations) == ["web-1", "web-2"]
        assert {(each.status, each.exit_code, each.output) for each in tick.invocations} == {("Success", 0, "done\n")}
        assert [(each.subject, each.text()) for each in tick.published] == [("It ran", "It ran\non every instance")]
        assert (tick.messages, tick.refusals, tick.problems()) == ([], [], [])

    def test_what_the_next_tick_led_to_is_its_own(self, cloud):
        first, second = cloud.tick("Nightly"), cloud.tick("Nightly")
        first.wait(20)
        second.wait(20)
        assert second.scheduled_time - first.scheduled_time == timedelta(days=1)
        assert [each.run for each in second.invocations] == [second.runs[0].name] * 2

    def test_not_over_in_time(self, cloud):
        with cloud.server.hold("ListCommands"):
            tick = cloud.tick("Nightly")
            with pytest.raises(TimeoutError, match=r"Ops/Nightly is not over after 0\.2 s: arn:aws:states:"):
                tick.wait(0.2)
            (problem,) = tick.problems(timed_out_after=0.2)
            assert problem.startswith("not over after 0.2 s: execution at-")
        tick.wait(20)


class TestAdvance:
    @pytest.fixture
    def nights(self, tmp_path):
        with LocalCloud.start(time_scale=0.02, now=NOW) as cloud:
            cloud.deploy(scheduled_app(tmp_path, resources()))
            yield cloud

    def test_nights(self, nights):
        fired = nights.advance(by=timedelta(days=3))
        assert [tick.problems() for tick in fired] == [[], [], []]
        assert nights.now == NOW + timedelta(days=3)
        assert [f"{tick.scheduled_time:%d %H:%M}" for tick in fired] == ["22 17:00", "23 17:00", "24 17:00"]
        with nights.server.hold("ListCommands"):
            ticks = nights.advance(to=NOW + timedelta(days=5), overlapping=True)
            assert [tick.is_over for tick in ticks] == [False, False]
        for tick in ticks:
            tick.wait(20)

    @pytest.mark.parametrize("arguments", [{}, {"to": NOW, "by": timedelta(days=1)}])
    def test_to_or_by(self, cloud, arguments):
        with pytest.raises(ValueError, match="exactly one of them is expected"):
            cloud.advance(**arguments)


class TestFailures:
    def test_a_script_that_fails(self, cloud, deploy):
        deploy(script="echo oops >&2; exit 3")
        tick = cloud.tick("Nightly")
        tick.wait(20)
        assert {(each.status, each.exit_code) for each in tick.invocations} == {("Failed", 3)}
        (problem,) = tick.problems()
        assert problem.startswith("execution at-")
        assert problem.endswith("is FAILED: RunFailed: Failed")

    def test_a_schedule_that_may_not_start_its_target(self, cloud, deploy):
        deploy(SchedulerRole=role("scheduler"))
        tick = cloud.tick("Nightly")
        assert tick.wait(20) == []
        gave_up, no_letter = tick.problems()
        assert gave_up.startswith("EventBridge Scheduler gave up after 2 attempts: AccessDeniedException: ")
        assert no_letter.startswith("its dead-letter queue did not take it: AccessDeniedException: ")

    def test_no_dead_letter_queue(self, cloud, deploy):
        changed = schedule("Nightly", "cron(0 2 * * ? *)")
        changed["Properties"]["Target"].update(DeadLetterConfig={"Arn": ""}, RetryPolicy={"MaximumRetryAttempts": 0})
        deploy(Nightly=changed)
        cloud.server.scheduler.fail_targets(1)
        tick = cloud.tick("Nightly")
        assert tick.problems() == [
            "EventBridge Scheduler gave up after 1 attempt: ThrottlingException: injected by the test",
            "the schedule has no dead-letter queue: nothing would tell of this",
        ]


def test_an_instance_that_is_not_there(cloud):
    with pytest.raises(NoSuchInstanceError, match="there is no instance 'web-9'; there are web-1, web-2"):
        cloud.set_online("web-9", False)
