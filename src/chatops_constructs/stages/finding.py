"""What a comparison of stages finds."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops_constructs.stages.correspondence import NOTHING

if TYPE_CHECKING:
    from chatops_constructs.stages.correspondence import Value
    from chatops_constructs.stages.difference import Difference

_SHOWN = 160
_BEFORE_THE_DIFFERENCE = 50


@dataclass
class Finding:
    """One thing that is not alike in all stages.

    Attributes:
        path: Of the construct, below the stage.
        type: Of the resource, or what else it is.
        property: Which of its properties; "" if it is the whole.
        remedy: What to do, unless it is meant.
        values: By stage, what it has there.
        only_in: The stages that have it, if others do not.
    """

    path: str
    type: str
    property: str
    remedy: str
    values: dict[str, Value] = field(default_factory=dict)
    only_in: tuple[str, ...] = ()

    def is_meant_by(self, difference: Difference) -> bool:
        """Whether this is what was declared."""
        if self.path != difference.path and not self.path.startswith(f"{difference.path}/"):
            return False
        if self.only_in or difference.only_in:
            return set(self.only_in) == set(difference.only_in)
        return not difference.properties or any(_is_below(self.property, one) for one in difference.properties)

    def __str__(self) -> str:
        """The lines about it in a message."""
        subject = " ".join(part for part in (self.path, f"({self.type})", self.property) if part)
        if self.only_in:
            where = f"  only in {' and '.join(self.only_in)}"
            declared = f"only_in={list(self.only_in)}"
        else:
            where = "\n".join(f"  {stage}: {text}" for stage, text in _shown(self.values).items())
            declared = f'properties=["{self.property}"]'
        declaration = f'Difference("{self.path}", {declared}, reason="…")'.replace("'", '"')
        return f"{subject}\n{where}\n  {self.remedy}; if it is meant: {declaration}"


def _is_below(place: str, declared: str) -> bool:
    return place == declared or place.startswith((f"{declared}.", f"{declared}[", f"{declared}:"))


def _shown(values: dict[str, Value]) -> dict[str, str]:
    """The values, or of long ones the part where they differ."""
    texts = {
        stage: repr(value) if value is NOTHING else json.dumps(value, ensure_ascii=False)
        for stage, value in values.items()
    }
    if max(map(len, texts.values())) <= _SHOWN:
        return texts
    alike = itertools.takewhile(lambda characters: len(set(characters)) == 1, zip(*texts.values(), strict=False))
    start = max(0, sum(1 for _ in alike) - _BEFORE_THE_DIFFERENCE)
    return {stage: _part(text, start) for stage, text in texts.items()}


def _part(text: str, start: int) -> str:
    part = text[start : start + _SHOWN]
    return f"{'…' if start else ''}{part}{'…' if start + _SHOWN < len(text) else ''}"
