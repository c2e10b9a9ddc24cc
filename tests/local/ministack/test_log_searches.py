"""Searches in CloudWatch Logs: patterns, pages, queries, and what goes wrong with them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.trust.behaviours import LOG_PAGES, LOG_PATTERNS, LOG_QUERIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server import Server

AT = 1_763_773_430_000
names = (f"/searches/{number}" for number in itertools.count())


class Group:
    """A log group with lines in two streams."""

    def __init__(self, server: Server, *lines: str) -> None:
        self.name = next(names)
        self.client = server.client("logs")
        self.client.create_log_group(logGroupName=self.name)
        for stream in ("a", "b"):
            self.client.create_log_stream(logGroupName=self.name, logStreamName=stream)
            events = [
                {"timestamp": AT + at, "message": line} for at, line in enumerate(lines) if "ab"[at % 2] == stream
            ]
            if events:
                self.client.put_log_events(logGroupName=self.name, logStreamName=stream, logEvents=events)

    def page(self, pattern: str = "", **arguments: Any) -> dict[str, Any]:
        page: dict[str, Any] = self.client.filter_log_events(logGroupName=self.name, filterPattern=pattern, **arguments)
        return page

    def found(self, pattern: str = "", **arguments: Any) -> list[str]:
        page = self.page(pattern, **arguments)
        lines = messages(page)
        while "nextToken" in page:
            page = self.page(pattern, nextToken=page["nextToken"], **arguments)
            lines += messages(page)
        return lines

    def query(self, query: str, **arguments: Any) -> str:
        groups = {"logGroupNames": [self.name], **arguments}
        answer = self.client.start_query(queryString=query, startTime=AT // 1000, endTime=AT // 1000 + 10, **groups)
        return str(answer["queryId"])

    def rows(self, query: str) -> list[str]:
        results = self.client.get_query_results(queryId=self.query(query))["results"]
        return [cell["value"] for row in results for cell in row if cell["field"] == "@message"]


def messages(page: dict[str, Any]) -> list[str]:
    return [event["message"] for event in page["events"]]


@pytest.fixture
def group(server: Server) -> Iterator[Group]:
    yield Group(server, "one ERROR", "two error 10%", 'three "quoted" ERROR', "four a.b*c", "five")
    server.logs.pages()
    server.logs.slow_queries()


@LOG_PATTERNS.allow()
@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("", 5),
        ("ERROR", 2),
        ('"e ERROR"', 1),
        ('"10%"', 1),
        ('"a.b*c"', 1),
        ('"three" "ERROR"', 1),
        ('?"one" ?"five"', 2),
        ("-ERROR", 3),
        ("%f[io]%", 2),
    ],
)
def test_a_line_that_has_the_terms_is_found(group: Group, pattern: str, count: int):
    assert len(group.found(pattern)) == count


@LOG_PATTERNS.deny()
@pytest.mark.parametrize("pattern", ["Error", '"a.bc"', '"one five"', '"a?b"', '"f[io]"'])
def test_a_line_that_has_something_like_them_is_not(group: Group, pattern: str):
    assert group.found(pattern) == []


@pytest.mark.parametrize("pattern", ['"open', "a.b", '"a\\"b"', "x" * 1025])
def test_what_is_no_pattern_is_refused(group: Group, pattern: str):
    with pytest.raises(ClientError, match="InvalidParameterException"):
        group.found(pattern)


@LOG_PAGES.allow()
def test_pages_hold_so_many_events_and_some_none_and_together_they_are_all(server: Server, group: Group):
    server.logs.pages(2, with_empty=True)
    page = group.page()
    assert page["events"] == []
    assert "nextToken" in page
    assert [line.split()[0] for line in group.found()] == ["one", "two", "three", "four", "five"]


@LOG_PAGES.deny()
def test_a_page_without_a_token_is_the_last(group: Group):
    assert "nextToken" not in group.page(limit=5)
    assert "nextToken" in group.page(limit=4)
    with pytest.raises(ClientError, match="nextToken is invalid"):
        group.page(nextToken="bm8=")


def test_events_of_one_millisecond_on_several_pages_come_once(server: Server):
    group = Group(server)
    events = [{"timestamp": AT, "message": f"line {number}"} for number in range(7)]
    group.client.put_log_events(logGroupName=group.name, logStreamName="a", logEvents=events)
    server.logs.pages(2)
    assert group.found() == [event["message"] for event in events]
    server.logs.pages()


@LOG_QUERIES.allow()
def test_a_query_finds_texts_and_names_account_and_group(server: Server, group: Group):
    condition = '(@message like "ERROR" and not @message like "one") or @message like \'iv\''
    query = f"fields @timestamp, @log, @message | filter {condition}"
    assert group.rows(f"{query} | sort @timestamp desc") == ["five", 'three "quoted" ERROR']
    row = group.client.get_query_results(queryId=group.query(query))["results"][0]
    cells = {cell["field"]: cell["value"] for cell in row}
    account = server.client("sts").get_caller_identity()["Account"]
    assert cells["@log"] == f"{account}:{group.name}"


@LOG_QUERIES.deny()
@pytest.mark.parametrize(
    "condition", ['@message like "a" xor', "@message == 1", '(@message like "a"', '@message like "a" b']
)
def test_a_condition_that_nobody_understands_is_not_true(group: Group, condition: str):
    with pytest.raises(ClientError, match="MalformedQueryException"):
        group.rows(f"filter {condition}")


def test_a_query_of_more_than_fifty_groups_is_refused(group: Group):
    with pytest.raises(ClientError, match="more than 50"):
        group.query("fields @message", logGroupNames=[f"/g/{number}" for number in range(51)])


def test_a_running_query_has_some_rows_and_can_be_stopped_once(server: Server, group: Group):
    server.logs.slow_queries(1)
    query = group.query("fields @message")
    first, second = (group.client.get_query_results(queryId=query) for _ in range(2))
    assert (first["status"], len(first["results"])) == ("Running", 2)
    assert (second["status"], len(second["results"])) == ("Complete", 5)
    with pytest.raises(ClientError, match="not running"):
        group.client.stop_query(queryId=query)
    other = group.query("fields @message")
    group.client.stop_query(queryId=other)
    assert other in server.logs.stopped_queries


def test_groups_are_described_by_name(server: Server, group: Group):
    others = [Group(server).name for _ in range(2)]
    described = group.client.describe_log_groups(logGroupIdentifiers=[group.name, others[1], "/searches/none"])
    assert [each["logGroupName"] for each in described["logGroups"]] == [group.name, others[1]]


def test_calls_are_throttled_as_often_as_it_is_said(server: Server, group: Group):
    server.logs.throttle("FilterLogEvents", times=100)
    with pytest.raises(ClientError, match="ThrottlingException"):
        group.page()
    server.logs.throttle("FilterLogEvents", times=0)
    assert len(group.page()["events"]) == 5
