"""The parts of a log search: terms, time lines, errors, keys, windows, links."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.contracts.log_search import LONGEST_TERM
from chatops_runtime.log_search import timeline
from chatops_runtime.log_search.console_link import LONGEST, link
from chatops_runtime.log_search.correlation import keys_in
from chatops_runtime.log_search.error_lines import is_error
from chatops_runtime.log_search.line import LONGEST as LONGEST_LINE
from chatops_runtime.log_search.line import Line
from chatops_runtime.log_search.queries import query_string
from chatops_runtime.log_search.searched_group import MOST_LINES, Group
from chatops_runtime.log_search.term import Term
from chatops_runtime.log_search.window import Window

# As the local cloud reads it: phrases in quotes, in which nothing is special but their end.
PATTERN = re.compile(r'(?:"[^"\\%\x00-\x1f]*"(?: |$))+')
CONDITION = re.compile(r'\(@message like "[^"\\%\x00-\x1f]*"(?: and @message like "[^"\\%\x00-\x1f]*")*\)')

hostile = st.text(alphabet=st.sampled_from(list('ab1 "\\%?*|-{}[]()/`\n\té…')), min_size=1, max_size=60)
lines_of_groups = st.lists(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=12).map(sorted), min_size=1, max_size=5
)


def line(at: int, text: str = "x", *, group: int = 0, error: bool = False) -> Line:
    return Line(at, group, text, is_error=error)


def phrases(pattern: str) -> list[str]:
    return re.findall(r'"([^"]*)"', pattern)


class TestTerm:
    @given(hostile)
    def test_what_is_typed_never_becomes_syntax(self, text: str):
        term = Term((text,))
        if term.is_searchable:
            assert PATTERN.fullmatch(term.filter_pattern)
            assert CONDITION.fullmatch(term.insights_condition)

    @given(hostile, hostile, hostile)
    def test_a_line_that_holds_it_meets_pattern_and_condition(self, before: str, text: str, after: str):
        term, message = Term((text,)), before + text + after
        assert term.matches(message)
        assert all(phrase in message for phrase in phrases(term.filter_pattern))
        assert all(phrase in message for phrase in phrases(term.insights_condition))

    @given(st.text(max_size=LONGEST_TERM))
    def test_a_pattern_is_never_too_long(self, text: str):
        assert len(Term((text,)).filter_pattern) <= 1024

    def test_a_line_with_its_pieces_only_is_none(self):
        term = Term(('{"id": "7"}',))
        assert term.filter_pattern == '"id" "7"'
        assert term.matches('got {"id": "7"}')
        assert not term.matches("id 7")

    def test_of_several_texts_one_is_enough(self):
        term = Term(("abc", 'd"efg'))
        assert term.filter_pattern == '?"abc" ?"efg"'
        assert term.insights_condition == '(@message like "abc") or (@message like "d" and @message like "efg")'
        assert term.matches('only d"efg')
        assert not term.matches("only efg")

    @pytest.mark.parametrize(
        ("typed", "searched"),
        [
            ("1-6734a1b2-0123456789abcdef01234567", "1-6734a1b2-0123456789abcdef01234567"),
            ("Root=1-67-01", "1-67-01"),
            ("X-Amzn-Trace-Id: Root=1-67-01;Parent=5;Sampled=1", "1-67-01"),
            ("Self=1-66-00;Root=1-67-01", "1-67-01"),
            ("the Root=1-67-01", "the Root=1-67-01"),
            ("Root=", "Root="),
        ],
    )
    def test_of_x_rays_header_the_trace_id(self, typed: str, searched: str):
        assert Term.typed(typed).texts == (searched,)


class TestTimeline:
    @given(lines_of_groups)
    def test_merging_keeps_time_and_the_order_within_a_group(self, groups: list[list[tuple[int, bool]]]):
        given_lines = [
            [line(at, f"{number}", group=index, error=error) for number, (at, error) in enumerate(group)]
            for index, group in enumerate(groups)
        ]
        merged = timeline.merged(given_lines)
        assert [each.at for each in merged] == sorted(each.at for each in merged)
        assert len(merged) == sum(map(len, groups))
        for index, group in enumerate(given_lines):
            assert [each.text for each in merged if each.group == index] == [each.text for each in group]

    @given(lines_of_groups, st.integers(0, 2000))
    def test_what_is_shown_fits_and_what_is_not_is_counted(self, groups: list[list[tuple[int, bool]]], room: int):
        lines = timeline.merged([line(at, "é" * at, error=error) for at, error in group] for group in groups)
        shown, behind = timeline.shown(lines, room)
        assert len(json.dumps(shown)) <= room + 20 * len(shown) + 2  # `left_out` beside each
        assert len(shown) + behind + sum(each.get("left_out", 0) for each in shown) == len(lines)

    def test_all_is_shown_if_there_is_room(self):
        lines = [line(number) for number in range(50)]
        shown, behind = timeline.shown(lines, 10_000)
        assert (len(shown), behind) == (50, 0)
        assert not any("left_out" in each for each in shown)

    def test_errors_come_first_then_what_is_around_them_then_what_is_newest(self):
        lines = [line(number, "x" * 60, error=number == 10) for number in range(100)]
        cost = len(json.dumps(timeline.rendered(lines[10]))) + 2
        chosen = timeline.chosen(lines, cost * 10)
        assert {8, 9, 10, 11, 12} <= set(chosen)
        assert chosen[-1] == 99
        assert set(chosen) <= {8, 9, 10, 11, 12, *range(90, 100)}

    def test_many_errors_leave_room_for_what_is_around_the_newest(self):
        lines = [line(number, "x" * 60, error=number % 10 == 0) for number in range(1000)]
        cost = len(json.dumps(timeline.rendered(lines[0]))) + 2
        chosen = timeline.chosen(lines, cost * 50)
        assert {988, 989, 990, 991, 992} <= set(chosen)
        assert 20 < sum(lines[index].is_error for index in chosen) <= 35


class TestGroup:
    def test_the_newest_are_kept_and_all_are_counted(self):
        group = Group(0, "/g", "g")
        for number in range(MOST_LINES + 10):
            group.add(line(number))
        group.add(line(3, "ERROR", error=True))
        assert (group.found, group.errors) == (MOST_LINES + 11, 1)
        assert [each.at for each in group.lines] == [3, *range(10, MOST_LINES + 10)]
        assert group.to_result(shown=1)["left_out"] == MOST_LINES + 10

    def test_what_another_invocation_kept_comes_before_what_is_found_now(self):
        group = Group(0, "/g", "g")
        group.go_on({"found": 2, "errors": 0, "token": "t", "finished": False, "problem": ""})
        group.keep([line(5, "a"), line(5, "b")])
        group.add(line(5, "c"))
        assert ("".join(each.text for each in group.lines), group.found) == ("abc", 3)


@pytest.mark.parametrize(
    "text",
    [
        "2025-11-22 ERROR no such order",
        '{"level":"error","msg":"x"}',
        '{"severity": "CRITICAL"}',
        "level=error msg=x",
        "ValueError: 7",
        "java.lang.IllegalStateException: x",
        "Traceback (most recent call last):",
        "2025 abc Task timed out after 3.00 seconds",
        "REPORT RequestId: x Status: timeout",
        "panic: runtime error",
    ],
)
def test_errors(text: str):
    assert is_error(text)


@pytest.mark.parametrize(
    "text", ["INFO no error here", '{"errors": 0}', "error_rate=0", "ErrorBudget is fine", "status: ok", "MIRROR up"]
)
def test_no_errors(text: str):
    assert not is_error(text)


def test_a_long_line_says_how_much_is_cut_off():
    found = Line.found(0, 0, "x" * (LONGEST_LINE + 1234) + "\n")
    assert found.text.endswith("x … (1,234 more characters)")


def test_half_a_character_does_no_harm():
    assert Line.found(0, 0, "a\ud800b").text == "a?b"


class TestKeys:
    def test_in_order_and_once(self):
        lines = [line(0, "order=22222222 order=11111111"), line(1, "order=22222222")]
        assert keys_in(lines, [r"order=(\d+)"], Term(("abc",))) == ["22222222", "11111111"]

    @pytest.mark.parametrize("text", ["order=123", f"order={'1' * 101}", "order=7654321"])
    def test_what_is_too_short_or_too_long_or_searched_for_is_none(self, text: str):
        assert keys_in([line(0, text)], [r"order=(\d+)"], Term(("id 7654321",))) == []

    def test_a_group_that_did_not_take_part_is_none(self):
        assert keys_in([line(0, "order")], [r"order(?:=(\d+))?"], Term(("abc",))) == []


class TestWindow:
    NOW = datetime(2025, 11, 22, 2, 0, 5, tzinfo=timezone.utc)
    STARTED = "2025-11-22T02:00:00.000Z"

    def test_until_now_without_an_end(self):
        window = Window.typed({"since": "-60"}, self.STARTED, self.NOW)
        assert window.milliseconds == 65_000

    def test_from_and_until_a_point_in_time(self):
        window = Window.typed({"since": "2025-11-22T01:00:00Z", "until": "-60"}, self.STARTED, self.NOW)
        assert window.milliseconds == 59 * 60_000

    def test_before_1970_is_1970(self):
        assert Window.typed({"since": "1960-01-01T00:00:00Z"}, self.STARTED, self.NOW).since == 0

    @given(st.integers(0, 10**13), st.integers(0, 10**9), st.integers(0, 10**13), st.integers(0, 10**9))
    def test_around_is_within(self, since: int, length: int, first: int, span: int):
        window = Window(since, since + length)
        near = window.around(first, first + span)
        assert near.since >= window.since
        assert near.until <= window.until


class TestLink:
    WINDOW = Window(1_763_773_430_123, 1_763_777_030_123)

    def test_the_page_has_the_groups_the_time_and_the_query(self):
        url = link("eu-central-1", ["/aws/lambda/orders"], query_string(Term(('it\'s "x" | 7~',))), self.WINDOW)
        assert url.startswith("https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:")
        assert not set(url) & set('<>|"~ ')
        detail = unquote(unquote(url.partition("logs-insights")[2].replace("$", "%")))
        assert detail.startswith(
            "?queryDetail=~(end~'2025-11-22T02*3A03*3A50.000Z~start~'2025-11-22T01*3A03*3A50.000Z~"
        )
        assert detail.endswith("~source~(~'*2Faws*2Flambda*2Forders))")
        query = detail.partition("editorString~'")[2].partition("~isLiveTail")[0]
        assert unquote(query.replace("*", "%")) == query_string(Term(('it\'s "x" | 7~',)))

    @pytest.mark.parametrize(
        ("region", "console"),
        [("cn-north-1", "console.amazonaws.cn"), ("us-gov-west-1", "console.amazonaws-us-gov.com")],
    )
    def test_of_other_partitions(self, region: str, console: str):
        assert link(region, ["/g"], "q", self.WINDOW).startswith(f"https://{region}.{console}/")

    def test_one_that_is_too_long_is_none(self):
        names = [f"/aws/lambda/{number:060}" for number in range(50)]
        assert link("eu-central-1", names, "q", self.WINDOW) == ""
        assert len(link("eu-central-1", names[:10], "q", self.WINDOW)) <= LONGEST
