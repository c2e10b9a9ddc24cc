"""Output of programs in Slack's markup: escaped, fenced, without terminal escapes and invisible characters."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.slack import mrkdwn
from chatops_runtime.slack.plain_text import clean, one_line, spelled_out

# Mostly what could go wrong, so that short examples meet it.
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("`", "``", "```", "<", ">", "&", "&amp;", "<!channel>", "<@U1>", "\r", "\n", "\r\n", "\t", " "),
                *(
                    "\x1b",
                    "\x1b[",
                    "\x1b[31m",
                    "\x1b]",
                    "\x1b]8;;http://x\x07",
                    "\x07",
                    "\x1b\\",
                    "\x9b",
                    "\x9d",
                    "\x9c",
                    "\x1bP",
                ),
                *(
                    "\u202e",
                    "\u2066",
                    "\u200d",
                    "\u200b",
                    "\ufeff",
                    "\U000e0041",
                    "\ud800",
                    "\u2028",
                    "\x85",
                    "\x00",
                    "\x7f",
                ),
                *("👩", "👧", "❤️", "e\u0301", "再", "m", "0", ";"),
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=30,
).map("".join)


def test_the_three_characters_are_escaped():
    assert mrkdwn.escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


@given(HOSTILE)
def test_escaped_text_mentions_nobody_and_reads_back(text):
    escaped = mrkdwn.escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not re.sub("&(amp|lt|gt);", "", escaped).count("&")
    assert escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@given(HOSTILE)
def test_nothing_closes_a_fence(text):
    fenced = mrkdwn.preformatted(text)
    assert fenced.startswith("```\n")
    assert fenced.endswith("\n```")
    assert "```" not in fenced[3:-3]
    assert "<" not in fenced


@given(HOSTILE)
def test_nothing_closes_inline_code(text):
    code = mrkdwn.code(text)
    assert code[0] == code[-1] == "`"
    assert "`" not in code[1:-1]
    assert "\n" not in code
    assert "`" not in mrkdwn.literal(text)
    assert "<" not in code
    assert len(code) > 2


@given(HOSTILE)
def test_clean_text_is_printable_and_stays_so(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    for character in cleaned.replace("\n", "").replace("\t", "").replace("\u200d", ""):
        assert unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    cleaned.encode()


@given(st.text(st.characters(categories=("L", "N", "P", "S", "M"), include_characters=" \n\t"), max_size=50))
def test_ordinary_text_in_any_script_is_left_alone(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b[38;2;1;2;3mx\x1b[K\x1b[?25l", "x"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07prompt", "prompt"),
        ("\x1b]8;;http://example.com\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9d0;title\x9cprompt", "prompt"),
        ("\x1b]0;no end, and the rest of the line\nnext", "0;no end, and the rest of the line\nnext"),
        ("\x1bPq payload\x1b\\after", "after"),
        ("\x1b(Bx\x1b7y\x1bcz", "xyz"),
        ("\x1b", ""),
        ("a\r\nb\r\n", "a\nb\n"),
        ("10%\r50%\r100%\ndone", "100%\ndone"),
        ("100%\r\n", "100%\n"),
        ("left\r", "left"),
        ("a\x00b\x08c\x7fd\x85e", "abcd\ne"),
        ("a\tb", "a\tb"),
        ("safe\u202etxt.exe\u202c \u2066x\u2069", "safetxt.exe x"),
        ("zero\u200bwidth\ufeff \u200e\u200f\u00ad", "zerowidth "),
        ("flag\U000e0067\U000e007f", "flag"),
        ("a\u2028b", "a\nb"),
        ("half \ud83d surrogate", "half  surrogate"),
        ("👩\u200d👧 family", "👩\u200d👧 family"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("a\u200db 👩\u200d", "ab 👩"),
        ("日本語 emoji 🚀 e\u0301", "日本語 emoji 🚀 e\u0301"),
    ],
)
def test_clean(text, cleaned):
    assert clean(text) == cleaned


def test_many_unfinished_sequences_take_no_longer_than_their_length():
    """A pattern that went back and forth would not end within the life of the test run."""
    assert not clean("\x1b]" * 100_000)
    assert not clean("\x9d" * 100_000)
    assert not clean("\x1b[" * 100_000)
    assert clean("\x1b[" + "0" * 200_000) == "0" * 200_000


def test_one_line_says_that_it_was_cut():
    assert one_line("a\n b\tc", 10) == "a b c"
    assert one_line("abcdef", 4) == "abc…"


def test_backticks_keep_their_looks():
    assert mrkdwn.preformatted("``` `x` ```") == "```\nˋˋˋ `x` ˋˋˋ\n```"
    assert mrkdwn.code("a`b") == "`aˋb`"


def test_what_cannot_be_seen_is_spelled_out_and_nothing_else():
    assert spelled_out("rm\u202e -rf\u200b \x1b[1m\u00a0\n再起動 é") == "rm\\u202e -rf\\u200b \\x1b[1m\\xa0\n再起動 é"


@given(st.text())
def test_two_texts_look_different_once_they_are_spelled_out(text):
    shown = spelled_out(text)
    assert shown.replace("\n", "").isprintable()
    assert (shown == text) == all(each == "\n" or each.isprintable() for each in text)
