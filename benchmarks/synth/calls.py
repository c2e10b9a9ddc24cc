"""Counts what Python asks of the JavaScript kernel of jsii: each request is a line of JSON there and one back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from jsii._kernel.providers import process

requests: Counter[str] = Counter()
"""Requests so far, by kind."""


def count() -> None:
    """Count from now on."""
    kernel: Any = process._NodeProcess  # noqa: SLF001 - the one place that all requests come through
    send = kernel.send

    def counted(self: object, request: object, response_type: object) -> object:
        requests[type(request).__name__] += 1
        return send(self, request, response_type)

    kernel.send = counted
