"""The examples in `minimal`: each construct at its smallest."""

from __future__ import annotations

from typing import Any

from tests.iam.apps import App
from tests.iam.elsewhere import LAST_RESORT
from tests.iam.stories import (
    allowlist,
    clicks,
    endpoints,
    fan_out,
    instances,
    log_search,
    machines,
    notifier,
    scheduled_bots,
    schedules,
    site,
    slack,
    switch,
    workflows,
)

_CHANNEL = "C0123OPS"
_ALLOWLIST = allowlist.Allowlist()
_DEPLOYED = (machines.UPDATED,)


def _without_load_balancer(template: dict[str, Any]) -> None:
    """There is none on one machine; nobody is permitted anything by what is left out."""
    del template["Resources"]["Association"]


MINIMAL = (
    App(
        "minimal/arguments",
        stories=(
            slack.typed("/restart nginx", channel=_CHANNEL),
            clicks.chosen("/restart", "app", channel=_CHANNEL),
            *clicks.cancelled("/restart nginx", channel=_CHANNEL),
            clicks.undecided("/restart", channel=_CHANNEL),
            *endpoints.stories_of("Slack", "/restart nginx", channel=_CHANNEL),
            *_DEPLOYED,
            *instances.AGENTS_START,
        ),
        elsewhere=(LAST_RESORT,),
    ),
    App(
        "minimal/authorization",
        stories=(
            slack.typed("/disk", channel=_CHANNEL),
            *clicks.cancelled("/disk", channel=_CHANNEL),
            clicks.undecided("/disk", channel=_CHANNEL),
            *endpoints.stories_of("Slack", "/disk", channel=_CHANNEL),
            *_DEPLOYED,
            *instances.AGENTS_START,
        ),
        elsewhere=(LAST_RESORT,),
    ),
    App(
        "minimal/dual_stack_site",
        stories=(site.seen("/nothing/", status=404), site.seen_when_there("SiteBucket", "/here.txt")),
    ),
    App(
        "minimal/invoke_function", stories=(slack.typed("/hello"), *endpoints.stories_of("Slack", "/hello"), *_DEPLOYED)
    ),
    App(
        "minimal/ip_allowlist",
        stories=(
            *_ALLOWLIST.by_link(),
            *endpoints.stories_of("Slack", "/allow-me"),
            switch.redeployed("Ops"),
            *_DEPLOYED,
        ),
        tidy=_ALLOWLIST.empty,
    ),
    App("minimal/ip_set_pair", stories=()),
    App(
        "minimal/log_search",
        stories=(
            *log_search.stories_of("/logsearch abc"),
            *endpoints.stories_of("Slack", "/logsearch abc"),
            *_DEPLOYED,
        ),
        surroundings=log_search.there("/aws/lambda/orders", "/aws/lambda/billing"),
    ),
    App(
        "minimal/python_function",
        stories=(slack.typed("/escape <b>"), *endpoints.stories_of("Slack", "/escape <b>"), *_DEPLOYED),
    ),
    App(
        "minimal/run_script",
        stories=(
            slack.typed("/uptime"),
            *clicks.cancelled("/uptime"),
            clicks.undecided("/uptime"),
            *endpoints.stories_of("Slack", "/uptime"),
            *_DEPLOYED,
            *instances.AGENTS_START,
        ),
        elsewhere=(LAST_RESORT,),
    ),
    App(
        "minimal/scheduled_run_command",
        stories=(*schedules.stories_of("Batch/CleanUp"), *_DEPLOYED, *instances.AGENTS_START),
        elsewhere=(LAST_RESORT,),
    ),
    App("minimal/scheduled_slack_bot", stories=(*scheduled_bots.stories_of("Team/Standup"), *_DEPLOYED)),
    App(
        "minimal/slack_command_endpoint",
        stories=(
            slack.typed("/disk"),
            *clicks.cancelled("/disk"),
            clicks.undecided("/disk"),
            *endpoints.stories_of("Slack", "/disk"),
            *_DEPLOYED,
            *instances.AGENTS_START,
        ),
        elsewhere=(LAST_RESORT,),
    ),
    App("minimal/slack_notifier", stories=notifier.stories_of("Ops")),
    App(
        "minimal/stages",
        stories=(slack.typed("/hello"), *endpoints.stories_of("Slack", "/hello"), *_DEPLOYED),
        stage="staging",
        region="eu-central-1",
        accounts=("111122223333",),
    ),
    App(
        "minimal/start_workflow",
        stories=(
            slack.typed("/restore orders", channel=_CHANNEL),
            workflows.cancelled("/restore orders", workflows.of_the_app("Restore"), channel=_CHANNEL),
            clicks.undecided("/restore orders", channel=_CHANNEL),
            *endpoints.stories_of("Slack", "/restore orders", channel=_CHANNEL),
            *_DEPLOYED,
        ),
    ),
    App("minimal/throttled_fan_out", stories=fan_out.stories_of("Calls", producer="Publish")),
    App(
        "minimal/waf_maintenance_switch",
        stories=(
            slack.typed("/maintenance on for 10m", channel=_CHANNEL),
            *endpoints.stories_of("Slack", "/maintenance", channel=_CHANNEL),
            *switch.stories_of("Maintenance", "Edge"),
            *_DEPLOYED,
        ),
        edit=_without_load_balancer,
        tidy=switch.opened("Maintenance"),
    ),
)
