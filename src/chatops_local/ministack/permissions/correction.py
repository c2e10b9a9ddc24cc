"""All corrections of the check of permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.permissions import api_calls, roles_at_creation, targets, topic_policy

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Check what MiniStack does not check."""
    api_calls.apply(emulator)
    targets.apply()
    topic_policy.apply(emulator)
    roles_at_creation.apply(emulator)
