"""AWS WAF of a running local cloud: its API goes wrong as a test wants it to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server.emulator_process import EmulatorProcess


class Waf:
    """What a test does to AWS WAF. CloudFormation's calls, which are retried until they are let, are not touched."""

    def __init__(self, process: EmulatorProcess) -> None:
        """Talk to the emulator's process."""
        self._process = process

    def limit_rates(self, *, limited: bool = True) -> None:
        """Refuse, with ``ThrottlingException``, more calls than AWS WAF allows.

        These are 5 Get and List calls and 1 Create, Put and Update call a second of AWS's time, for each region.
        """
        self._process.call("waf_limit_rates", limited=limited)

    def throttle(self, operation: str, times: int = 1) -> None:
        """Refuse the next calls of an operation, such as ``UpdateIPSet``, with ``ThrottlingException``."""
        self._process.call("waf_throttle", action=operation, times=times)

    def conflict(self, times: int = 1, kind: str = "IPSet") -> None:
        """Let somebody else be quicker: the next changes meet ``WAFOptimisticLockException``.

        Args:
            times: how many.
            kind: of what: ``IPSet``, ``RuleGroup`` or ``WebACL``.
        """
        self._process.call("waf_conflict", action=kind, times=times)

    def lose_answer(self, operation: str) -> None:
        """Carry out the next call of an operation, and answer it with ``WAFInternalErrorException``."""
        self._process.call("waf_lose_answer", action=operation)

    def propagate_in(self, seconds: float) -> None:
        """From now on, changes reach requests so many seconds of AWS's time later; the API shows them at once."""
        self._process.call("waf_propagation", seconds=seconds)

    @contextmanager
    def hold(self, operation: str) -> Iterator[None]:
        """Keep calls of an operation waiting until the block ends."""
        self._process.call("waf_hold", action=operation)
        try:
            yield
        finally:
            self._process.call("waf_release", action=operation)

    def wait_until_held(self, operation: str, seconds: float = 10.0) -> None:
        """Wait until a call of a held operation has come.

        Raises:
            EmulatorError: if none comes in time.
        """
        self._process.call("waf_wait_until_held", action=operation, seconds=seconds)
