"""What may change at any time without a deployment: the signing secret and the off-switch."""

from __future__ import annotations

import time

from chatops_runtime import log_line
from chatops_runtime.contracts.off_switch import FRESH_SECONDS
from chatops_runtime.dispatch.off_switch import OffSwitch
from chatops_runtime.dispatch.signing_secret import SigningSecret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_runtime.dispatch.parameters import Parameter

REFETCH_SECONDS = 60
"""At most this often for a signature that does not verify, or a stranger could make us hammer Parameter Store."""

REREAD_SECONDS = 0.5
"""While there is something to go on with, nobody waits longer for Parameter Store."""

RETRY_SECONDS = 5
"""Not sooner after a reading that failed, or every command would wait for Parameter Store while it is away."""


class Controls:
    """Both parameters, read together and kept in memory.

    Ages are told by the clock on the wall: a monotonic one may stand still while Lambda has the function frozen.
    """

    def __init__(
        self,
        *,
        secret_parameter: str,
        switch_parameter: str,
        read: Callable[[float], Mapping[str, Parameter]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Without reading them yet.

        Args:
            secret_parameter: The name of the parameter with the signing secret.
            switch_parameter: The name of the off-switch.
            read: Reads both within so many seconds, or raises.
            clock: Seconds since 1970.
        """
        self._secret_parameter = secret_parameter
        self._switch_parameter = switch_parameter
        self._read = read
        self._clock = clock
        self._secret = SigningSecret()
        self.off_switch = OffSwitch.of(None)
        """As it was last read."""
        self._read_at: float | None = None
        self._tried_at = 0.0
        self._refetched_at: float | None = None

    @property
    def secret_parameter(self) -> str:
        """The name of the parameter with the signing secret."""
        return self._secret_parameter

    @property
    def secret_is_missing(self) -> bool:
        """Whether there was no signing secret when it was last read."""
        return self._secret.is_missing

    def secrets(self) -> tuple[str, ...]:
        """The signing secrets to accept now."""
        return self._secret.accepted(self._clock())

    def refresh(self, timeout: float) -> None:
        """Read both, if what is known of them is old or there is no secret: somebody may just have stored it.

        When they cannot be read, what is known goes on: Parameter Store being away must not stop the commands.

        Args:
            timeout: How many seconds it may take.

        Raises:
            Exception: Whatever `read` raises when nothing is known to go on with.
        """
        if self._read_at is None:
            self._take(timeout)
        elif self._is_over(RETRY_SECONDS, self._tried_at) and (
            self._secret.is_missing or self._is_over(FRESH_SECONDS, self._read_at)
        ):
            self._try_to_take(timeout)

    def refetched(self, timeout: float) -> bool:
        """Read both again unless that was done lately; whether there are other secrets now.

        Args:
            timeout: How many seconds it may take.
        """
        if self._refetched_at is not None and not self._is_over(REFETCH_SECONDS, self._refetched_at):
            return False
        self._refetched_at = self._clock()
        before = self.secrets()
        self._try_to_take(timeout)
        return self.secrets() != before

    def _is_over(self, seconds: float, since: float) -> bool:
        # A clock that was put back leaves no age to rely on.
        return not 0 <= self._clock() - since < seconds

    def _try_to_take(self, timeout: float) -> None:
        try:
            self._take(min(timeout, REREAD_SECONDS))
        except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again soon
            log_line.write(log_line.WARN, "parameters_not_read", **log_line.describe(error))

    def _take(self, timeout: float) -> None:
        self._tried_at = self._clock()
        found = self._read(timeout)
        self._read_at = self._clock()
        self._secret.see(found.get(self._secret_parameter), self._read_at)
        self.off_switch = OffSwitch.of(found.get(self._switch_parameter))
