"""The example `scheduled_batch`."""

from __future__ import annotations

from tests.iam.apps import App
from tests.iam.stories import instances, machines, schedules

SCHEDULED_BATCH = App(
    "scheduled_batch",
    stories=(
        *schedules.stories_of("ScheduledBatch/NightlyBatch", fails_over=True),
        *schedules.stories_of("ScheduledBatch/WarmCaches"),
        machines.UPDATED,
        *instances.AGENTS_START,
    ),
)
