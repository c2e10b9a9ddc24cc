"""What the corrections share: the settings of this run, where the emulator listens, and what must end with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_local.ministack.functions.asynchronous import AsynchronousInvocations
from chatops_local.ministack.functions.clock import Clock
from chatops_local.ministack.messaging.refusals import Refusals
from chatops_local.ministack.names import Names
from chatops_local.ministack.permissions.place import Place
from chatops_local.ministack.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.ministack.settings import Settings
    from chatops_local.ministack.waf.service import Waf
    from chatops_local.ministack.waf.traffic import Traffic


@dataclass
class Emulator:
    """One emulator process.

    Args:
        settings: what the controller asked for.
        port: where the gateway listens.
    """

    settings: Settings
    port: int
    calls: dict[str, Callable[..., object]] = field(default_factory=dict)
    """What the controller can call, by name. Parts add their own."""
    at_exit: list[Callable[[], None]] = field(default_factory=list)
    """What ends the processes that a part started."""
    refusals: Refusals = field(default_factory=Refusals)
    """What services of AWS tried and were not let."""
    names: Names = field(default_factory=Names)
    """What is where, for the check of permissions."""
    usage: Usage = field(default_factory=Usage)
    """What AWS would bill."""
    asynchronous: AsynchronousInvocations = field(default_factory=AsynchronousInvocations)
    """Functions that nobody waits for."""
    clock: Clock = field(default_factory=Clock)
    """What functions have for a clock."""

    waf: Waf = field(init=False, repr=False)
    """AWS WAF; its correction starts it."""
    traffic: Traffic = field(init=False, repr=False)
    """What meets its web ACLs."""

    @property
    def account(self) -> str:
        """The account."""
        return self.settings.account

    @property
    def region(self) -> str:
        """The region."""
        return self.settings.region

    @property
    def place(self) -> Place:
        """The account and region with what is in them."""
        return Place(self.account, self.region, self.names)

    @property
    def directory(self) -> Path:
        """Where everything is written."""
        return Path(self.settings.directory)

    @property
    def endpoint_url(self) -> str:
        """Where the emulated AWS answers."""
        host = self.settings.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def domain(self) -> str:
        """The domain of the region's service endpoints."""
        return f"{self.region}.amazonaws.com"
