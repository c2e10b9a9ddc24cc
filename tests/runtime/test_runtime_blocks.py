"""Block Kit is held to Slack's limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.slack import blocks
from chatops_runtime.slack.message import Message
from tests.fuzz.hostile import UNTIMED
from tests.runtime.block_kit import checked

ANY_TEXT = st.text(max_size=400) | st.integers(0, 10_000).map("\U0001f600".__mul__)


@UNTIMED
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_whatever_the_texts_are_slack_takes_them(label, text, title):
    dialog = blocks.dialog(title, text, confirm=label, deny=label)
    button = blocks.button(label, action_id="chatops.deny", value="v", style=blocks.DANGER, dialog=dialog)
    menu = blocks.menu([("v", label)], action_id="chatops.menu.0", placeholder=text, most=2)
    checked(
        Message(
            "x",
            [
                blocks.section(text or "x", menu),
                blocks.actions([button]),
                {"type": "section", "text": blocks.plain(text, blocks.SECTION)},
            ],
        )
    )


def test_what_is_cut_says_so_in_whole_characters():
    assert blocks.plain("x" * 76, 75)["text"] == "x" * 74 + "…"
    assert blocks.plain("\U0001f600" * 40, 75)["text"] == "\U0001f600" * 37 + "…"
    assert blocks.plain("x" * 75, 75)["text"] == "x" * 75


def test_plain_text_is_never_empty():
    assert blocks.plain("\u200b \n", 75)["text"] == "-"


@pytest.mark.parametrize("value", ["x" * 2_001, "\U0001f600" * 1_001])
def test_a_value_that_cannot_be_cut_is_refused(value):
    with pytest.raises(ValueError, match="Slack takes 2000"):
        blocks.button("x", action_id="x", value=value)


@pytest.mark.parametrize("count", [0, 26])
def test_a_row_of_buttons_is_neither_empty_nor_too_long(count):
    with pytest.raises(ValueError, match=f"{count} elements"):
        blocks.actions([blocks.button("x", action_id=str(number), value="v") for number in range(count)])


@pytest.mark.parametrize("count", [0, 101])
def test_a_menu_is_neither_empty_nor_too_long(count):
    with pytest.raises(ValueError, match=f"{count} options"):
        blocks.menu([(str(number), "x") for number in range(count)], action_id="x", placeholder="x")
