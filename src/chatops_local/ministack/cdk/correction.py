"""All custom resources of CDK's that are emulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.cdk import auto_delete_objects, bucket_deployment

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(_emulator: Emulator) -> None:
    """Let templates have them."""
    bucket_deployment.apply()
    auto_delete_objects.apply()
