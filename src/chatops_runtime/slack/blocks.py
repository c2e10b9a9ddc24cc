"""Block Kit, as far as our messages need it, within its limits: https://docs.slack.dev/reference/block-kit.

Texts are counted in UTF-16 units, the safest reading of Slack's "characters". What is plain text here is shown as it
is: no markup, no mentions, no emoji. Markup is `verbatim`: Slack makes no links of what looks like an address or a name
(https://docs.slack.dev/reference/block-kit/composition-objects/text-object).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.slack import text_budget
from chatops_runtime.slack.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Block = dict[str, Any]
    Element = dict[str, Any]
    Options = Sequence[tuple[str, str]]

SECTION = 3_000
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
OPTION_TEXT = 75
OPTION_VALUE = 150
PLACEHOLDER = 150
MENU = 100
"""Options of one menu."""
ELEMENTS = 25
"""Of one `actions` block."""

_DIALOG_TITLE = 100
_DIALOG_TEXT = 300
_DIALOG_BUTTON = 30

PRIMARY = "primary"
DANGER = "danger"


def section(mrkdwn: str, accessory: Element | None = None) -> Block:
    """A section: https://docs.slack.dev/reference/block-kit/blocks/section-block."""
    text = {"type": "mrkdwn", "text": text_budget.cut_markup(mrkdwn, SECTION), "verbatim": True}
    block: Block = {"type": "section", "text": text}
    return block if accessory is None else {**block, "accessory": accessory}


def context(mrkdwn: str) -> Block:
    """A line in small letters: https://docs.slack.dev/reference/block-kit/blocks/context-block."""
    text = {"type": "mrkdwn", "text": text_budget.cut_markup(mrkdwn, SECTION), "verbatim": True}
    return {"type": "context", "elements": [text]}


def actions(buttons: Iterable[Element]) -> Block:
    """Buttons in a row: https://docs.slack.dev/reference/block-kit/blocks/actions-block.

    Raises:
        ValueError: There are none, or more than Slack takes.
    """
    elements = list(buttons)
    if not 0 < len(elements) <= ELEMENTS:
        raise ValueError(f"{len(elements)} elements in an actions block: Slack takes 1 to {ELEMENTS}")
    return {"type": "actions", "elements": elements}


def button(label: str, *, action_id: str, value: str, style: str = "", dialog: Element | None = None) -> Element:
    """A button: https://docs.slack.dev/reference/block-kit/block-elements/button-element.

    Raises:
        ValueError: The value is longer than Slack takes, and nothing that could be cut.
    """
    if text_budget.units(value) > BUTTON_VALUE:
        raise ValueError(f"a button's value of {text_budget.units(value)} characters: Slack takes {BUTTON_VALUE}")
    element = {"type": "button", "action_id": action_id, "text": plain(label, BUTTON_TEXT), "value": value}
    return {**element, **({"style": style} if style else {}), **({"confirm": dialog} if dialog else {})}


def dialog(title: str, text: str, *, confirm: str, deny: str) -> Element:
    """What has to be confirmed: https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object."""
    return {
        "title": plain(title, _DIALOG_TITLE),
        "text": plain(text, _DIALOG_TEXT),
        "confirm": plain(confirm, _DIALOG_BUTTON),
        "deny": plain(deny, _DIALOG_BUTTON),
    }


def menu(options: Options, *, action_id: str, placeholder: str, most: int = 1) -> Element:
    """A menu of which one option can be chosen, or up to `most`.

    https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element,
    https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element

    Args:
        options: Value and label of each.
        action_id: The menu's.
        placeholder: What it says while nothing is chosen.
        most: How many may be chosen.

    Raises:
        ValueError: There are no options or more than Slack takes, or a value is longer.
    """
    if not 0 < len(options) <= MENU:
        raise ValueError(f"{len(options)} options in a menu: Slack takes 1 to {MENU}")
    element = {
        "type": "static_select" if most == 1 else "multi_static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, PLACEHOLDER),
        "options": [_option(value, label) for value, label in options],
    }
    return element if most == 1 else {**element, "max_selected_items": most}


def plain(text: str, limit: int) -> Element:
    """A text without markup, of at least one character: `…` says that it was cut."""
    shown = clean(text).strip() or "-"
    if text_budget.units(shown) > limit:
        shown = _cut(shown, limit - 1) + "…"
    return {"type": "plain_text", "text": shown, "emoji": False}


def _option(value: str, label: str) -> Element:
    """https://docs.slack.dev/reference/block-kit/composition-objects/option-object."""
    if not 0 < text_budget.units(value) <= OPTION_VALUE:
        raise ValueError(f"an option's value of {text_budget.units(value)} characters: Slack takes 1 to {OPTION_VALUE}")
    return {"text": plain(label, OPTION_TEXT), "value": value}


def _cut(text: str, limit: int) -> str:
    """Unlike mrkdwn, plain text is not escaped, and so takes no more room than it has characters."""
    text = text[:limit]
    while text_budget.units(text) > limit:
        text = text[:-1]
    return text
