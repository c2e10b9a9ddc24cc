"""A search with FilterLogEvents, group by group, every page.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html: a page may be empty while
there is a `nextToken`; only without one it is the last.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from chatops_runtime.log_search.line import Line
from chatops_runtime.log_search.logs_client import MOST_AT_ONCE
from chatops_runtime.log_search.patience import OutOfTimeError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_runtime.log_search.patience import Patience
    from chatops_runtime.log_search.quest import Quest
    from chatops_runtime.log_search.searched_group import Group


def search(client: Any, groups: Sequence[Group], quest: Quest, patience: Patience) -> None:  # noqa: ANN401 - boto3's
    """Search `groups` at the same time, to their ends or for as long as there is time.

    Args:
        client: Of CloudWatch Logs.
        groups: Where; each goes on where it was.
        quest: What for.
        patience: How long.
    """
    if groups:
        with ThreadPoolExecutor(min(len(groups), MOST_AT_ONCE)) as threads:
            list(threads.map(lambda group: _search(client, group, quest, patience), groups))


def _search(client: Any, group: Group, quest: Quest, patience: Patience) -> None:  # noqa: ANN401
    wanted = {
        "logGroupName": group.name,
        "filterPattern": quest.term.filter_pattern,
        "startTime": quest.window.since,
        "endTime": quest.window.until,
    }
    while group.is_open:
        at = {"nextToken": group.token} if group.token else {}
        try:
            page = patience.call(client.filter_log_events, **wanted, **at)
        except OutOfTimeError:
            return
        except RefusedError as refused:
            group.problem = refused.why
            return
        for event in page["events"]:
            if quest.takes(event["timestamp"], event["message"]):
                group.add(Line.found(event["timestamp"], group.index, event["message"]))
        group.token = page.get("nextToken")
        group.is_finished = group.token is None
