"""Queries of Logs Insights: their limits, the time that they take, and how their rows name a log group.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html: up to 50 log groups.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html: a query that is running
has partial results. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StopQuery.html: one that
has ended cannot be stopped. MiniStack's queries are over before they have begun.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.logs.answers import RefusedError, changed, error
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_start_query = private("services.cloudwatch_logs:_start_query", "data")
_get_query_results = private("services.cloudwatch_logs:_get_query_results", "data")
_stop_query = private("services.cloudwatch_logs:_stop_query", "data")
_row_from_record = private("services.cloudwatch_logs:_row_from_record", "record, fields")

MOST_GROUPS = 50
PARTIAL_ROWS = 2


class Queries:
    """The queries of a run, each with the number of looks at which it is still running."""

    def __init__(self) -> None:
        """They take no time."""
        self._looks = 0
        self._left: dict[str, int] = {}
        self._stopped: list[str] = []

    def apply(self, emulator: Emulator) -> None:
        """Let the controller make them take longer, and see which were stopped."""
        emulator.calls.update(slow_log_queries=self._slow, stopped_log_queries=lambda: self._stopped)
        account = emulator.account
        _start_query.wrap(self._started)
        _get_query_results.wrap(self._looked_at)
        _stop_query.wrap(self._stop)
        _row_from_record.wrap(lambda original: _naming_the_account(original, account))

    def _slow(self, looks: int) -> None:
        self._looks = looks

    def _started(self, original: Untyped) -> Untyped:
        def start_query(data: Mapping[str, Any]) -> Untyped:
            groups = [*data.get("logGroupNames", []), *data.get("logGroupIdentifiers", [])]
            if len(groups) > MOST_GROUPS:
                return error("InvalidParameterException", f"a query has more than {MOST_GROUPS} log groups")
            try:
                answer = original(data)
            except RefusedError as refused:
                return refused.answer
            if answer[0] == 200:
                self._left[json.loads(answer[2])["queryId"]] = self._looks
            return answer

        return start_query

    def _looked_at(self, original: Untyped) -> Untyped:
        def get_query_results(data: Mapping[str, Any]) -> Untyped:
            answer = original(data)
            left = self._left.get(data.get("queryId", ""), 0)
            if answer[0] != 200 or left == 0:
                return answer
            self._left[data["queryId"]] = left - 1
            return changed(answer, status="Running", results=json.loads(answer[2])["results"][:PARTIAL_ROWS])

        return get_query_results

    def _stop(self, original: Untyped) -> Untyped:
        def stop_query(data: Mapping[str, Any]) -> Untyped:
            query_id = data.get("queryId", "")
            if query_id in self._left and self._left[query_id] == 0:
                return error("InvalidParameterException", "The specified query is not running.")
            self._stopped.append(query_id)
            self._left[query_id] = 0
            return original(data)

        return stop_query


def _naming_the_account(original: Untyped, account: str) -> Untyped:
    """`@log` names the account too.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
    """

    def row_from_record(record: Mapping[str, Any], fields: list[str]) -> Untyped:
        return original({**record, "@log": f"{account}:{record['@log']}"}, fields)

    return row_from_record
