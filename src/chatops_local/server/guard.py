"""Refuses what the local cloud cannot check, before anything is deployed."""

from __future__ import annotations

from typing import Any


class UnsupportedError(ValueError):
    """The template uses something that the local cloud does not emulate or cannot check. Lists every such use."""


def check(name: str, template: dict[str, Any]) -> None:
    """Refuse a template that uses what is not emulated.

    Raises:
        UnsupportedError: listing every problem.
    """
