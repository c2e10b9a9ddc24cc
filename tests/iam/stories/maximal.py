"""The examples in `maximal`: each construct with all that can be said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.iam.apps import App
from tests.iam.elsewhere import CLOUDFRONT_OF_KEY, HISTORIES_OF_KEY, LAST_RESORT, LOGS_OF_KEY, OWN_KEY
from tests.iam.stories import (
    allowlist,
    clicks,
    endpoints,
    fan_out,
    instances,
    ip_sets,
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

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.cloud import LocalCloud
    from tests.iam.laboratory import Laboratory

_OPS = "C0123OPS"
_APP, _OTHER_APP = "A034CD5EF", "A056EF7GH"
_ADMIN = "U0123ADMIN"
_FOR_ADMINS = ("/uptime", "/who", "/ops reload", "/deploy prod")
_SECURITY = "C0123SEC"
_ALARMS = "arn:aws:sns:ap-northeast-1:123456789012:alarms"
_SHARED_SECRET, _SIGNING_SECRET, _BOT_TOKEN = (
    f"/ops/{name}" for name in ("allowlist-secret", "prod/slack-signing-secret", "prod/slack-bot-token")
)
_ALLOWLIST = allowlist.Allowlist()
_DEPLOYED = (machines.UPDATED,)


def _without_what_is_not_its_own(template: dict[str, Any]) -> None:
    """The web ACL and the zone belong to other apps; nobody is permitted anything by what is left out."""
    resources = template["Resources"]
    for logical_id in [id for id, one in resources.items() if one["Type"] == "AWS::Route53::RecordSet"]:
        del resources[logical_id]
    for resource in resources.values():
        if resource["Type"] == "AWS::CloudFront::Distribution":
            del resource["Properties"]["DistributionConfig"]["WebACLId"]


def _with_topic(cloud: LocalCloud) -> None:
    cloud.server.client("sns").create_topic(Name=_ALARMS.rpartition(":")[2])


def _encrypted(*names: str) -> Callable[[Laboratory], None]:
    """Stores parameters under the app's own key, as who says which key it is has them."""

    def store(laboratory: Laboratory) -> None:
        key = laboratory.id("Key")
        ssm = laboratory.cloud.server.client("ssm")
        for name in names:
            value = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
            ssm.put_parameter(Name=name, Value=value, Type="SecureString", KeyId=key, Overwrite=True)

    return store


def _with_shared_secret(cloud: LocalCloud) -> None:
    cloud.server.put_secret(_SHARED_SECRET, allowlist.SECRET)


def _with_admin(laboratory: Laboratory) -> None:
    laboratory.cloud.slack.workspace.people.set_group("S0123ADMINS", [_ADMIN])


