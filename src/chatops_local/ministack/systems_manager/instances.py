"""The controller's calls about instances."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Access, first_denial
from chatops_local.ministack.systems_manager.run_command import instance_principal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator
    from chatops_local.run_command import Instance, RunCommand

_MESSAGES = tuple(
    f"ssmmessages:{action}"
    for action in ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
)
_EARLIER_MESSAGES = tuple(
    f"ec2messages:{action}"
    for action in ("AcknowledgeMessage", "DeleteMessage", "FailMessage", "GetEndpoint", "GetMessages", "SendReply")
)
AGENT_ACTIONS = frozenset({"ssm:UpdateInstanceInformation", *_MESSAGES, *_EARLIER_MESSAGES})
"""What an agent calls before it can be sent a command.

https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
"""

_log = logging.getLogger(__name__)


def apply(emulator: Emulator, service: RunCommand) -> None:
    """Let the controller add instances, look at them, and cut them off."""
    calls = InstanceCalls(emulator, service)
    emulator.calls.update(
        add_instance=calls.add,
        set_online=calls.set_online,
        terminate_instance=service.fleet.remove,
        instances=calls.all,
    )


class InstanceCalls:
    """What the controller can do with instances.

    Args:
        emulator: where they are.
        service: the Run Command that they belong to.
    """

    def __init__(self, emulator: Emulator, service: RunCommand) -> None:
        """Start with the service's instances."""
        self._emulator = emulator
        self._service = service

    def add(
        self, name: str, tags: Mapping[str, str], online: bool, role_arn: str | None, instance_id: str | None
    ) -> str:
        """Add an instance. With a role, its agent comes online only if the role lets it."""
        instance = self._service.fleet.add(name, tags, online=False, role_arn=role_arn, instance_id=instance_id)
        self.set_online(instance.instance_id, online)
        return instance.instance_id

    def set_online(self, instance_id: str, online: bool) -> None:
        """Connect or cut off an instance's agent."""
        instance = self._service.fleet.get(instance_id)
        denial = self._denial(instance) if online else None
        if denial is not None:
            _log.warning("instance %s stays offline: %s", instance.name, denial)
        self._service.fleet.set_online(instance_id, online and denial is None)

    def all(self) -> list[dict[str, Any]]:
        """All instances."""
        return [
            {
                "instance_id": instance.instance_id,
                "name": instance.name,
                "tags": dict(instance.tags),
                "online": instance.online,
                "role_arn": instance.role_arn,
                "directory": str(instance.directory),
            }
            for instance in self._service.fleet.list()
        ]

    def _denial(self, instance: Instance) -> str | None:
        principal = instance_principal(instance, self._emulator.region)
        if principal is None:
            return None  # an instance that AWS itself manages, under Default Host Management Configuration
        arn = f"arn:aws:ec2:{self._emulator.region}:{self._emulator.account}:instance/{instance.instance_id}"
        denial = first_denial(principal, [Access("ssm:UpdateInstanceInformation", arn)])
        if denial is not None:
            return denial
        by_messages = first_denial(principal, [Access(action, "*") for action in _MESSAGES])
        by_earlier_messages = first_denial(principal, [Access(action, "*") for action in _EARLIER_MESSAGES])
        return by_messages if by_messages and by_earlier_messages else None
