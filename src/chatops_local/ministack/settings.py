"""What the controller tells the emulator at its start: one line of JSON on standard input."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Settings:
    """The settings of one emulator process.

    Args:
        directory: where everything goes that the emulator writes; it exists, and the controller removes it.
        account: the twelve digits of the account.
        region: the region.
        access_key_id: the root credentials of this run, known to the controller only.
        secret_access_key: the same.
        time_scale: what the waits of state machines and commands are multiplied with.
        visibility_lag: seconds until a sent command shows up in lists.
        execution_list_lag: seconds until a list of executions knows of a start or an end.
        function_environment: variables that every function gets beside its own.
        host: the address to listen on, which must be a loopback address.
        maximum_seconds: the process ends itself after this time.
    """

    directory: str
    account: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    time_scale: float = 1.0
    visibility_lag: float = 0.0
    execution_list_lag: float = 0.0
    function_environment: dict[str, str] = field(default_factory=dict, repr=False)
    host: str = "127.0.0.1"
    maximum_seconds: float = 6 * 3600.0

    def to_json(self) -> str:
        """One line, for :meth:`from_json` on the other side."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Settings:
        """The settings that the controller wrote."""
        return cls(**json.loads(line))
