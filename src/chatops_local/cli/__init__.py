"""The command line, `chatops-local`."""

from __future__ import annotations

from chatops_local.cli.main import main

__all__ = ["main"]
