"""The example `guarded_site`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam.apps import App
from tests.iam.elsewhere import BUCKET_DEPLOYMENT
from tests.iam.stories import allowlist, endpoints, machines, site, slack, switch

if TYPE_CHECKING:
    from tests.iam.laboratory import Laboratory

_CHANNEL = "C012OPS34"
_ALLOWLIST = allowlist.Allowlist()


def _tidy(laboratory: Laboratory) -> None:
    switch.ordered(laboratory, "Maintenance", "off")
    _ALLOWLIST.empty(laboratory)


GUARDED_SITE = App(
    "guarded_site",
    stories=(
        slack.typed("/maintenance on for 10m", channel=_CHANNEL),
        *endpoints.stories_of("Slack", "/maintenance", channel=_CHANNEL),
        *switch.stories_of("Maintenance", "GuardedSiteEdge"),
        *_ALLOWLIST.by_link(),
        *(site.seen(path) for path in ("/", "/api/hours")),
        site.seen("/nothing/", status=404),
        machines.UPDATED,
    ),
    elsewhere=(BUCKET_DEPLOYMENT,),
    region="ap-northeast-1",
    tidy=_tidy,
)
