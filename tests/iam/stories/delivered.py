"""The example `delivery`: what it delivers. The pipeline does not run here."""

from __future__ import annotations

from tests.iam.apps import App
from tests.iam.stories import machines, scheduled_bots

DELIVERED = App(
    "delivery",
    stories=(*scheduled_bots.stories_of("Standup"), machines.UPDATED),
    stage="staging",
    region="ap-northeast-1",
    accounts=("111122223333",),
)
