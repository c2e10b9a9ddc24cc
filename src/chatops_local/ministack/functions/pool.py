"""Warm environments, kept for the next invocation of the same function."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.ministack.functions.environment import Environment


class Pool:
    """The idle environments of all functions.

    Concurrent invocations get environments of their own, as on AWS. A function that was changed gets new ones: what
    was made from an earlier blueprint is closed.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._idle: dict[str, list[Environment]] = {}
        self._busy: set[Environment] = set()
        self._lock = threading.Lock()

    def take(self, function: str, fingerprint: str, make: Callable[[], Environment]) -> Environment:
        """An environment for one invocation: a warm one, or a new one."""
        with self._lock:
            idle = self._idle.pop(function, [])
            fitting = [each for each in idle if each.blueprint.fingerprint == fingerprint and each.is_usable]
            outdated = [each for each in idle if each not in fitting]
            environment = fitting.pop() if fitting else None
            self._idle[function] = fitting
        for each in outdated:
            each.close()
        if environment is None:
            environment = make()
        with self._lock:
            self._busy.add(environment)
        return environment

    def give_back(self, function: str, environment: Environment) -> None:
        """Keep the environment for later if it still works."""
        with self._lock:
            self._busy.discard(environment)
            if environment.is_usable:
                self._idle.setdefault(function, []).append(environment)
                return
        environment.close()

    def close(self) -> None:
        """End every environment."""
        with self._lock:
            environments = [*self._busy, *(each for idle in self._idle.values() for each in idle)]
            self._idle.clear()
            self._busy.clear()
        for environment in environments:
            environment.close()
