"""Limits of messages, and what text does beyond being read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.slack import block_kit, mrkdwn
from chatops_local.slack.content import Content, RejectedError
from chatops_local.slack.message import Message


def text(value: str = "x", kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": kind, "text": value}


def plain(value: str = "x") -> dict[str, Any]:
    return text(value, "plain_text")


def section(value: str = "x") -> dict[str, Any]:
    return {"type": "section", "text": text(value)}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "button", "text": plain(), **more}]}


def select(options: list[Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "static_select", "options": options}]}


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x" * 3_000)],
        [{"type": "divider"}] * 50,
        [{"type": "section", "fields": [text("x" * 1_000)] * 10}],
        [{"type": "header", "text": plain("x" * 150)}],
        [{"type": "context", "elements": [text(), {"type": "image", "image_url": "u", "alt_text": "a"}]}],
        [button(value="x" * 2_000, action_id="a" * 255)],
        [select([{"text": plain("x" * 75), "value": "v" * 150}] * 100)],
        [{"type": "markdown", "text": "x" * 12_000}],
        [{"type": "rich_text", "elements": []}],
        [section() | {"block_id": "a"}, section() | {"block_id": "b"}],
    ],
)
def test_allowed(blocks):
    assert block_kit.problems_of(blocks) == []


# https://docs.slack.dev/reference/block-kit/blocks and the pages of the single blocks and elements
@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [
        ("[]", "/blocks"),
        ([{"type": "divider"}] * 51, "/blocks"),
        (["x"], "/blocks/0"),
        ([{"type": "heading"}], "/blocks/0/type"),
        ([{}], "/blocks/0/type"),
        ([{"type": "section"}], "/blocks/0"),
        ([section("")], "/blocks/0/text/text"),
        ([section("x" * 3_001)], "/blocks/0/text/text"),
        ([{"type": "section", "text": "x"}], "/blocks/0/text"),
        ([{"type": "section", "fields": [text()] * 11}], "/blocks/0/fields"),
        ([{"type": "section", "fields": [text("x" * 2_001)]}], "/blocks/0/fields/0/text"),
        ([{"type": "header", "text": text()}], "/blocks/0/text"),
        ([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text"),
        ([{"type": "context", "elements": []}], "/blocks/0/elements"),
        ([{"type": "context", "elements": [text()] * 11}], "/blocks/0/elements"),
        ([{"type": "actions", "elements": [{}]}], "/blocks/0/elements/0"),
        ([button(text=plain("x" * 76))], "/blocks/0/elements/0/text/text"),
        ([button(value="x" * 2_001)], "/blocks/0/elements/0/value"),
        ([button(action_id="x" * 256)], "/blocks/0/elements/0/action_id"),
        ([section() | {"accessory": {"type": "button"}}], "/blocks/0/accessory/text"),
        ([select([{"text": plain(), "value": "v"}] * 101)], "/blocks/0/elements/0/options"),
        ([select([{"text": plain(), "value": "v" * 151}])], "/blocks/0/elements/0/options/0/value"),
        ([select(["x"])], "/blocks/0/elements/0/options/0"),
        ([{"type": "markdown"}], "/blocks/0/text"),
        ([{"type": "markdown", "text": "x" * 6_001}] * 2, "/blocks"),
        ([{"type": "divider", "block_id": "x" * 256}], "/blocks/0/block_id"),
        ([section() | {"block_id": "a"}, section() | {"block_id": "a"}], "/blocks"),
    ],
)
def test_refused(blocks, pointer):
    assert [problem for problem in block_kit.problems_of(blocks) if problem.endswith(f"[json-pointer:{pointer}]")]
    with pytest.raises(RejectedError, match="invalid_blocks"):
        Content.read({"blocks": blocks})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["type", "text", "elements", "fields", "x"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_blocks_are_read_or_refused(blocks):
    payload = {"blocks": blocks, "text": "x"}
    if block_kit.problems_of(blocks or []):
        with pytest.raises(RejectedError, match="invalid_blocks"):
            Content.read(payload)
    else:
        assert Content.read(payload).text == "x"


def test_whole_message_limit():
    # https://github.com/slackapi/bolt-js/issues/2509
    Content.read({"blocks": [section("x" * 2_640)] * 5})
    with pytest.raises(RejectedError, match="msg_blocks_too_long: 13205 characters"):
        Content.read({"blocks": [section("x" * 2_641)] * 5})


class TestNotifies:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("<!channel>", ["<!channel>"]),
            ("<!here|here> x <!everyone>", ["<!here>", "<!everyone>"]),
            ("<@U012AB> <@W012|taro>", ["<@U012AB>", "<@W012>"]),
            ("<!subteam^S012|@ops>", ["<!subteam^S012>"]),
            ("```<!channel>```", ["<!channel>"]),
            ("<!channel> <!channel>", ["<!channel>"]),
            ("&lt;!channel&gt; &lt;@U012AB&gt;", []),
            ("@channel <#C012> <!date^1392734382^{date}|x> <https://x.test>", []),
        ],
    )
    def test_in_text(self, value, expected):
        assert list(mrkdwn.notified({"text": value})) == expected

    def test_in_blocks(self):
        rich = {
            "type": "rich_text_section",
            "elements": [{"type": "broadcast", "range": "here"}, {"type": "user", "user_id": "U1A"}],
        }
        blocks = [
            section("<!channel>"),
            {"type": "context", "elements": [plain("<!everyone>"), text("<@U9X>")]},
            {"type": "rich_text", "elements": [rich, {"type": "usergroup", "usergroup_id": "S1A"}]},
            {"type": "markdown", "text": "<@U7X>"},
        ]
        expected = ("<!channel>", "<@U9X>", "<!here>", "<@U1A>", "<!subteam^S1A>", "<@U7X>")
        assert mrkdwn.notified({"blocks": blocks}) == expected

    @pytest.mark.parametrize("option", [{"parse": "full"}, {"link_names": True}])
    def test_bare_names_only_when_asked_for(self, option):
        message = {"text": "@channel me@here.test"}
        assert mrkdwn.notified(message) == ()
        assert mrkdwn.notified(message | option) == ("<!channel>",)

    @given(st.text())
    def test_nothing_escaped_notifies(self, value):
        escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert mrkdwn.notified({"text": f"<!channel {escaped}"}) == ()
        assert mrkdwn.plain(escaped) == value


class TestUnfurls:
    def test_links(self):
        message = {"text": "see https://a.test/x?y and <https://b.test|b>", "blocks": [section("<https://c.test>")]}
        assert mrkdwn.unfurled(message) == ("https://a.test/x?y", "https://b.test", "https://c.test")

    def test_both_switches(self):
        message = {"text": "https://a.test", "unfurl_links": False}
        assert mrkdwn.unfurled(message) == ("https://a.test",)
        assert mrkdwn.unfurled(message | {"unfurl_media": False}) == ()


class TestShown:
    def shown(self, **payload: Any) -> str:
        content = Content.read(payload)
        return Message("C1", None, content.text, content.blocks, "ack", 0.0, "1.000001").shown

    def test_text(self):
        assert self.shown(text="a &lt;b&gt; &amp;amp; <!channel> <@U12> <https://x.test|x>") == (
            "a <b> &amp; @channel @U12 x (https://x.test)"
        )

    def test_dates(self):
        # https://docs.slack.dev/messaging/formatting-message-text#date-formatting
        assert self.shown(text="until <!date^1392734382^{time}|18:39 UTC>") == "until 18:39 UTC"

    def test_blocks_instead_of_text(self):
        blocks = [
            {"type": "header", "text": plain("Title")},
            section("body"),
            {"type": "divider"},
            {"type": "context", "elements": [text("a"), {"type": "image", "image_url": "u", "alt_text": "b"}]},
            {"type": "section", "fields": [text("f1"), text("f2")]},
            button(text=plain("Go")),
            {"type": "image", "image_url": "u", "alt_text": "graph"},
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "rich"}]}],
            },
            {"type": "markdown", "text": "**md**"},
        ]
        assert self.shown(text="fallback", blocks=blocks).split("\n") == [
            "Title",
            "body",
            "---",
            "a [b]",
            "f1",
            "f2",
            "[Go]",
            "[graph]",
            "rich",
            "**md**",
        ]
