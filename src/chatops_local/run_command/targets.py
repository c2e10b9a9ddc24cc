"""Which instances a command's `Targets` mean.

Several targets are ANDed, the values within one are ORed:
https://docs.aws.amazon.com/systems-manager/latest/userguide/send-commands-multiple.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import ServiceError, not_emulated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .fleet import Instance


def check(targets: Iterable[Mapping[str, Any]]) -> None:
    """Refuse targets of an unknown kind.

    Raises:
        ServiceError: `ValidationException`, or `NotEmulated` for resource groups.
    """
    for target in targets:
        key, values = target.get("Key", ""), target.get("Values", ())
        if key.startswith("resource-groups:"):
            raise not_emulated(f"target key {key}", "use tag:Key, tag-key or InstanceIds")
        if not _is_known(key):
            raise ServiceError(
                "ValidationException", f"target key {key!r}: tag:Key, tag-key and InstanceIds are allowed"
            )
        if not values:
            raise ServiceError("ValidationException", f"target {key}: at least one value is required")


def matching(instances: Iterable[Instance], targets: Sequence[Mapping[str, Any]]) -> list[Instance]:
    """The instances that all `targets` mean."""
    return [
        instance
        for instance in instances
        if all(matches(instance, target["Key"], target["Values"]) for target in targets)
    ]


def matches(instance: Instance, key: str, values: Iterable[str]) -> bool:
    """Whether the instance has that tag (`tag:Key`), such a tag (`tag-key`) or such an id (`InstanceIds`)."""
    if key.startswith("tag:"):
        return instance.tags.get(key[len("tag:") :]) in set(values)
    if key == "tag-key":
        return any(tag in instance.tags for tag in values)
    return instance.instance_id in values


def _is_known(key: str) -> bool:
    # AWS's own examples write InstanceIds and instanceids.
    return (key.startswith("tag:") and key != "tag:") or key == "tag-key" or key.lower() == "instanceids"
