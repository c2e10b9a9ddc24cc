"""Reads the marks that constructs leave in a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts.template_metadata import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_mark(logical_id: str, name: str, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """The mark `name` of a resource.

    Raises:
        ValueError: It is of another version than this code.
    """
    mark: Mapping[str, Any] = metadata[name]
    if mark.get("version") != VERSION:
        raise ValueError(
            f"{logical_id}: its {name} metadata has version {mark.get('version')}, this chatops_local reads "
            f"version {VERSION}: install the chatops-constructs that the app was synthesised with"
        )
    return mark
