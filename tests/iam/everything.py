"""All example apps, the longest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam.stories.approvals import APPROVAL
from tests.iam.stories.delivered import DELIVERED
from tests.iam.stories.delivery import DELIVERY
from tests.iam.stories.guarded_site import GUARDED_SITE
from tests.iam.stories.maximal import MAXIMAL
from tests.iam.stories.minimal import MINIMAL
from tests.iam.stories.ops_bot import OPS_BOT
from tests.iam.stories.ops_room import OPS_ROOM
from tests.iam.stories.other_accounts import OTHER_ACCOUNTS
from tests.iam.stories.own_action import OWN_ACTION
from tests.iam.stories.scheduled_batch import SCHEDULED_BATCH
from tests.iam.stories.slack_bots import SLACK_BOTS
from tests.iam.stories.slack_events import SLACK_EVENTS
from tests.iam.stories.stage_secrets import STAGE_SECRETS

if TYPE_CHECKING:
    from tests.iam.apps import App

EVERYTHING: tuple[App, ...] = (
    GUARDED_SITE,
    *APPROVAL,
    OPS_ROOM,
    *OTHER_ACCOUNTS,
    *MAXIMAL,
    *SLACK_EVENTS,
    *STAGE_SECRETS,
    *DELIVERY,
    SCHEDULED_BATCH,
    SLACK_BOTS,
    DELIVERED,
    OPS_BOT,
    OWN_ACTION,
    *MINIMAL,
)
