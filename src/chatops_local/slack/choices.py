"""What people have chosen in the menus of messages: each for themselves, until they click.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload: every payload carries, as `state.values`,
what all menus of the message hold.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chatops_local.slack.controls import MULTI_SELECT, Control, NoSuchControlError, find

if TYPE_CHECKING:
    from chatops_local.slack.message import Message

Json = dict[str, Any]
Selected = str | Sequence[str] | Mapping[str, str | Sequence[str]]
"""Options by value or label; or, by a menu's label or action_id, its options."""


class Choices:
    """The chosen options by message, person and menu; safe to use from several threads."""

    def __init__(self) -> None:
        """Start with nothing chosen."""
        self._chosen: dict[tuple[str, str, str, str], list[Json]] = {}
        self._lock = threading.Lock()

    def choose(self, message: Message, menu: Control, options: list[Json], user: str) -> None:
        """Let `user` have chosen exactly these options."""
        with self._lock:
            self._chosen[_key(message, menu, user)] = options

    def of(self, message: Message, menu: Control, user: str) -> list[Json]:
        """What `user` has chosen; at first what the app has chosen for everybody. What is gone is not chosen."""
        initial = menu.element.get("initial_options") or [menu.element.get("initial_option")]
        with self._lock:
            chosen = self._chosen.get(_key(message, menu, user), [each for each in initial if each])
        return [option for option in chosen if option in menu.options]

    def values(self, message: Message, user: str) -> Json:
        """`state.values`: of every menu of the message, by block_id and action_id."""
        values: Json = {}
        for menu in (control for control in message.controls if control.is_menu):
            held = self.held(message, menu, user)
            values.setdefault(menu.block_id, {})[menu.action_id] = {"type": menu.kind, **held}
        return values

    def held(self, message: Message, menu: Control, user: str) -> Json:
        """What a menu holds, as payloads have it."""
        chosen = self.of(message, menu, user)
        if menu.kind == MULTI_SELECT:
            return {"selected_options": chosen}
        return {"selected_option": chosen[0] if chosen else None}


def steps(menu: Control, before: list[Json], after: list[Json]) -> list[list[Json]]:
    """How a person comes from what is chosen to what is to be, one option at a time; no steps if it is that already."""
    if menu.kind != MULTI_SELECT:
        return [after] if before != after else []
    removed = [option for option in before if option not in after]
    kept = [option for option in before if option in after]
    added = [option for option in after if option not in before]
    fewer = [[option for option in before if option not in removed[:count]] for count in range(1, len(removed) + 1)]
    return fewer + [kept + added[:count] for count in range(1, len(added) + 1)]


def wanted_of(message: Message, selected: Selected) -> list[tuple[Control, list[Json]]]:
    """The menus of a message in which something is to be chosen, each with the options.

    Raises:
        NoSuchControlError: There is no such menu or option, or a menu does not take so many.
    """
    menus = [control for control in message.controls if control.is_menu]
    if isinstance(selected, Mapping):
        wanted = [(menu, options_of(menu, given)) for menu, given in ((find(menus, k), v) for k, v in selected.items())]
    else:
        wanted = _wherever(menus, _several(selected))
    for menu, options in wanted:
        if len(options) > menu.most:
            raise NoSuchControlError(f"menu {menu.label!r}: {len(options)} options are wanted, it takes {menu.most}")
    return wanted


def options_of(menu: Control, given: str | Sequence[str]) -> list[Json]:
    """The options of a menu by value or label.

    Raises:
        NoSuchControlError: It has no such option.
    """
    return [option for _, (option,) in (_wherever([menu], [each])[0] for each in _several(given))]


def _wherever(menus: list[Control], given: Sequence[str]) -> list[tuple[Control, list[Json]]]:
    """Each option in the first menu that has it."""
    found: dict[int, tuple[Control, list[Json]]] = {}
    for each in given:
        for number, menu in enumerate(menus):
            option = menu.option(each)
            if option is not None:
                found.setdefault(number, (menu, []))[1].append(option)
                break
        else:
            there = ", ".join(option["text"]["text"] for menu in menus for option in menu.options) or "none"
            raise NoSuchControlError(f"option {each!r}: no menu has such an option; there are {there}")
    return list(found.values())


def _several(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def _key(message: Message, menu: Control, user: str) -> tuple[str, str, str, str]:
    return message.ts, user, menu.block_id, menu.action_id
