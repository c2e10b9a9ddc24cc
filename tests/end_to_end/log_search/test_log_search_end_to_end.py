"""A signed request → dispatch → state machine → the search function with its own rights → a time line in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.log_search.archive import REQUEST, TRACE

if TYPE_CHECKING:
    from tests.end_to_end.log_search.archive import Archive

TRANSACTION = ["START RequestId", "reads the order", "reserves for 1-", "no <such> order", "tells <!channel>"]


def in_order(said: str, *parts: str) -> bool:
    places = [said.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


@pytest.mark.parametrize("command", ["/logsearch", "/logquery"])
def test_a_transaction_across_services_is_one_time_line(archive: Archive, command: str):
    said = archive.said(f"{command} {REQUEST}")
    assert in_order(said, *TRANSACTION)
    assert "found 5 lines" in said
    assert "in 3 of 4 log groups, 1 of them an error" in said
    assert TRACE in said
    assert "somebody else" not in said
    assert "long ago" not in said


def test_what_stands_in_lines_notifies_nobody(archive: Archive):
    (message,) = archive.messages(f"/logsearch {REQUEST}")
    assert message.notifies == ("<@U0LOCALUSER>",)  # who asked


def test_a_log_group_that_is_not_there_is_named(archive: Archive):
    assert "there is no such log group: gone" in archive.said(f"/logsearch {REQUEST}").replace("`", "")


def test_only_the_groups_that_were_named_are_read(archive: Archive):
    assert "salaries" not in archive.said(f"/logsearch {REQUEST}")
    called = {call.resource for call in archive.cloud.server.decisions() if call.action == "logs:FilterLogEvents"}
    assert called
    assert not any(archive.name("Payroll") in resource for resource in called)


def test_every_page_is_read_though_calls_are_throttled(archive: Archive):
    archive.cloud.server.logs.pages(1, with_empty=True)
    archive.cloud.server.logs.throttle("FilterLogEvents", 3)
    assert in_order(archive.said(f"/logsearch {REQUEST}"), *TRANSACTION)


def test_a_window_and_a_group(archive: Archive):
    said = archive.said(f"/logsearch {REQUEST} --since 9h --group mail")
    assert in_order(said, "long ago", "tells")
    assert "found 2 lines" in said
    assert "in 1 of 1 log group" in said


def test_a_group_that_nobody_knows_is_refused_at_once(archive: Archive):
    sent = archive.cloud.slack.send("/logsearch abc --group payroll", endpoint="A0LOGS01")
    assert "orders" in sent.ack.text
    assert archive.cloud.executions_of(sent) == []


def test_nothing_is_found(archive: Archive):
    assert "found nothing of `nowhere-to-be-found`" in archive.said("/logsearch nowhere-to-be-found")


@pytest.mark.parametrize("text", ["'%.*%'", "'\" | limit 0'", "'?ERROR ?START'", "'{ $.a = * }'"])
@pytest.mark.parametrize("command", ["/logsearch", "/logquery"])
def test_what_is_typed_is_no_syntax(archive: Archive, command: str, text: str):
    said = archive.said(f"{command} {text}")
    assert "found nothing" in said or "searched nothing" in said


def test_a_search_that_goes_on_says_its_first_lines(archive: Archive):
    # Twice a second it is looked whether a query is over, for six seconds at first.
    archive.cloud.server.logs.slow_queries(14)
    first, last = archive.messages(f"/logquery {REQUEST} --since 9h --group mail")
    assert "is still searching" in first.shown
    assert in_order(first.shown, "long ago", "tells")
    assert "found 2 lines" in last.shown


def test_a_query_that_is_not_over_in_time_is_stopped_and_said_to_be(archive: Archive):
    archive.cloud.server.logs.slow_queries(10_000)
    before = archive.cloud.server.logs.stopped_queries
    said = archive.messages(f"/logshort {REQUEST}")[-1].shown
    assert "Not searched to the end, since the time was over: `all-orders`" in said
    assert len(archive.cloud.server.logs.stopped_queries) == len(before) + 1
