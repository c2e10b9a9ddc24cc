"""All corrections of DynamoDB's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.dynamodb import expiry
from chatops_local.ministack.dynamodb.faults import Faults

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Let the controller make things go wrong, and items expire."""
    Faults().apply(emulator)
    expiry.apply(emulator)
