"""All corrections of the check of permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.permissions import (
    api_calls,
    batch_actions,
    decisions,
    leading_keys,
    principal_arn,
    questions,
    roles_at_creation,
    secure_transport,
    targets,
    topic_policy,
    transactions,
)

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Check what MiniStack does not check."""
    decisions.apply(emulator)
    questions.apply(emulator)
    secure_transport.apply()
    principal_arn.apply()
    batch_actions.apply()
    leading_keys.apply(emulator.names)
    api_calls.apply(emulator)
    transactions.apply(emulator.place)
    targets.apply(emulator.refusals)
    topic_policy.apply(emulator)
    roles_at_creation.apply()
