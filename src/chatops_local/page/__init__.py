"""A page in the browser on which a developer types slash commands into an app and sees what comes of them."""

from __future__ import annotations

from chatops_local.page.server import DEFAULT_PORT, PageServer, PortTakenError
from chatops_local.page.workbench import Workbench

__all__ = ["DEFAULT_PORT", "PageServer", "PortTakenError", "Workbench"]
