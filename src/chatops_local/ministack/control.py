"""The controller's way in: calls as lines of JSON on standard input, answers on standard output.

A pipe needs no port and no password, and its end tells that the controller is gone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def serve_calls(requests: TextIO, answers: TextIO, calls: Mapping[str, Callable[..., object]]) -> None:
    """Answer calls until the controller closes its end.

    Args:
        requests: lines of ``{"call": name, "arguments": {...}}``.
        answers: gets a line ``{"result": ...}`` or ``{"error": text}`` for each.
        calls: what can be called.
    """
    for line in requests:
        answers.write(json.dumps(_answer(line, calls)) + "\n")
        answers.flush()


def _answer(line: str, calls: Mapping[str, Callable[..., object]]) -> dict[str, object]:
    request = json.loads(line)
    name = request["call"]
    call = calls.get(name)
    if call is None:
        return {"error": f"unknown call {name!r}; there are {', '.join(sorted(calls))}"}
    try:
        return {"result": call(**request["arguments"])}
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the controller has to hear of it
        return {"error": f"{type(error).__name__}: {error}"}
