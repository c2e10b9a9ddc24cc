"""What is said of a function's answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.report.account import Account
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.text_budget import MESSAGE, units
from tests.runtime.reports import finished, reply, report

BLOCK = {"type": "divider"}


def account_of(answer: object, *, files: bool = False) -> Account:
    return render(Report.from_event(report(finished(reply(answer)))), files=files)


def message_of(answer: object) -> Message:
    (message,) = account_of(answer).messages
    return message


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("hello", Message("hello", is_plain=True)),
        ("<!channel> & \x1b[1mbold\x1b[0m", Message("&lt;!channel&gt; &amp; bold", is_plain=True)),
        ({"text": "a < b"}, Message("a &lt; b", is_plain=True)),
        ({"text": "x", "visible": None}, Message("x", is_plain=True)),
        ({"mrkdwn": "*bold* <@U1>"}, Message("*bold* <@U1>")),
        ({"blocks": [BLOCK], "text": "in <short>"}, Message("in &lt;short&gt;", [BLOCK])),
        ({"blocks": [BLOCK]}, Message("", [BLOCK])),
        ({"blocks": [BLOCK] * 50, "visible": "user"}, Message("", [BLOCK] * 50, "user")),
        ({"text": "x", "visible": "channel"}, Message("x", visible="channel", is_plain=True)),
        ("", Message("(an empty answer)", is_plain=True)),
        ({"mrkdwn": ""}, Message("(an empty answer)")),
        (
            None,
            Message(":white_check_mark: `/ps` is done (asked by <@U0123TARO>, id `0123456789`)"),
        ),
    ],
)
def test_an_answer_is_shown(answer, message):
    assert message_of(answer) == message


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (3, "it is a number"),
        (1.5, "it is a number"),
        (True, "it is a boolean"),
        (["canary"], "it is a list"),
        ({}, "it has no content"),
        ({"visible": "user"}, "it has no content"),
        ({"statusCode": 200, "body": "canary"}, "it has the unknown key `body`"),
        ({"text": "canary", "color": "red"}, "it has the unknown key `color`"),
        ({"text": "canary", "mrkdwn": "canary"}, "it has `text` and `mrkdwn`"),
        ({"blocks": [BLOCK], "mrkdwn": "canary"}, "it has `mrkdwn` and `blocks`"),
        ({"text": 3}, "its `text` is a number, not a text"),
        ({"text": None}, "its `text` is null, not a text"),
        ({"mrkdwn": ["canary"]}, "its `mrkdwn` is a list, not a text"),
        ({"blocks": {"type": "canary"}}, "its `blocks` is an object, not a list"),
        ({"blocks": []}, "it has 0 blocks; Slack takes 1 to 50"),
        ({"blocks": [BLOCK] * 51}, "it has 51 blocks; Slack takes 1 to 50"),
        ({"blocks": [BLOCK, "canary"]}, "one of its `blocks` is a text, not an object"),
        ({"text": "canary", "visible": "canary"}, "its `visible` is neither `channel` nor `user`"),
        ({"<!channel>": 1}, "it has the unknown key `&lt;!channel&gt;`"),
    ],
)
def test_an_answer_of_another_shape_is_a_failure_that_quotes_nothing(answer, problem):
    message = message_of(answer)
    assert message.text.startswith(f":x: `/ps` ran, but its function's answer cannot be shown: {problem}. ")
    assert "canary" not in message.text
    assert message.blocks is None


@pytest.mark.parametrize("answer", ["&" * 6_000, {"mrkdwn": "&amp;" * 6_000}])
def test_a_long_answer_goes_on_in_more_messages(answer):
    first, *others = (message.text for message in account_of(answer).messages)
    shown, _, note = first.rpartition("\n")
    assert note.startswith("(The first 2,3") == isinstance(answer, str)
    assert note.endswith(" characters. More follows.)")
    assert "".join([shown, *others]) == "&amp;" * 6_000
    assert len(others) == 2
    assert max(map(units, [first, *others])) <= MESSAGE


@pytest.mark.parametrize("answer", ["&" * 20_000, {"mrkdwn": "&amp;" * 20_000}])
def test_a_very_long_answer_is_cut_and_says_so(answer):
    messages = account_of(answer).messages
    assert len(messages) == 4
    assert max(units(message.text) for message in messages) <= MESSAGE
    shown, _, note = messages[-1].text.rpartition("\n")
    assert set(shown.split("&amp;")) == {""}
    assert note.startswith("(This answer was cut: ")


@pytest.mark.parametrize("answer", ["a < b\n" * 3_000, {"mrkdwn": "a &lt; b\n" * 3_000}])
def test_with_a_token_a_long_answer_is_in_a_file(answer):
    account = account_of(answer, files=True)
    assert account.file is not None
    assert account.file.text == "a < b\n" * 3_000
    assert units(account.messages[0].text) < 4_000
    assert account.messages[0].text.endswith(" characters. More follows as a file.)")


def test_the_file_goes_where_the_answer_goes():
    answer = {"text": "x" * 13_000, "visible": "user"}
    assert account_of(answer, files=True).messages[0].text.endswith("More follows as a file, in a direct message.)")


def test_a_fence_is_closed_where_the_message_ends_and_opened_where_the_next_begins():
    texts = [message.text for message in account_of({"mrkdwn": "```\n" + "x\n" * 10_000 + "```\n*end*"}).messages]
    assert len(texts) == 2
    assert all(text.count("```") == 2 for text in texts)
    assert texts[0].rpartition("\n")[0].endswith("x\n```")
    assert texts[1].startswith("```\nx\n")


@given(st.text(st.sampled_from("a&<>`*\n\r\x1b🚀\u0301"), max_size=40), st.integers(1, 3_000), st.booleans())
def test_any_text_fits_and_pings_nobody(text, times, files):
    account = account_of(text * times, files=files)
    assert 1 <= len(account.messages) <= 4
    for message in account.messages:
        assert units(message.text) <= MESSAGE
        assert "<" not in message.text
        assert message.is_plain


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "mrkdwn", "blocks", "visible", "x"]), inner, max_size=3)
    ),
)


@given(JSON)
def test_any_json_is_answered(answer):
    message = account_of(answer).messages[0]
    assert message.text or message.blocks
    assert "result of the kind" not in message.text
