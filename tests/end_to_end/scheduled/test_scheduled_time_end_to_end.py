"""Simulated time: what is due on days on which clocks are put forward or back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from chatops_local.cloud import InstanceSpec
from tests.end_to_end.scheduled.conftest import scheduled_cloud
from tests.end_to_end.scheduled.effects import scheduled_at
from tests.end_to_end.scheduled.instances import Instances

if TYPE_CHECKING:
    from pathlib import Path

SPECS = [InstanceSpec("web-1", {"Role": "web"}), InstanceSpec("batch-1", {"Role": "batch"})]
TOKYO, BERLIN, REPORT = "Clocks/Tokyo", "Clocks/Berlin", "Migrated/NightlyReport"


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # Half past two comes twice; it is run the first time.
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
        (
            datetime(2026, 10, 24, 12, tzinfo=timezone.utc),
            [
                (REPORT, "2026-10-24T17:30:00Z"),
                (TOKYO, "2026-10-24T17:30:00Z"),
                (BERLIN, "2026-10-25T00:30:00Z"),
                (REPORT, "2026-10-25T17:30:00Z"),
                (TOKYO, "2026-10-25T17:30:00Z"),
                (BERLIN, "2026-10-26T01:30:00Z"),
            ],
        ),
        # There is no half past two.
        (
            datetime(2026, 3, 28, 12, tzinfo=timezone.utc),
            [
                (REPORT, "2026-03-28T17:30:00Z"),
                (TOKYO, "2026-03-28T17:30:00Z"),
                (REPORT, "2026-03-29T17:30:00Z"),
                (TOKYO, "2026-03-29T17:30:00Z"),
                (BERLIN, "2026-03-30T00:30:00Z"),
            ],
        ),
    ],
)
def test_days_with_another_number_of_hours(scheduled_assembly: Path, now: datetime, due: list[tuple[str, str]]):
    # What was sent is in no list for so many seconds, longer than the scripts take.
    with scheduled_cloud(scheduled_assembly, SPECS, now=now, visibility_lag=20) as cloud:
        # Its script is not for this machine.
        cloud.server.script_takes(cloud.instances["batch-1"], 1)
        ticks = cloud.advance(by=timedelta(hours=38))
        assert sorted((scheduled_at(tick), tick.schedule.path) for tick in ticks) == sorted(
            (time, task) for task, time in due
        )
        assert [run.status for tick in ticks for run in tick.runs] == ["SUCCEEDED"] * len(due)
        instances = Instances(cloud)
        for task, time in due:
            assert instances.runs(task, time) == ({} if task == REPORT else {"web-1": 1})
        assert cloud.now == now + timedelta(hours=38)
