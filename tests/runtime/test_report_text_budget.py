"""How texts share the room of a message, and where they are cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.slack.mrkdwn import escape
from chatops_runtime.slack.text_budget import cut, cut_beginning, cut_markup, fair_shares, units, width

TEXT = st.text(st.sampled_from("ab&<>🚀再\u0301\u200d\U0001f3fd"), max_size=40)


@given(TEXT)
def test_width_is_the_escaped_length_in_utf16(text):
    assert width(text) == len(escape(text).encode("utf-16-le")) // 2
    assert units(text) == len(text.encode("utf-16-le")) // 2


@given(TEXT, st.integers(-1, 100))
def test_a_cut_is_a_beginning_that_fits(text, limit):
    part = cut(text, limit)
    assert text.startswith(part)
    assert width(part) <= max(limit, 0)
    if width(text) <= limit:
        assert part == text


@pytest.mark.parametrize(
    ("text", "limit", "part"),
    [
        ("abc", 2, "ab"),
        ("a&b", 5, "a"),
        ("a&b", 6, "a&"),
        ("a🚀", 2, "a"),
        ("ae\u0301", 2, "a"),
        ("a👩\u200d👧b", 4, "a"),
        ("a👍\U0001f3fdb", 4, "a"),
        ("a❤\ufe0fb", 2, "a"),
        ("ab", 0, ""),
    ],
)
def test_a_cut_leaves_characters_whole(text, limit, part):
    assert cut(text, limit) == part


@given(TEXT, st.integers(-1, 100))
def test_without_its_beginning_it_is_an_end_that_fits(text, limit):
    part = cut_beginning(text, limit)
    assert text.endswith(part)
    assert width(part) <= max(limit, 0)
    if width(text) <= limit:
        assert part == text


@pytest.mark.parametrize(
    ("text", "limit", "part"),
    [
        ("abc", 2, "bc"),
        ("a&b", 5, "b"),
        ("a&b", 6, "&b"),
        ("🚀a", 2, "a"),
        ("e\u0301a", 2, "a"),
        ("👩\u200d👧a", 4, "a"),
        ("👍\U0001f3fda", 4, "a"),
        ("ab", 0, ""),
    ],
)
def test_an_end_leaves_characters_whole(text, limit, part):
    assert cut_beginning(text, limit) == part


@pytest.mark.parametrize(
    ("text", "limit", "part"),
    [
        ("a &amp; b", 9, "a &amp; b"),
        ("a &amp; b", 5, "a "),
        ("a <@U0123> b", 6, "a "),
        ("a <https://x|y> b", 15, "a <https://x|y>"),
        ("plain text", 5, "plain"),
    ],
)
def test_a_cut_of_markup_leaves_entities_and_mentions_whole(text, limit, part):
    assert cut_markup(text, limit) == part


@given(TEXT, st.integers(0, 100))
def test_cut_markup_ends_in_no_half_of_anything(text, limit):
    part = cut_markup(escape(text), limit)
    assert escape(text).startswith(part)
    assert units(part) <= limit
    assert "&" not in re.sub("&(amp|lt|gt);", "", part)


@given(st.lists(st.integers(0, 50), max_size=8), st.integers(-10, 300))
def test_shares_are_fair_and_use_the_budget(wanted, budget):
    shares = fair_shares(wanted, budget)
    assert all(0 <= share <= want for share, want in zip(shares, wanted, strict=True))
    assert sum(shares) <= max(budget, 0)
    unhappy = [share for share, want in zip(shares, wanted, strict=True) if share < want]
    if unhappy:
        assert max(shares) - min(unhappy) <= 1
        assert sum(shares) == max(budget, 0)
    else:
        assert shares == wanted
