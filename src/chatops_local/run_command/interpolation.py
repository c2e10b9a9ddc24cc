"""What the agent does to a document's text before a script runs.

The rules are those of https://github.com/aws/amazon-ssm-agent (agent/framework/docparser), in its order:

1. `{{ name }}` of a declared parameter is replaced by the parameter's value. If a string is nothing but that reference,
   the value takes its place as it is, a list as a list; within a longer string it is written as text (a list as JSON),
   and there `$$` in the *value* becomes `$`. The document's own text keeps its `$$`.
2. `{{ssm:name}}` and `{{ssm:name:version}}`, from the document or from a value, is replaced by what the Parameter
   Store holds.
3. Everything else in double braces stays as it is. What was put in is not looked at again.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

StoredValue = str | list[str]
"""A String parameter's text, or the items of a StringList parameter."""

_BLANKS = r"[\t\n\f\r ]*"  # what \s is in Go
_SSM_REFERENCE = re.compile(r"\{\{ *ssm:([/\w.:-]+) *\}\}", re.ASCII)


class InterpolationError(Exception):
    """A document that the agent gives up on before it runs anything."""


def replace_parameters(inputs: Mapping[str, object], parameters: Mapping[str, object]) -> dict[str, object]:
    """`inputs`, with every `{{ name }}` of `parameters` replaced, in lists and objects too."""
    if not parameters:
        return dict(inputs)
    names = "|".join(re.escape(name) for name in parameters)
    reference = re.compile(rf"\{{\{{{_BLANKS}({names}){_BLANKS}\}}\}}")

    def replaced(text: str) -> object:
        whole = reference.fullmatch(text)
        if whole:
            return parameters[whole[1]]
        return reference.sub(lambda match: _as_text(parameters[match[1]]).replace("$$", "$"), text)

    return {key: _map_strings(item, replaced) for key, item in inputs.items()}


def has_ssm_reference(text: str) -> bool:
    """Whether `text` refers to the Parameter Store."""
    return _SSM_REFERENCE.search(text) is not None


def ssm_references(content: object) -> list[str]:
    """The names, with version if they have one, of the stored parameters that `content` refers to; each once."""
    names: dict[str, None] = {}

    def note(text: str) -> str:
        names.update(dict.fromkeys(_SSM_REFERENCE.findall(text)))
        return text

    _map_strings(content, note)
    return list(names)


def replace_ssm_references(inputs: Mapping[str, object], stored: Mapping[str, StoredValue]) -> dict[str, object]:
    """`inputs` with every reference to the Parameter Store replaced from `stored`.

    Raises:
        InterpolationError: A StringList stands where only a string can: it may only be an item of a list, by itself.
    """

    def text_of(match: re.Match[str]) -> str:
        value = stored[match[1]]
        if isinstance(value, list):
            raise InterpolationError(f"Parameter {match[1]} of type StringList cannot be used as a String")
        return value

    def replaced(value: object) -> object:
        if isinstance(value, str):
            return _SSM_REFERENCE.sub(text_of, value)
        if isinstance(value, dict):
            return {key: replaced(item) for key, item in value.items()}
        if isinstance(value, list):
            return [new for item in value for new in replaced_item(item)]
        return value

    def replaced_item(item: object) -> list[Any]:
        alone = _SSM_REFERENCE.fullmatch(item.strip()) if isinstance(item, str) else None
        value = stored[alone[1]] if alone else None
        return value if isinstance(value, list) else [replaced(item)]

    return {key: replaced(item) for key, item in inputs.items()}


def _as_text(value: object) -> str:
    """`value` as Go's json.Marshal writes it, which also escapes what HTML would read as markup."""
    if isinstance(value, str):
        return value
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _map_strings(content: object, change: Callable[[str], object]) -> object:
    if isinstance(content, str):
        return change(content)
    if isinstance(content, list):
        return [_map_strings(item, change) for item in content]
    if isinstance(content, dict):
        return {key: _map_strings(item, change) for key, item in content.items()}
    return content
