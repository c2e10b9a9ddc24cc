"""All corrections of CloudWatch Logs' API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.logs import conditions, filter_patterns, sizes
from chatops_local.ministack.logs.faults import Faults
from chatops_local.ministack.logs.pages import Pages
from chatops_local.ministack.logs.queries import Queries

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator


def apply(emulator: Emulator) -> None:
    """Let searches find what they would find, page by page, and the controller make them slow and hard."""
    filter_patterns.apply()
    conditions.apply()
    sizes.apply()
    Pages().apply(emulator)
    Queries().apply(emulator)
    Faults().apply(emulator)
