"""An extension of griffe: the code under `Example:` in a docstring is shown as code."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import griffe

EXAMPLE = re.compile(r"^Example:\n((?:(?: {4}.*)?(?:\n|\Z))+)", re.MULTILINE)


class DocstringExamples(griffe.Extension):
    """Puts a fence around it, unless it is prose with blocks of its own."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:  # noqa: ANN401 - griffe gives more than we take
        """For each class, function and attribute, as soon as it is read."""
        if obj.docstring:
            obj.docstring.value = EXAMPLE.sub(_fenced, obj.docstring.value)


def _fenced(match: re.Match[str]) -> str:
    code = textwrap.dedent(match[1]).strip()
    body = code if code.startswith("`") else f"```python\n{code}\n```"
    return f"Example:\n{textwrap.indent(body, '    ')}\n\n"
