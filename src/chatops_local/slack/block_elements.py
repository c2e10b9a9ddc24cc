"""Block Kit's limits of interactive elements (https://docs.slack.dev/reference/block-kit/block-elements)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = dict[str, Any]
Problem = tuple[str, str]
"""A JSON pointer and what is wrong there."""

MAX_OPTIONS = 100
_PLAIN = ("plain_text",)
_STYLES = (None, "primary", "danger")
_SELECTS = ("static_select",)
_MULTI_SELECTS = ("multi_static_select",)


def in_section(element: Any) -> Iterator[Problem]:  # noqa: ANN401 - whatever the app sent
    """What is wrong with the accessory of a section."""
    return _element(element)


def in_actions(element: Any) -> Iterator[Problem]:  # noqa: ANN401
    """What is wrong with an element of an actions block, which takes no menu of several choices.

    https://api.slack.com/reference/block-kit/block-elements, "Works with block types": Section, Input.
    """
    if isinstance(element, dict) and str(element.get("type")).startswith("multi_"):
        yield "/type", f"unsupported type: {element['type']}: it works in section and input blocks only"
        return
    yield from _element(element)


def in_input(element: Any) -> Iterator[Problem]:  # noqa: ANN401
    """What is wrong with the element of an input block, which takes no button."""
    if isinstance(element, dict) and element.get("type") == "button":
        yield "/type", "unsupported type: button: it works in section and actions blocks only"
        return
    yield from _element(element)


def text(
    value: Any,  # noqa: ANN401
    pointer: str,
    *,
    maximum: int,
    kinds: tuple[str, ...] = ("mrkdwn", "plain_text"),
) -> Iterator[Problem]:
    """What is wrong with a text object."""
    if not isinstance(value, dict) or value.get("type") not in kinds or not isinstance(value.get("text"), str):
        yield pointer, f"must be a text object of type {' or '.join(kinds)}"
    elif not value["text"]:
        yield f"{pointer}/text", "must be more than 0 characters"
    elif len(value["text"]) > maximum:
        yield f"{pointer}/text", f"must be less than {maximum + 1} characters, got {len(value['text'])}"


def items(value: Any, pointer: str, *, maximum: int, check: Callable[[Any], Iterator[Problem]]) -> Iterator[Problem]:  # noqa: ANN401
    """What is wrong with a list, and with each of its items."""
    if not isinstance(value, list) or not value:
        yield pointer, "must have at least one item"
        return
    if len(value) > maximum:
        yield pointer, f"no more than {maximum} items allowed, got {len(value)}"
    for index, each in enumerate(value):
        yield from below(f"{pointer}/{index}", check(each))


def below(pointer: str, problems: Iterator[Problem]) -> Iterator[Problem]:
    """The problems of a part, seen from the whole."""
    return ((pointer + rest, text) for rest, text in problems)


def _element(element: Any) -> Iterator[Problem]:  # noqa: ANN401
    if not isinstance(element, dict) or not isinstance(element.get("type"), str):
        yield "", "must be an object with a type"
        return
    yield from _length(element, "action_id", 255)
    if element["type"] == "button":
        yield from _button(element)
    elif element["type"] in _SELECTS + _MULTI_SELECTS:
        yield from _menu(element)
    if element.get("confirm") is not None:
        yield from below("/confirm", _confirm(element["confirm"]))


def _button(element: Json) -> Iterator[Problem]:
    yield from text(element.get("text"), "/text", maximum=75, kinds=_PLAIN)
    yield from _length(element, "value", 2_000)
    yield from _length(element, "url", 3_000)
    yield from _length(element, "accessibility_label", 75)
    if element.get("style") not in _STYLES:
        yield "/style", "must be primary or danger"


def _menu(element: Json) -> Iterator[Problem]:
    if element.get("placeholder") is not None:
        yield from text(element["placeholder"], "/placeholder", maximum=150, kinds=_PLAIN)
    if ("options" in element) == ("option_groups" in element):
        yield "", "must define either `options` or `option_groups`"
        return
    if "options" in element:
        yield from items(element["options"], "/options", maximum=MAX_OPTIONS, check=_option)
    else:
        yield from items(element["option_groups"], "/option_groups", maximum=MAX_OPTIONS, check=_group)
    yield from _initial(element)
    most = element.get("max_selected_items", 1)
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        yield "/max_selected_items", "must be an integer of at least 1"


def _initial(element: Json) -> Iterator[Problem]:
    """What is chosen from the beginning has to be there: https://docs.slack.dev/reference/block-kit/composition-objects."""
    several = element["type"] in _MULTI_SELECTS
    name = "initial_options" if several else "initial_option"
    if name not in element:
        return
    initial = element[name] if several else [element[name]]
    groups = element.get("option_groups") or [element]
    there = [
        each
        for group in groups
        if isinstance(group, dict) and isinstance(group.get("options"), list)
        for each in group["options"]
    ]
    if not isinstance(initial, list) or any(each not in there for each in initial):
        yield f"/{name}", "must be one of the options, exactly as it is there"


def _group(group: Any) -> Iterator[Problem]:  # noqa: ANN401
    if not isinstance(group, dict):
        yield "", "must be an object"
        return
    yield from text(group.get("label"), "/label", maximum=75, kinds=_PLAIN)
    yield from items(group.get("options"), "/options", maximum=MAX_OPTIONS, check=_option)


def _option(option: Any) -> Iterator[Problem]:  # noqa: ANN401
    if not isinstance(option, dict):
        yield "", "must be an object"
        return
    yield from text(option.get("text"), "/text", maximum=75, kinds=_PLAIN)
    if not isinstance(option.get("value"), str) or not 1 <= len(option["value"]) <= 150:
        yield "/value", "must be 1 to 150 characters"
    if option.get("description") is not None:
        yield from text(option["description"], "/description", maximum=75, kinds=_PLAIN)


def _confirm(confirm: Any) -> Iterator[Problem]:  # noqa: ANN401
    """https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object."""
    if not isinstance(confirm, dict):
        yield "", "must be an object"
        return
    for name, maximum in (("title", 100), ("confirm", 30), ("deny", 30)):
        yield from text(confirm.get(name), f"/{name}", maximum=maximum, kinds=_PLAIN)
    yield from text(confirm.get("text"), "/text", maximum=300)
    if confirm.get("style") not in _STYLES:
        yield "/style", "must be primary or danger"


def _length(element: Json, name: str, maximum: int) -> Iterator[Problem]:
    value = element.get(name)
    if value is None:
        return
    if not isinstance(value, str):
        yield f"/{name}", "must be a string"
    elif len(value) > maximum:
        yield f"/{name}", f"must be no more than {maximum} characters"
