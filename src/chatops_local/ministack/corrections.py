"""Every correction of MiniStack, in the order in which they are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack import isolation, root_credentials
from chatops_local.ministack.functions import correction as functions

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator

_CORRECTIONS = (
    isolation,
    root_credentials,
    functions,
)


def apply_all(emulator: Emulator) -> None:
    """Correct the MiniStack of this process."""
    for correction in _CORRECTIONS:
        correction.apply(emulator)
