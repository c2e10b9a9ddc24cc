"""References of a template to what it does not have. CloudFormation refuses such a template; the emulator would not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VARIABLE = re.compile(r"\$\{([^!}.]+)[^}]*\}")


def unresolved(template: Mapping[str, Any]) -> list[str]:
    """The names that resources and outputs refer to and that the template does not define, sorted."""
    known = {*template.get("Resources", {}), *template.get("Parameters", {})}
    used = _names([template.get("Resources", {}), template.get("Outputs", {})])
    return sorted({name for name in used if name not in known and not name.startswith("AWS::")})


def _names(value: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a template
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, dict):
        for key, argument in value.items():
            yield from _names_of(key, argument) if len(value) == 1 else ()
            yield from _names(argument)


def _names_of(function: str, argument: Any) -> Iterator[str]:  # noqa: ANN401 - the argument of an intrinsic function
    if function == "Ref":
        yield argument
    elif function == "Fn::GetAtt":
        yield argument.partition(".")[0] if isinstance(argument, str) else argument[0]
    elif function == "Fn::Sub":
        text, own = (argument, {}) if isinstance(argument, str) else argument
        yield from (name for name in _VARIABLE.findall(text) if name not in own)