MAXIMAL = (
    App(
        "maximal/arguments",
        stories=(
            slack.typed("/logs --since 3h", channel=_OPS),
            slack.typed("/ops let-in <@U034EF5GH|hanako> 203.0.113.7", channel=_OPS),
            *clicks.cancelled("/ops logs", channel=_OPS),
            *clicks.cancelled("/ops let-in <@U034EF5GH|hanako> 203.0.113.7", channel=_OPS),
            clicks.undecided("/ops log", channel=_OPS),
            *endpoints.stories_of("Slack", "/ops logs", channel=_OPS),
            *_DEPLOYED,
            *instances.AGENTS_START,
        ),
        elsewhere=(LAST_RESORT,),
    ),
    App(
        "maximal/authorization",
        stories=(
            *(slack.typed(line, channel=_OPS, user=_ADMIN) for line in _FOR_ADMINS),
            *(each for line in _FOR_ADMINS for each in clicks.cancelled(line, channel=_OPS, user=_ADMIN)),
            clicks.chosen("/deploy", "dev", channel=_OPS),
            clicks.undecided("/uptime"),
            *endpoints.stories_of("Slack", "/uptime"),
            slack.answered_late("/uptime"),
            *_DEPLOYED,
            *instances.AGENTS_START,
        ),
        furnish=_with_admin,
        elsewhere=(LAST_RESORT,),
    ),
    App(
        "maximal/dual_stack_site",
        stories=(site.seen("/assets/nothing.js", status=404), site.seen_when_there("SiteBucket", "/here.txt")),
        edit=_without_what_is_not_its_own,
        elsewhere=(
            CLOUDFRONT_OF_KEY,
            OWN_KEY,
            LOGS_OF_KEY,
        ),
    ),
    App(
        "maximal/invoke_function",
        stories=(
            slack.typed("/flags"),
            slack.typed("/flags set on", channel=_OPS),
            *endpoints.stories_of("Slack", "/flags"),
            *_DEPLOYED,
        ),
        elsewhere=(
            OWN_KEY,
            LOGS_OF_KEY,
        ),
    ),
    App(
        "maximal/ip_allowlist",
        stories=(
            *endpoints.stories_of("Slack", "/allow-me"),
            *_ALLOWLIST.by_link(),
            _ALLOWLIST.by_secret(),
            *_ALLOWLIST.signed("Builder"),
            *_ALLOWLIST.administered("OnCall", channel=_SECURITY),
            switch.redeployed("Ops"),
            *_DEPLOYED,
        ),
        surroundings=_with_shared_secret,
        furnish=_encrypted(_SHARED_SECRET),
        tidy=_ALLOWLIST.empty,
        elsewhere=(LOGS_OF_KEY,),
    ),
    App("maximal/ip_set_pair", stories=(ip_sets.updated("Keeper", "Visitors"),)),
    App(
        "maximal/log_search",
        stories=(
            *log_search.stories_of("/logsearch abc", channel=_OPS),
            slack.typed("/logsearch abc --group orders", channel=_OPS),
            slack.typed("/logsearch abc --group mail", channel=_OPS),
            slack.answered_late("/logsearch abc", channel=_OPS),
            *endpoints.stories_of("Slack", "/logsearch abc", channel=_OPS),
            *_DEPLOYED,
        ),
        surroundings=log_search.there("/aws/ecs/mail/worker"),
        elsewhere=(LOGS_OF_KEY,),
    ),
    App(
        "maximal/python_function",
        stories=(slack.typed("/escape <b>"), *endpoints.stories_of("Slack", "/escape <b>"), *_DEPLOYED),
        elsewhere=(
            OWN_KEY,
            LOGS_OF_KEY,
        ),
    ),
    App(
        "maximal/run_script",
        stories=(
            slack.typed("/reindex orders", channel=_OPS),
            *clicks.cancelled("/reindex orders", channel=_OPS),
            clicks.undecided("/reindex orders", channel=_OPS),
            *endpoints.stories_of("Slack", "/reindex orders", channel=_OPS),
            slack.answered_late("/reindex orders", channel=_OPS),
            *_DEPLOYED,
            *instances.AGENTS_START,
        ),
        elsewhere=(LAST_RESORT,),
    ),
    App(
        "maximal/scheduled_run_command",
        stories=(
            *schedules.stories_of("Batch/Nightly"),
            *notifier.stories_of("Ops"),
            *_DEPLOYED,
            *instances.AGENTS_START,
        ),
        elsewhere=(
            LAST_RESORT,
            LOGS_OF_KEY,
        ),
        tidy=schedules.unlock,
    ),
    App(
        "maximal/scheduled_slack_bot",
        stories=(*scheduled_bots.stories_of("Team/Duty", tells_topics=True), *_DEPLOYED),
        furnish=_encrypted(_BOT_TOKEN),
        elsewhere=(LOGS_OF_KEY, OWN_KEY),
    ),
    App(
        "maximal/slack_command_endpoint",
        stories=(
            slack.typed("/disk", endpoint=_APP),
            *endpoints.stories_of("Slack", "/disk", endpoint=_APP),
            slack.typed("/uptime", endpoint=_OTHER_APP),
            *endpoints.stories_of("Other", "/uptime", endpoint=_OTHER_APP),
            *(
                tell(f"/ops {name}", channel=_OPS, user="U012AB3CD", endpoint=_APP)
                for name in ("restart", "reload")
                for tell in (slack.typed, clicks.cancelled_after)
            ),
            clicks.cancelled_after("/disk", endpoint=_APP),
            clicks.undecided("/disk", endpoint=_APP),
            clicks.cancelled_after("/uptime", endpoint=_OTHER_APP),
            clicks.undecided("/uptime", id="Other", endpoint=_OTHER_APP),
            slack.answered_late("/disk", endpoint=_APP),
            *_DEPLOYED,
            *instances.AGENTS_START,
        ),
        furnish=_encrypted(_SIGNING_SECRET, _BOT_TOKEN),
        elsewhere=(
            HISTORIES_OF_KEY,
            LAST_RESORT,
            LOGS_OF_KEY,
        ),
    ),
    App(
        "maximal/slack_notifier",
        stories=notifier.stories_of("Ops", topic=_ALARMS),
        region="ap-northeast-1",
        surroundings=_with_topic,
        furnish=_encrypted(_BOT_TOKEN),
        elsewhere=(LOGS_OF_KEY,),
    ),
    App("maximal/stages", stories=(), stage="production", region="eu-west-1", accounts=("444455556666",)),
    App(
        "maximal/start_workflow",
        stories=(
            workflows.approved("/restore orders", by=_ADMIN, seen_with="/ops status", channel=_OPS),
            workflows.cancelled(
                "/restore orders", workflows.of_somebody_else("RestoreTable"), approved_by=_ADMIN, channel=_OPS
            ),
            clicks.undecided("/restore orders", channel=_OPS),
            slack.typed("/price something"),
            slack.answered_late("/price something"),
            *endpoints.stories_of("Slack", "/price something"),
            slack.typed("/ops status"),
            slack.typed("/ops history"),
            # It sees the one before it.
            slack.typed("/ops history --since 90d"),
            *_DEPLOYED,
        ),
        surroundings=workflows.there("RestoreTable"),
        furnish=_with_admin,
    ),
    App(
        "maximal/throttled_fan_out",
        stories=(
            *fan_out.stories_of("Calls", producer="Publish"),
            fan_out.redriven("Calls", status="/calls status", redrive="/calls redrive", channel="C0123OPS"),
            *endpoints.stories_of("Slack", "/calls status"),
            *_DEPLOYED,
        ),
        elsewhere=(
            OWN_KEY,
            LOGS_OF_KEY,
        ),
    ),
    App(
        "maximal/waf_maintenance_switch",
        stories=switch.stories_of("Maintenance", "Edge"),
        tidy=switch.opened("Maintenance"),
        elsewhere=(LOGS_OF_KEY,),
    ),
)
