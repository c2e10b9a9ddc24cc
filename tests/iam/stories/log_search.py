"""What becomes of log searches: by reading, and with Logs Insights, which may take too long."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.iam.apps import Story
from tests.iam.stories import machines, slack

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.cloud import LocalCloud
    from tests.iam.laboratory import Laboratory

# Of functions' time, which is everybody's.
_SECONDS = 1
_FOREVER = 10_000


def stories_of(line: str, **where: str) -> tuple[Story, ...]:
    """Everything that can become of a search, by what is typed."""

    def by_query(laboratory: Laboratory, *, looks: int) -> None:
        logs = laboratory.cloud.server.logs
        machine = laboratory.id("SlackCommandsLogsearchMachine")
        logs.slow_queries(looks)
        try:
            with machines.doing_otherwise(laboratory, machine, _of_many_groups):
                slack.said(laboratory, line, **where)
        finally:
            logs.slow_queries()

    return (
        slack.typed(line, **where),
        Story(f"Logs Insights is asked for {line}", partial(by_query, looks=0)),
        Story(f"Logs Insights takes too long for {line}", partial(by_query, looks=_FOREVER)),
    )


def there(*names: str) -> Callable[[LocalCloud], None]:
    """Makes log groups of somebody else's."""

    def make(cloud: LocalCloud) -> None:
        for name in names:
            cloud.server.client("logs").create_log_group(logGroupName=name)

    return make


def _of_many_groups(definition: dict[str, Any]) -> dict[str, Any]:
    """The search as if there were more log groups than are read one by one, and little time."""

    def changed(part: dict[str, Any]) -> dict[str, Any]:
        if "insights_above" not in part:
            return part
        return {**part, "insights_above": {**part["insights_above"], "groups": 0}, "seconds": _SECONDS}

    impatient: dict[str, Any] = json.loads(json.dumps(definition), object_hook=changed)
    return impatient
