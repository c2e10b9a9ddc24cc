"""The examples `other_accounts`: both stacks in the one account that there is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam.apps import App
from tests.iam.elsewhere import LOGS_OF_KEY, OWN_KEY
from tests.iam.stories import clicks, endpoints, instances, log_search, machines, slack
from tests.iam.stories.clicks import Answer

if TYPE_CHECKING:
    from tests.iam.laboratory import Laboratory

_ACCOUNTS = ("111111111111", "222222222222")
_REGION = "eu-central-1"
_ADMINS = ("U0ADA", "U0BEN", "U0CLEO")
_RESTART = (
    clicks.submitted("web-1"),
    Answer("Approve", by=_ADMINS[1]),
    Answer("Approve", by=_ADMINS[2], seen_with="1 of 2"),
)


def _with_admins(laboratory: Laboratory) -> None:
    laboratory.cloud.slack.workspace.people.set_group("S0ADMINS", _ADMINS)


OTHER_ACCOUNTS = (
    App(
        "maximal/other_accounts",
        stories=(
            clicks.answered("/restart", *_RESTART, user=_ADMINS[0]),
            clicks.cancelled_after("/restart", *_RESTART, user=_ADMINS[0]),
            clicks.undecided("/restart", user=_ADMINS[0]),
            *log_search.stories_of("/logsearch abc"),
            *endpoints.stories_of("Slack", "/logsearch abc"),
            machines.UPDATED,
            *instances.AGENTS_START,
        ),
        region=_REGION,
        surroundings=log_search.there("/aws/lambda/orders", "/aws/lambda/billing"),
        furnish=_with_admins,
        accounts=_ACCOUNTS,
        elsewhere=(OWN_KEY, LOGS_OF_KEY),
    ),
    App(
        "minimal/other_accounts",
        stories=(
            slack.typed("/uptime"),
            *clicks.cancelled("/uptime"),
            clicks.undecided("/uptime"),
            *endpoints.stories_of("Slack", "/uptime"),
            machines.UPDATED,
            *instances.AGENTS_START,
        ),
        region=_REGION,
        accounts=_ACCOUNTS,
    ),
)
