"""What is said of lines that were found in logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.log_search.search import ROOM
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.slack.text_budget import MESSAGE, RECOMMENDED, units
from tests.runtime.reports import finished, report

if TYPE_CHECKING:
    from chatops_runtime.report.account import Account

AT = 1_763_773_430_123


def group(label: str = "orders", **changes: Any) -> dict[str, Any]:
    counts = {"found": 0, "errors": 0, "left_out": 0, "finished": True, "problem": ""}
    return {"name": f"/aws/lambda/{label}", "label": label, **counts, **changes}


def line(text: str, *, at: int = AT, **more: Any) -> dict[str, Any]:
    return {"at": at, "group": 0, "text": text, **more}


def search(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "kind": "log_search",
        "ok": True,
        "term": "abc-1",
        "keys": [],
        "since": AT - 3_600_000,
        "until": AT,
        "over": True,
        "problem": "",
        "lines": list(lines),
        "left_out": 0,
        "groups": [group(found=len(lines), errors=sum("error" in each for each in lines)), group("billing")],
        "beyond": 0,
        "link": "https://eu-central-1.console.aws.amazon.com/cloudwatch/home",
        **changes,
    }


def account(result: dict[str, Any], *, files: bool = False, used: int = 0) -> Account:
    return render(Report.from_event({**report(finished(result)), "used": used}), files=files)


def said(result: dict[str, Any]) -> str:
    (message,) = account(result).messages
    return message.text


def fenced(text: str) -> list[str]:
    return text.split("```")[1].strip("\n").split("\n")


def test_the_time_line():
    found = search(line("one"), line("two", at=AT + 1500, group=1), groups=[group(found=1), group("billing", found=1)])
    assert fenced(said(found)) == ["  01:03:50.123 orders  one", "  01:03:51.623 billing two"]
    assert "found 2 lines of `abc-1` in 2 of 2 log groups, 2025-11-22 00:03:50 to 01:03:50 UTC" in said(found)
    assert "`orders` 1 · `billing` 1" in said(found)
    assert "<https://eu-central-1.console.aws.amazon.com/cloudwatch/home|Open in Logs Insights>" in said(found)


def test_errors_are_marked_and_counted():
    text = said(search(line("one"), line("ERROR two", error=True)))
    assert fenced(text)[1].startswith("! 01:03:50.123 orders ERROR two")
    assert "1 of them an error" in text
    assert "`orders` 2 (1 with errors)" in text
    assert "`!` marks errors" in text


def test_a_line_of_several_lines_stands_in_its_column():
    assert fenced(said(search(line("Traceback\n  File x\nValueError"))))[1:] == [
        "                        File x",
        "                      ValueError",
    ]


def test_another_day_is_named():
    text = said(search(line("one"), line("two", at=AT + 86_400_000), until=AT + 90_000_000))
    assert fenced(text)[1] == "  2025-11-23"
    assert "2025-11-22 00:03:50 to 2025-11-23" in text


def test_what_is_left_out_is_counted_where_it_is():
    groups = [group(found=1200, left_out=1198)]
    text = said(search(line("one", left_out=1000), line("two"), left_out=198, groups=groups, beyond=7))
    assert fenced(text)[0] == "  … 1,000 lines left out …"
    assert fenced(text)[-1] == "  … 198 lines left out …"
    assert "`orders` 1,200 (1,198 left out)" in text
    assert "7 lines more than Logs Insights hands out, the oldest, are left out" in text
    assert "found 1,207 lines" in text


def test_groups_that_were_not_searched_are_named_by_what_is_wrong_with_them():
    gone = "there is no such log group"
    groups = [
        group(found=1),
        group("a", problem=gone),
        group("b", problem="the search may not read it"),
        group("c", problem=gone),
    ]
    text = said(search(line("one"), groups=groups))
    assert f":warning: Not searched, since {gone}: `a`, `c`" in text
    assert ":warning: Not searched, since the search may not read it: `b`" in text


def test_groups_that_were_not_searched_to_the_end_are_named():
    text = said(search(line("one"), groups=[group(found=1, finished=False), group("billing")]))
    assert "Not searched to the end, since the time was over: `orders`. A shorter time helps." in text


def test_of_many_groups_some_are_named():
    groups = [group(f"g{number}", problem="x") for number in range(30)]
    assert "`g19` and 10 others" in said(search(groups=groups, ok=False))


def test_nothing_found():
    text = said(search(groups=[group(), group("a", problem="x")]))
    assert text.startswith(":mag: `/ps` found nothing of `abc-1` in 1 log group,")


def test_nothing_could_be_searched():
    assert said(search(ok=False, groups=[group(problem="x")])).startswith(":x: `/ps` could not search for `abc-1`,")


def test_nothing_was_searched():
    assert "searched nothing: the time ends before it begins" in said(search(problem="the time ends before it begins"))


def test_keys_that_were_followed():
    assert "Lines with `1-67-01`, `1-67-02` belong to it too" in said(search(keys=["1-67-01", "1-67-02"]))


def test_first_lines_are_short_and_are_not_the_whole():
    lines = [line("x" * 80, at=AT + number) for number in range(200)]
    text = said(search(*lines, over=False))
    assert text.startswith(":hourglass_flowing_sand: `/ps` is still searching for `abc-1`,")
    assert units(text) < RECOMMENDED + 1000
    assert "Not searched" not in text


@pytest.mark.parametrize("text", ["<!channel>", "<@U012AB3CD>", "```\n<!here>", "\x1b[31mred\x1b[0m", "a\u202eb"])
def test_what_stands_in_lines_and_terms_is_shown_and_nothing_else(text: str):
    shown = said(search(line(text), term=text, keys=[text], groups=[group(text, found=1, problem=text)]))
    assert "<!" not in shown
    assert "<@U012AB3CD>" not in shown
    assert shown.count("```") == 2
    assert "\x1b" not in shown
    assert "\u202e" not in shown


class TestMuch:
    LINES = tuple(line("x" * 90, at=AT + number) for number in range(1000))

    def test_goes_on_in_more_messages(self):
        messages = account(search(*self.LINES)).messages
        assert len(messages) == 4
        assert messages[0].text.endswith("More follows.")
        assert "more characters have no room here" in messages[-1].text
        assert all(units(message.text) <= MESSAGE for message in messages)

    def test_in_fewer_if_first_lines_were_said(self):
        assert len(account(search(*self.LINES), used=1).messages) == 3

    def test_is_a_file_with_a_bot_token(self):
        whole = account(search(*self.LINES), files=True)
        assert whole.file is not None
        assert len(whole.file.text.split("\n")) == 1000
        assert units(whole.messages[0].text) < RECOMMENDED + 1000


@given(st.lists(st.text(max_size=300), min_size=1, max_size=30), st.booleans())
def test_whatever_is_found_is_said(texts: list[str], over: bool):
    found = [line(text, at=AT + number) for number, text in enumerate(texts)]
    for message in account(search(*found, over=over)).messages:
        assert "cannot be shown" not in message.text
        assert units(message.text) <= MESSAGE
        assert message.text.count("```") % 2 == 0


def test_the_most_that_a_search_hands_out_is_said():
    lines = [line("é" * 2_000, at=AT + number) for number in range(ROOM // 12_000)]
    groups = [group(f"{'g' * 70}{number}", found=1, problem="" if number % 2 else "p" * 100) for number in range(100)]
    for files in (False, True):
        messages = account(search(*lines, groups=groups, link="https://x/" + "y" * 2_900), files=files).messages
        assert all(units(message.text) <= MESSAGE for message in messages)
        assert "cannot be shown" not in messages[0].text
