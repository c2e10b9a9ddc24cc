"""What there is in the local cloud's own region only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_AT_HOME = frozenset({"AWS::SSM::Document"})


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """Of a stack in another region: Run Command, whose instances are at home."""
    if resource["Type"] in _AT_HOME:
        yield "this is emulated in the local cloud's own region only; start it in the region of this stack"
