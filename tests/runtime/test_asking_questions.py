"""What questions look like, and that Slack takes whatever was typed, frozen or offered."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_runtime.contracts import asking as contract
from chatops_runtime.report.asking import card, endings, private_question
from chatops_runtime.report.asking.asked import Asked
from chatops_runtime.report.asking.error import CannotAskError
from tests.runtime.block_kit import checked, controls, texts
from tests.runtime.reports import HANDLE, ID, QUESTIONS, asking

# The mentions that are ours: who asks, where, who may approve, and until when.
_OURS = re.compile(r"<@U0123TARO>|<@U[12]>|<#C0123OPS>|<!subteam\^S0ADMINS>|<!date\^[^>]*>")

ANY_TEXT = st.text(max_size=200) | st.text("<>&`*_~!@#|\n\t\u202e\u200b\U0001f600", max_size=6000)


def shown(kind: str, ending: str | None = None, **changes: Any) -> list[dict[str, Any]]:
    asked = Asked.from_event(asking("ask", kind, **changes))
    return checked((card if kind == "approval" else private_question).render(asked, ending))


def options(count: int) -> list[dict[str, str]]:
    return [{"value": f"i-{number:017x}", "label": f"web-{number} (i-{number:017x})"} for number in range(count)]


class TestApproval:
    def test_who_asks_for_what_and_who_may_approve_until_when(self) -> None:
        blocks = shown("approval", request={"text": "nginx --since 3h", "arguments": {"service": "nginx"}})
        text = texts(blocks)
        assert "<@U0123TARO> needs approval for this, typed in <#C0123OPS>:" in text
        assert "```\n/ps nginx --since 3h\n```" in text
        assert "• `service` is `nginx`" in text
        assert "• Ops_Slack_Ps version 3 (sha256 0123)\n• web-1 (i-00000000000000001)" in text
        assert "May approve: members of <!subteam^S0ADMINS>." in text
        assert "<!date^1795310030^{date_short_pretty} {time}|2026-11-22 01:13 UTC>" in text
        assert f"`{ID[:10]}`" in text
        assert "approved" not in text

    def test_its_buttons_carry_the_handle_and_approving_has_to_be_confirmed(self) -> None:
        buttons = controls(shown("approval"))
        assert list(buttons) == ["chatops.approve", "chatops.deny"]
        assert {button["value"] for button in buttons.values()} == {HANDLE}
        assert buttons["chatops.approve"]["confirm"]["text"]["text"] == "/ps canary-typed-text"
        assert "confirm" not in buttons["chatops.deny"]

    def test_the_count_stands_there_as_soon_as_there_is_one(self) -> None:
        text = texts(shown("approval", quorum=2, approved_by=["U1"]))
        assert "*1 of 2 approved*: <@U1>" in text
        assert "2 of them have to." in text

    def test_in_its_own_channel_or_from_a_direct_message_no_other_is_named(self) -> None:
        assert "<#" not in texts(shown("approval", request={"channel_id": "C0456ADM"}))
        assert "<#" not in texts(shown("approval", request={"channel_id": "D0123"}))

    @pytest.mark.parametrize("state", sorted(contract.ENDINGS))
    def test_what_came_of_it_takes_the_place_of_the_buttons(self, state: str) -> None:
        ending = endings.words(state, ["U1", "U2"])
        blocks = shown("approval", ending)
        assert ending in texts(blocks)
        assert "Over:" not in ending
        assert not controls(blocks)

    @pytest.mark.parametrize("state", ["approved", "denied", "cancelled"])
    def test_who_decided_is_named(self, state: str) -> None:
        assert endings.words(state, ["U1", "U2"]).endswith("by <@U1>, <@U2>.")

    def test_what_cannot_be_seen_is_spelled_out(self) -> None:
        blocks = shown("approval", request={"text": "a\u202eb\u200b\x1b[1m", "arguments": {"x": "\u2066"}})
        assert "/ps a\\u202eb\\u200b\\x1b[1m\n" in texts(blocks)
        assert "`x` is `\\u2066`" in texts(blocks)
        assert "\\u202e" in controls(blocks)["chatops.approve"]["confirm"]["text"]["text"]

    def test_how_much_is_not_seen_is_said(self) -> None:
        text = texts(shown("approval", request={"text": "x" * 9_000}, frozen=[f"web-{n}" for n in range(2_000)]))
        (of_command, of_frozen) = re.findall(r":warning: \*([\d,]+) more characters are not shown", text)
        assert int(of_command.replace(",", "")) + text.count("x") == 9_000
        assert int(of_frozen.replace(",", "")) > 10_000

    @settings(max_examples=60, deadline=None)
    @given(
        ANY_TEXT, st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True), ANY_TEXT), st.lists(ANY_TEXT)
    )
    def test_slack_takes_it_and_nothing_in_it_pings_or_opens(self, typed, arguments, frozen) -> None:
        blocks = shown("approval", frozen=frozen, request={"text": typed, "arguments": arguments})
        text = texts(blocks)
        assert "<" not in _OURS.sub("", text)
        assert all(text.count("```") % 2 == 0 for text in (texts([block]) for block in blocks))
        assert len(controls(blocks)) == 2


class TestConfirm:
    def test_its_buttons(self) -> None:
        buttons = controls(shown("confirm", frozen=["Ops_Slack_Ps version 3"]))
        assert {name: button["value"] for name, button in buttons.items()} == {
            "chatops.confirm": HANDLE,
            "chatops.decline": HANDLE,
        }

    def test_what_would_run_is_shown(self) -> None:
        text = texts(shown("confirm", frozen=["Ops_Slack_Ps version 3"]))
        assert "/ps canary-typed-text" in text
        assert "• Ops_Slack_Ps version 3" in text


class TestMenus:
    def test_a_choice_has_one_menu_submit_and_cancel(self) -> None:
        blocks = shown("choice")
        elements = controls(blocks)
        assert list(elements) == ["chatops.menu.0", "chatops.submit", "chatops.cancel"]
        assert elements["chatops.menu.0"]["type"] == "static_select"
        assert [option["value"] for option in elements["chatops.menu.0"]["options"]] == ["nginx", "app"]
        assert elements["chatops.submit"]["value"] == HANDLE
        assert elements["chatops.cancel"]["value"] == f"v1:Ops-Ps:{ID}:"
        assert "Which `service` for `/ps`? (what is restarted)" in texts(blocks)

    @pytest.mark.parametrize(
        ("most", "kind", "words"),
        [(1, "static_select", "On which instance is"), (3, "multi_static_select", "Choose up to 3.")],
    )
    def test_one_instance_or_several(self, most: int, kind: str, words: str) -> None:
        blocks = shown("instances", most=most)
        menu = controls(blocks)["chatops.menu.0"]
        assert (menu["type"], menu.get("max_selected_items")) == (kind, None if most == 1 else most)
        assert words in texts(blocks)

    @pytest.mark.parametrize(("count", "menus"), [(1, 1), (100, 1), (101, 2), (240, 3), (500, 5)])
    @pytest.mark.parametrize("most", [1, 500])
    def test_beyond_a_hundred_there_are_several_menus_and_nothing_is_lost(
        self, count: int, menus: int, most: int
    ) -> None:
        blocks = shown("instances", options=options(count), most=most)
        found = [element for name, element in controls(blocks).items() if name.startswith("chatops.menu.")]
        assert len(found) == menus
        offered = [option["value"] for menu in found for option in menu["options"]]
        assert offered == [option["value"] for option in options(count)]

    def test_which_of_them_a_menu_has_is_said(self) -> None:
        text = texts(shown("instances", options=options(101)))
        assert "1 to 100 of 101: web-0 (i-00000000000000000) to web-99 (i-0000000000000" in text
        assert "101 to 101 of 101: web-100 (" in text

    @pytest.mark.parametrize(
        ("changed", "problem"),
        [
            ({"options": []}, "nothing to choose from"),
            ({"options": options(501)}, "501 to choose from, and a message has room for 500: narrow the targets down"),
            ({"options": [{"value": "x" * 151, "label": "x"}]}, "an option's value of 151 characters"),
        ],
    )
    def test_what_no_message_takes_is_said(self, changed: dict[str, Any], problem: str) -> None:
        with pytest.raises(CannotAskError, match=problem):
            shown("instances", **changed)

    def test_an_ending_takes_their_place(self) -> None:
        blocks = shown("choice", endings.words("expired", []))
        assert not controls(blocks)
        assert "*Expired*" in texts(blocks)

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(st.tuples(st.text(min_size=1, max_size=75), ANY_TEXT), min_size=1, max_size=120),
        ANY_TEXT,
        st.integers(1, 120),
    )
    def test_slack_takes_any_labels(self, labelled, help_text, most) -> None:
        offered = [{"value": value, "label": label} for value, label in labelled]
        assert texts(shown("instances", options=offered, most=most)).count("<") == 1
        assert texts(shown("choice", options=offered, help=help_text)).count("<") == 1


def test_what_asks_the_requester_alone_is_for_no_one_else() -> None:
    for kind in set(QUESTIONS) - {"approval"}:
        assert private_question.render(Asked.from_event(asking("ask", kind))).visible == "user"
