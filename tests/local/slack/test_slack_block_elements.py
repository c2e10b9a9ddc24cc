"""Limits of buttons, menus, options and confirm dialogs; Slack's own models are the oracle where they check one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from chatops_local.slack import block_kit
from tests.local.slack.cards import options

Json = dict[str, Any]


def lengths(limit: int) -> st.SearchStrategy[str]:
    """Texts around a limit."""
    return st.sampled_from([1, limit - 1, limit, limit + 1]).map(lambda length: "x" * length)


def texts(limit: int) -> st.SearchStrategy[Json]:
    """Text objects around a limit."""
    return lengths(limit).map(lambda text: {"type": "plain_text", "text": text})


CONFIRMS = st.fixed_dictionaries({"title": texts(100), "text": texts(300), "confirm": texts(30), "deny": texts(30)})
BUTTONS = st.fixed_dictionaries(
    {
        "type": st.just("button"),
        "text": texts(75),
        "action_id": lengths(255),
        "value": lengths(2_000),
        "url": lengths(3_000),
        "style": st.sampled_from(["primary", "danger", "default"]),
    },
    optional={"confirm": CONFIRMS},
)
OPTIONS = st.fixed_dictionaries({"text": texts(75), "value": lengths(150)})
SEVERAL = st.tuples(OPTIONS, st.sampled_from([1, 99, 100, 101])).map(lambda drawn: [drawn[0]] * drawn[1])
GROUPS = st.lists(st.fixed_dictionaries({"label": texts(75), "options": SEVERAL}), min_size=1, max_size=2)
MENU: dict[str, st.SearchStrategy[Any]] = {"placeholder": texts(150), "action_id": lengths(255)}
CHOICES: dict[str, st.SearchStrategy[Any]] = {"options": SEVERAL, "option_groups": GROUPS}
IN_ACTIONS = st.fixed_dictionaries({"type": st.just("static_select"), **MENU}, optional=CHOICES)
IN_SECTION = st.fixed_dictionaries({"type": st.just("multi_static_select"), **MENU}, optional=CHOICES)


@given(BUTTONS)
def test_buttons_as_slack_sdk(button):
    block = {"type": "actions", "elements": [button]}
    assert (block_kit.problems_of([block]) == []) == takes(block)


@given(IN_ACTIONS)
def test_menus_in_actions_no_laxer_than_slack_sdk(menu):
    block = {"type": "actions", "elements": [menu]}
    assert block_kit.problems_of([block]) or takes(block)


@given(IN_SECTION)
def test_accessories_no_laxer_than_slack_sdk(menu):
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "accessory": menu}
    assert block_kit.problems_of([block]) or takes(block)


def takes(block: Json) -> bool:
    """Whether Slack's own models take a block."""
    try:
        Block.parse(block).to_dict()  # type: ignore[union-attr]
    except SlackObjectFormationError:
        return False
    return True


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def menu(kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, "options": [option.to_dict() for option in options("a", "b")], **more}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


def section(element: Json) -> list[Json]:
    return [{"type": "section", "text": plain("x"), "accessory": element}]


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("x"), **more}


CONFIRM = {"title": plain("t"), "text": plain("x"), "confirm": plain("y"), "deny": plain("n")}
A = menu()["options"][0]


@pytest.mark.parametrize(
    "blocks",
    [
        actions(*[button(action_id=str(number)) for number in range(25)]),
        actions(button(confirm=CONFIRM | {"text": {"type": "mrkdwn", "text": "*x*"}})),
        actions(menu(initial_option=A)),
        section(menu("multi_static_select", initial_options=[A], max_selected_items=1)),
        actions(button(action_id="a")) + actions(button(action_id="a")),
        [{"type": "input", "label": plain("x"), "element": menu("multi_static_select")}],
    ],
)
def test_allowed(blocks):
    assert block_kit.problems_of(blocks) == []


# https://docs.slack.dev/reference/block-kit/block-elements and composition-objects: what slack_sdk does not check
@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [
        (actions(*[button(action_id=str(number)) for number in range(26)]), "/blocks/0/elements"),
        (actions(button(action_id="a"), button(action_id="a")), "/blocks/0/elements"),
        (actions(menu("multi_static_select")), "/blocks/0/elements/0/type"),
        (actions(button(value=1)), "/blocks/0/elements/0/value"),
        (actions(button(style="blue")), "/blocks/0/elements/0/style"),
        (actions(button(confirm={**CONFIRM, "title": None})), "/blocks/0/elements/0/confirm/title"),
        (
            actions(button(confirm={**CONFIRM, "deny": {"type": "mrkdwn", "text": "n"}})),
            "/blocks/0/elements/0/confirm/deny",
        ),
        (actions(button(confirm="sure?")), "/blocks/0/elements/0/confirm"),
        (actions(menu(options=[])), "/blocks/0/elements/0/options"),
        (actions(menu(options=[{"text": plain("x"), "value": ""}])), "/blocks/0/elements/0/options/0/value"),
        (actions(menu(options=[{"text": plain("x"), "value": 3}])), "/blocks/0/elements/0/options/0/value"),
        (
            actions(menu(options=[A | {"description": plain("x" * 76)}])),
            "/blocks/0/elements/0/options/0/description/text",
        ),
        (actions(menu(placeholder={"type": "mrkdwn", "text": "x"})), "/blocks/0/elements/0/placeholder"),
        (actions(menu(initial_option={"text": plain("c"), "value": "c"})), "/blocks/0/elements/0/initial_option"),
        (section(menu("multi_static_select", initial_options="a")), "/blocks/0/accessory/initial_options"),
        (section(menu("multi_static_select", max_selected_items=0)), "/blocks/0/accessory/max_selected_items"),
        (section(menu(options=None, option_groups=["x"])), "/blocks/0/accessory"),
        ([{"type": "input", "label": plain("x"), "element": button()}], "/blocks/0/element/type"),
        ([{"type": "input", "element": menu()}], "/blocks/0/label"),
    ],
)
def test_refused(blocks, pointer):
    problems = block_kit.problems_of(blocks)
    assert [problem for problem in problems if problem.endswith(f"[json-pointer:{pointer}]")], problems
