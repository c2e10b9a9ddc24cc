"""AWS::Logs::DeliverySource, DeliveryDestination and Delivery: access logs of distributions in a log group.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.ministack.emulator import Emulator

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_get_region = private("core.responses:get_region", "")

HOME = "us-east-1"


@dataclass(frozen=True)
class Delivery:
    """From a distribution to a log group.

    Args:
        distribution: its ARN.
        log_group: its name.
        fields: what is written of each request, in this order; nothing for everything.
    """

    distribution: str
    log_group: str
    fields: tuple[str, ...]


@dataclass
class LogDelivery:
    """The deliveries of an account, and the three types that templates make them of.

    Args:
        account: the account.
    """

    account: str
    _sources: dict[str, str] = field(default_factory=dict)
    _destinations: dict[str, str] = field(default_factory=dict)
    _deliveries: dict[str, Delivery] = field(default_factory=dict)

    def apply(self) -> None:
        """Let templates have them. A changed one takes the place of what it was."""
        for name, create, kept in (
            ("DeliverySource", self._create_source, self._sources),
            ("DeliveryDestination", self._create_destination, self._destinations),
            ("Delivery", self._create_delivery, self._deliveries),
        ):
            _resource_handlers.get()[f"AWS::Logs::{name}"] = {
                "create": create,
                "delete": _forgetting(kept),
            }

    def of(self, distribution: str) -> list[Delivery]:
        """The deliveries of a distribution."""
        return [each for each in self._deliveries.values() if each.distribution == distribution]

    def _create_source(
        self, _logical_id: str, properties: Mapping[str, Any], _stack_name: str
    ) -> tuple[str, dict[str, str]]:
        if _get_region.get()() != HOME:
            raise ValueError(f"ValidationException: access logs of CloudFront are delivered in {HOME} only")
        name = str(properties["Name"])
        self._sources[name] = str(properties["ResourceArn"])
        return name, {"Arn": self._arn("delivery-source", name), "Service": "cloudfront"}

    def _create_destination(
        self, _logical_id: str, properties: Mapping[str, Any], _stack_name: str
    ) -> tuple[str, dict[str, str]]:
        name = str(properties["Name"])
        self._destinations[name] = str(properties["DestinationResourceArn"])
        return name, {"Arn": self._arn("delivery-destination", name), "DeliveryDestinationType": "CWL"}

    def _create_delivery(
        self, _logical_id: str, properties: Mapping[str, Any], _stack_name: str
    ) -> tuple[str, dict[str, str]]:
        source = self._sources.get(str(properties["DeliverySourceName"]))
        destination = self._destinations.get(str(properties["DeliveryDestinationArn"]).rpartition(":")[2])
        if source is None or destination is None:
            raise ValueError("ResourceNotFoundException: the delivery's source or destination does not exist")
        group = destination.partition(":log-group:")[2].removesuffix(":*")
        delivery_id = uuid4().hex[:16]
        self._deliveries[delivery_id] = Delivery(source, group, tuple(properties.get("RecordFields") or ()))
        return delivery_id, {"Arn": self._arn("delivery", delivery_id), "DeliveryId": delivery_id}

    def _arn(self, kind: str, name: str) -> str:
        return f"arn:aws:logs:{HOME}:{self.account}:{kind}:{name}"


def _forgetting(kept: dict[str, Any]) -> Callable[[str, object], None]:
    def delete(physical_id: str, _properties: object) -> None:
        kept.pop(physical_id, None)

    return delete


def start(emulator: Emulator) -> LogDelivery:
    """The deliveries of the emulator's account."""
    delivery = LogDelivery(emulator.account)
    delivery.apply()
    return delivery
