"""What the local cloud cannot do with a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NOT_EMULATED = (
    "CapacityProviderConfig",
    "DeadLetterConfig",
    "DurableConfig",
    "FileSystemConfigs",
    "ImageConfig",
    "SnapStart",
    "VpcConfig",
)


def problems(resource: Mapping[str, Any], _resources: Mapping[str, Any]) -> Iterator[str]:
    """Of a function: runtimes other than Python, and properties without effect."""
    if resource["Type"] != "AWS::Lambda::Function":
        return
    properties: Mapping[str, Any] = resource["Properties"]
    runtime = str(properties.get("Runtime", "none"))
    if not runtime.startswith("python"):
        yield f"runtime {runtime} is not emulated; only Python functions run locally"
    for name in _NOT_EMULATED:
        if name in properties:
            yield f"property {name} is not emulated; leave it out of what is run locally"
