"""The example `ops_bot`."""

from __future__ import annotations

from tests.iam.apps import App
from tests.iam.elsewhere import LAST_RESORT
from tests.iam.stories import clicks, endpoints, instances, machines, slack

OPS_BOT = App(
    "ops_bot",
    stories=(
        *(slack.typed(line) for line in ("/ps", "/disk", "/uptime", "/hello world")),
        *(clicks.cancelled_after(line) for line in ("/ps", "/disk", "/uptime")),
        clicks.undecided("/ps"),
        *endpoints.stories_of("Slack", "/hello"),
        machines.UPDATED,
        *instances.AGENTS_START,
    ),
    elsewhere=(LAST_RESORT,),
)
