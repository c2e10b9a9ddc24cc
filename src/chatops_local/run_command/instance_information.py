"""DescribeInstanceInformation.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import agent, targets
from .errors import ServiceError
from .paging import page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .clock import Clock
    from .fleet import Fleet, Instance

_RESOURCE_TYPE = "EC2Instance"
_ALLOWED = {
    "PingStatus": {"Online", "ConnectionLost", "Inactive"},
    "PlatformTypes": {"Windows", "Linux", "MacOS"},
    "ResourceType": {"EC2Instance", "ManagedInstance"},
}


def describe(fleet: Fleet, clock: Clock, request: Mapping[str, Any]) -> dict[str, Any]:
    """The instances that pass every filter of `request`."""
    filters = request.get("Filters", ())
    _check(filters)
    found = [
        instance for instance in fleet.list() if all(_matches(instance, one["Key"], one["Values"]) for one in filters)
    ]
    instances, token = page(found, request, lambda instance: instance.instance_id)
    return {"InstanceInformationList": [_information(instance, clock) for instance in instances], **token}


def _check(filters: Sequence[Mapping[str, Any]]) -> None:
    for one in filters:
        key, values = one["Key"], set(one["Values"])
        if not _is_tag(key) and key != "InstanceIds" and key not in _ALLOWED:
            known = ", ".join(["InstanceIds", *_ALLOWED, "tag:Key", "tag-key"])
            raise ServiceError("InvalidFilterKey", f"filter key {key!r}: {known} are emulated")
        if values - _ALLOWED.get(key, values):
            allowed = ", ".join(sorted(_ALLOWED[key]))
            raise ServiceError("InvalidInstanceInformationFilterValue", f"filter {key}: {allowed} are allowed")
    if len({_is_tag(one["Key"]) for one in filters}) > 1:
        raise ServiceError("InvalidFilterKey", "tag filters cannot be combined with other filter types")


def _matches(instance: Instance, key: str, values: Iterable[str]) -> bool:
    own = {"PingStatus": instance.ping_status, "PlatformTypes": agent.PLATFORM_TYPE, "ResourceType": _RESOURCE_TYPE}
    return own[key] in values if key in own else targets.matches(instance, key, values)


def _is_tag(key: str) -> bool:
    return key.startswith("tag:") or key == "tag-key"


def _information(instance: Instance, clock: Clock) -> dict[str, Any]:
    return {
        "InstanceId": instance.instance_id,
        "PingStatus": instance.ping_status,
        "LastPingDateTime": clock.now() if instance.online else instance.last_ping,
        "AgentVersion": agent.VERSION,
        "IsLatestVersion": True,
        "PlatformType": agent.PLATFORM_TYPE,
        "PlatformName": agent.PLATFORM_NAME,
        "PlatformVersion": agent.PLATFORM_VERSION,
        "ResourceType": _RESOURCE_TYPE,
        "IPAddress": instance.ip_address,
        "ComputerName": instance.name,
        "SourceId": instance.instance_id,
        "SourceType": "AWS::EC2::Instance",
    }
