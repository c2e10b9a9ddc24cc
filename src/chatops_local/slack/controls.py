"""Buttons and select menus in a message's blocks, as a person finds them.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json = dict[str, Any]

BUTTON = "button"
SELECT = "static_select"
MULTI_SELECT = "multi_static_select"
_WORKING = (BUTTON, SELECT, MULTI_SELECT)


class NoSuchControlError(ValueError):
    """A message has no such button, menu or option, or several; or nobody can use it."""


@dataclass(frozen=True)
class Control:
    """A button or a menu."""

    block_id: str
    element: Json
    dispatches: bool = True
    """Whether Slack tells the app at once; a menu in an input block waits for a button."""
    beside: str = ""
    """The text beside it: the section's, or the input block's label."""

    @property
    def kind(self) -> str:
        """`button`, `static_select` or `multi_static_select`."""
        return str(self.element["type"])

    @property
    def action_id(self) -> str:
        """Its action_id."""
        return str(self.element["action_id"])

    @property
    def label(self) -> str:
        """What is on it: a button's text, a menu's placeholder."""
        text = self.element.get("text") if self.kind == BUTTON else self.element.get("placeholder")
        return str(text["text"]) if text else self.beside or self.action_id

    @property
    def is_menu(self) -> bool:
        """Whether something is chosen in it."""
        return self.kind != BUTTON

    @property
    def options(self) -> list[Json]:
        """A menu's options, those of its groups one after the other."""
        groups = self.element.get("option_groups") or [{"options": self.element.get("options") or []}]
        return [option for group in groups for option in group["options"]]

    @property
    def most(self) -> int:
        """How many options may be chosen."""
        if self.kind == MULTI_SELECT:
            return int(self.element.get("max_selected_items") or len(self.options))
        return 1

    def option(self, wanted: str) -> Json | None:
        """The option of that value or label, or of that label but for what its end has in brackets, such as an id."""
        labels = [(each["text"]["text"], each) for each in self.options]
        named = [each for label, each in labels if wanted in (each["value"], label)]
        meant = [each for label, each in labels if label.endswith(")") and label.rpartition(" (")[0] == wanted]
        return next(iter(named), meant[0] if len(meant) == 1 else None)


def identified(blocks: Iterable[Json], ts: str) -> list[Json]:
    """Blocks as Slack sends them back: each with a block_id, each control with an action_id.

    Slack makes up what an app has not set (https://docs.slack.dev/reference/block-kit/blocks); the same each time here.
    """
    made = copy.deepcopy(list(blocks))
    for number, block in enumerate(made):
        block["block_id"] = block.get("block_id") or _made_up(ts, number)
        for place, element in enumerate(_elements(block)):
            if element["type"] != "image":
                element["action_id"] = element.get("action_id") or _made_up(ts, number, place)
    return made


def controls_in(blocks: Iterable[Json], ts: str) -> list[Control]:
    """The buttons and menus of a message, in order. Other interactive elements are not known here."""
    return [
        Control(
            block["block_id"], element, block["type"] != "input" or bool(block.get("dispatch_action")), _text(block)
        )
        for block in identified(blocks, ts)
        for element in _elements(block)
        if element["type"] in _WORKING
    ]


def find(controls: list[Control], wanted: str | Control) -> Control:
    """The one control of that action_id or label; else the one whose label contains it, in any case; or that control.

    Raises:
        NoSuchControlError: There is none, or there are several.
    """
    if isinstance(wanted, Control):
        same = [each for each in controls if (each.block_id, each.action_id) == (wanted.block_id, wanted.action_id)]
        if same:
            return same[0]
        wanted = wanted.label
    exact = [each for each in controls if wanted in (each.action_id, each.label)]
    alike = [each for each in controls if wanted.casefold() in each.label.casefold()]
    found = exact or alike
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{each.label!r} ({each.action_id})" for each in controls) or "none"
    which = "several such controls" if found else "no such control"
    raise NoSuchControlError(f"control {wanted!r}: the message has {which}; there are {there}")


def _elements(block: Json) -> Iterator[Json]:
    match block:
        case {"type": "actions", "elements": list(elements)}:
            yield from elements
        case {"type": "section", "accessory": dict(element)} | {"type": "input", "element": dict(element)}:
            yield element


def _text(block: Json) -> str:
    text = block.get("label") or block.get("text")
    return str(text.get("text") or "") if isinstance(text, dict) else ""


def _made_up(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:5]
