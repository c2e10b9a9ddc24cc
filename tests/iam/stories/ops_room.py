"""The example `ops_room`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam.apps import App, Story
from tests.iam.elsewhere import LAST_RESORT
from tests.iam.stories import approvals, clicks, endpoints, instances, log_search, machines, slack, workflows
from tests.iam.stories.clicks import Answer

if TYPE_CHECKING:
    from tests.iam.laboratory import Laboratory

_OPS = "C0123OPS"
_APPROVED = Answer("Approve", by="U0BEN")
_SERVED = clicks.submitted("nginx")
_PICKED = clicks.submitted("web-1")


def _is_looked_back_on(laboratory: Laboratory) -> None:
    for line in ("/service nginx", "/order 7", "/logsearch abc", "/ops status", "/ops history"):
        slack.said(laboratory, line)
    history = slack.said(laboratory, "/ops history")
    assert "/ops history" in history
    assert "/service" in history


OPS_ROOM = App(
    "ops_room",
    stories=(
        clicks.answered("/service", _SERVED),
        clicks.cancelled_after("/service", _SERVED),
        clicks.undecided("/service"),
        workflows.approved("/drain", _PICKED, by="U0BEN", seen_with="/ops status"),
        clicks.cancelled_after("/drain", _PICKED, _APPROVED),
        approvals.busy("/drain", _PICKED),
        *log_search.stories_of("/logsearch abc"),
        Story("somebody looks back on everything", _is_looked_back_on),
        *endpoints.stories_of("Slack", "/order 7"),
        slack.answered_late("/order 7"),
        machines.UPDATED,
        *instances.AGENTS_START,
    ),
    elsewhere=(LAST_RESORT,),
)
