"""Puts our Run Command in the place of MiniStack's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.systems_manager import (
    conditions,
    document_resource,
    ec2_instances,
    instances,
    run_command,
)
from chatops_local.ministack.systems_manager.faults import Faults

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Start Run Command and route to it."""
    service = run_command.start(emulator)
    emulator.names.run_command = service
    faults = Faults()
    faults.apply(emulator)
    run_command.route(service, faults)
    document_resource.apply(service)
    instances.apply(emulator, service)
    conditions.apply(emulator, service)
    ec2_instances.apply(emulator, service)
