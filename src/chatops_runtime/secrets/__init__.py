"""Secrets of users' own handlers, read when they are needed."""

from __future__ import annotations

from chatops_runtime.secrets.errors import SecretError
from chatops_runtime.secrets.reading import read_secret

__all__ = ["SecretError", "read_secret"]
