"""What is said of a function's answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.slack.message import Message
from chatops_runtime.slack.text_budget import MESSAGE, units
from tests.runtime.reports import finished, reply, report

BLOCK = {"type": "divider"}


def message_of(answer: object) -> Message:
    (message,) = render(Report.from_event(report(finished(reply(answer)))))
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


@pytest.mark.parametrize("answer", ["&" * 20_000, {"mrkdwn": "&amp;" * 20_000}])
def test_a_long_answer_is_cut_and_says_so(answer):
    text = message_of(answer).text
    assert units(text) <= MESSAGE
    shown, _, note = text.rpartition("\n")
    assert set(shown.split("&amp;")) == {""}
    assert note.startswith("(This answer was cut: the first ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "mrkdwn", "blocks", "visible", "x"]), inner, max_size=3)
    ),
)


@given(JSON)
def test_any_json_is_answered(answer):
    message = message_of(answer)
    assert message.text or message.blocks
    assert "result of the kind" not in message.text
