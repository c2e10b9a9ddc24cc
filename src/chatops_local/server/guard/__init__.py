"""Refuses what the local cloud cannot emulate or check, before anything is deployed: by name, and all of it at once."""

from chatops_local.server.guard.check import UnsupportedError, check
from chatops_local.server.guard.coverage import Coverage, Item, coverage

__all__ = ["Coverage", "Item", "UnsupportedError", "check", "coverage"]
