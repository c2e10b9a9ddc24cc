"""Long texts over several messages: nothing is lost between two, and nothing is uncounted."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatops_runtime.report.pages import Passage, fill
from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.text_budget import at_line_end, units

HOSTILE = st.text(st.sampled_from("ab&<>`*\n🚀再\u0301\u200d"), max_size=1_500)


def ending(missing: int) -> str:
    return f"missing: {missing}"


def shown_in(pages: list[str]) -> str:
    """What was printed, but for line ends at the ends of pieces."""
    pieces = [piece for page in pages for piece in re.findall(r"```\n(.*?)\n```", page, re.DOTALL)]
    return mrkdwn.unescape("".join(pieces)).replace("\n", "")


@given(st.lists(HOSTILE.filter(bool), min_size=1, max_size=4), st.integers(1, 5), st.integers(300, 2_000))
@example(["&" * 1_000, "x"], 1, 300)
def test_every_page_fits_and_every_character_is_shown_or_counted(texts, most, room):
    pages = fill([Passage.output(f"*{n}*", text) for n, text in enumerate(texts)], most=most, room=room, ending=ending)
    assert 1 <= len(pages) <= most
    assert all(units(page) <= room for page in pages)
    assert all(page.count("```") % 2 == 0 and "<" not in page for page in pages)
    _, _, missing = pages[-1].rpartition("missing: ")
    left = int(missing) if pages[-1].endswith(f"missing: {missing}") and missing.isdigit() else 0
    whole = "".join(text.replace("```", "ˋˋˋ") for text in texts)
    shown = shown_in(pages)
    if left == 0:
        assert len(shown) == len(whole.replace("\n", ""))
    assert len(whole.replace("\n", "")) - left <= len(shown) <= len(whole) - left


@given(HOSTILE)
def test_plain_text_reads_back(text):
    pages = fill([Passage.plain(text or "x")], most=100, room=400, ending=ending)
    assert mrkdwn.unescape("".join(pages)).replace("\n", "") == (text or "x").replace("\n", "")


def test_a_passage_begins_on_a_new_page_when_only_a_scrap_would_fit():
    pages = fill(
        [Passage.output("*a*", "x" * 800), Passage.output("*b*", "y" * 500)], most=3, room=1_000, ending=ending
    )
    assert [("x" in page, "y" in page) for page in pages] == [(True, False), (False, True)]


def test_each_piece_has_the_heading():
    pages = fill([Passage.output("*a*", "line\n" * 500)], most=5, room=1_000, ending=ending)
    assert all(page.startswith("*a*\n```\nline\n") for page in pages)
    assert all(page.endswith("\nline\n```") for page in pages[:-1])


def test_what_no_page_has_room_for_is_counted():
    assert fill([Passage.output("h" * 500, "x")], most=3, room=400, ending=ending) == ["missing: 1"]


@pytest.mark.parametrize(
    ("part", "whole_lines"),
    [("one\ntwo\nthr", "one\ntwo\n"), ("one\ntwo\n", "one\ntwo\n"), ("o\ntwo and more", "o\ntwo and more"), ("", "")],
)
def test_a_part_ends_with_a_line_unless_that_is_far(part, whole_lines):
    assert at_line_end(part) == whole_lines


@given(st.lists(st.text(st.sampled_from("a`\n"), max_size=30), max_size=5))
def test_no_page_leaves_a_fence_open(pages):
    closed = mrkdwn.fences_closed(pages)
    assert len(closed) == len(pages)
    assert all(page.count("```") % 2 == 0 for page in closed)
    assert all(page in shown for page, shown in zip(pages, closed, strict=True))
