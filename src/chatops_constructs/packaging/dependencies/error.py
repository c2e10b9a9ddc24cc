"""That the packages of a function could not be had."""

from __future__ import annotations


class DependenciesError(RuntimeError):
    """The packages of a function could not be read, resolved, fetched, or used where the function runs."""
