"""The example `own_action`."""

from __future__ import annotations

from tests.iam.apps import App
from tests.iam.stories import clicks, endpoints, machines, slack

_OPS = "C0123OPS"

OWN_ACTION = App(
    "own_action",
    stories=(
        slack.typed("/mode quiet", channel=_OPS),
        clicks.chosen("/mode", "closed", channel=_OPS),
        clicks.undecided("/mode", channel=_OPS),
        *endpoints.stories_of("Slack", "/mode quiet", channel=_OPS),
        machines.UPDATED,
    ),
)
