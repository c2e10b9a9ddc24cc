"""What becomes of log searches: the log groups are there, and what only a search that takes too long needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.iam.elsewhere import Elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.cloud import LocalCloud

_STORY = "tests/end_to_end/log_search/test_log_search_end_to_end.py"

STOPPED = Elsewhere(
    "LogQueriesPolicy",
    "logs:StopQuery",
    "a query is stopped if it is not over when the search's time is, which takes minutes",
    f"{_STORY}::test_a_query_that_is_not_over_in_time_is_stopped_and_said_to_be",
)
QUERIED = Elsewhere(
    ".*SearchRoleDefaultPolicy|LogQueriesPolicy",
    "logs:StartQuery|logs:GetQueryResults",
    "queries search what is more than two log groups, or more than there is here",
    f"{_STORY}::test_a_transaction_across_services_is_one_time_line",
)


def there(*names: str) -> Callable[[LocalCloud], None]:
    """Makes log groups of somebody else's."""

    def make(cloud: LocalCloud) -> None:
        for name in names:
            cloud.server.client("logs").create_log_group(logGroupName=name)

    return make
