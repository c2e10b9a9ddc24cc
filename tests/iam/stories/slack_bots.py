"""The example `slack_bots`: one of its stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam.apps import App
from tests.iam.stories import handlers, machines, scheduled_bots

if TYPE_CHECKING:
    from chatops_local.slack import Message
    from tests.iam.laboratory import Laboratory

_REGION = "ap-northeast-1"


def _announcement(laboratory: Laboratory) -> Message:
    tick = laboratory.cloud.tick("Standup")
    tick.wait()
    (message,) = tick.messages
    return message


def _with_secret(laboratory: Laboratory) -> None:
    laboratory.cloud.server.put_secret("/acme/staging/feedback/link-key", "k" * 40, _REGION)


SLACK_BOTS = App(
    "slack_bots",
    stories=(
        *scheduled_bots.stories_of("Standup"),
        *handlers.clicked("I am away", _announcement),
        *handlers.mentioned("Slack", "feedback"),
        machines.UPDATED,
    ),
    stage="staging",
    region=_REGION,
    accounts=("111122223333",),
    furnish=_with_secret,
)
