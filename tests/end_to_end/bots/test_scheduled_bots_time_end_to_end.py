"""Simulated time: when bots speak that keep office hours, in weeks in which clocks are put forward or back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.bots.conftest import bots_cloud

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("friday", "berlin_before", "berlin_after"),
    [
        # Clocks in Berlin are put back on 25 October 2026 and forward on 28 March 2027; those in Tokyo never.
        (datetime(2026, 10, 23, tzinfo=timezone.utc), "07:00", "08:00"),
        (datetime(2027, 3, 26, tzinfo=timezone.utc), "08:00", "07:00"),
    ],
)
def test_nine_on_weekdays_wherever_that_is(
    bots_assembly: Path, friday: datetime, berlin_before: str, berlin_after: str
):
    with bots_cloud(bots_assembly, now=friday - timedelta(hours=4)) as (cloud, _):
        ticks = [tick for tick in cloud.advance(by=timedelta(days=4)) if tick.schedule.path.startswith("Clocks/")]
        monday = f"{friday + timedelta(days=3):%Y-%m-%d}"
        assert [(tick.schedule.path, f"{tick.scheduled_time:%Y-%m-%d %H:%M}") for tick in ticks] == [
            ("Clocks/Tokyo", f"{friday:%Y-%m-%d} 00:00"),
            ("Clocks/Berlin", f"{friday:%Y-%m-%d} {berlin_before}"),
            ("Clocks/Tokyo", f"{monday} 00:00"),
            ("Clocks/Berlin", f"{monday} {berlin_after}"),
        ]
        assert [message.text for message in cloud.slack.messages] == [
            "Clocks/Tokyo Friday 09:00",
            "Clocks/Berlin Friday 09:00",
            "Clocks/Tokyo Monday 09:00",
            "Clocks/Berlin Monday 09:00",
        ]
