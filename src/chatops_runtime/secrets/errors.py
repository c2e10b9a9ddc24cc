"""What may be wrong with a secret."""

from __future__ import annotations

from chatops_runtime.log_line import LoggableError


class SecretError(LoggableError):
    """A secret cannot be had. The text has its name and what to do, and nothing of what is stored."""
