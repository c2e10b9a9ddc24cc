"""The managed instances: local directories that answer to instance ids and tags."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .conditions import Conditions
from .process_groups import ProcessGroups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from threading import Condition

    from .clock import Clock

PingStatus = Literal["Online", "ConnectionLost", "Inactive"]

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(eq=False)
class Instance:
    """One managed instance. Its working directory, home and temporary files are in `directory`."""

    instance_id: str
    name: str
    tags: dict[str, str]
    directory: Path
    role_arn: str | None
    ping_status: PingStatus
    registered: float
    last_ping: float
    ip_address: str
    terminated: bool = False
    conditions: Conditions = field(default_factory=Conditions)
    process_groups: ProcessGroups = field(default_factory=ProcessGroups, repr=False)

    @property
    def online(self) -> bool:
        """Whether its agent can be reached."""
        return self.ping_status == "Online" and not self.terminated

    def prepare(self) -> None:
        """Make its directories."""
        for directory in (self.directory, self.temporary_directory):
            directory.mkdir(parents=True, exist_ok=True)

    @property
    def temporary_directory(self) -> Path:
        """Its TMPDIR."""
        return self.directory / "tmp"


class Fleet:
    """All managed instances, in the order in which they were added."""

    def __init__(self, directory: Path, *, clock: Clock, changed: Condition) -> None:
        """Keep instances below `directory`; notify `changed` whenever one comes, goes or changes its state."""
        self._directory = directory
        self._clock = clock
        self._changed = changed
        self._instances: dict[str, Instance] = {}
        self._added = 0

    def add(
        self,
        name: str,
        tags: Mapping[str, str] | None = None,
        *,
        online: bool = True,
        role_arn: str | None = None,
        instance_id: str | None = None,
    ) -> Instance:
        """Register an instance.

        Args:
            name: Its host name. Also its tag `Name`, unless `tags` has one.
            tags: Its tags.
            online: Whether its agent is connected.
            role_arn: The role of its instance profile. Default: none, so that its agent may call nothing.
            instance_id: Its id. Default: a new one.

        Raises:
            ValueError: The name is no host name, or the id is taken.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(f"instance name {name!r}: letters, digits, '-' and '.' are allowed, as in a host name")
        instance_id = instance_id or f"i-{secrets.token_hex(9)[:17]}"
        now = self._clock.now()
        with self._changed:
            if instance_id in self._instances:
                raise ValueError(f"instance id {instance_id}: there is such an instance already; remove it first")
            self._added += 1
            instance = Instance(
                instance_id=instance_id,
                name=name,
                tags={"Name": name, **(tags or {})},
                directory=self._directory / instance_id,
                role_arn=role_arn,
                ping_status="Online" if online else "ConnectionLost",
                registered=now,
                last_ping=now,
                ip_address=f"10.0.{self._added // 250}.{self._added % 250 + 4}",
            )
            instance.prepare()
            self._instances[instance_id] = instance
            self._changed.notify_all()
        return instance

    def get(self, instance_id: str) -> Instance:
        """The instance of that id.

        Raises:
            KeyError: There is none.
        """
        return self._instances[instance_id]

    def list(self) -> tuple[Instance, ...]:
        """Every instance."""
        return tuple(self._instances.values())

    def by_tag(self, key: str, values: Iterable[str]) -> tuple[Instance, ...]:
        """The instances whose tag `key` has one of `values`."""
        allowed = set(values)
        return tuple(instance for instance in self.list() if instance.tags.get(key) in allowed)

    def set_online(self, instance_id: str, online: bool, ping_status: PingStatus = "ConnectionLost") -> None:
        """Connect the instance's agent, or lose the connection to it. What runs on it keeps running."""
        with self._changed:
            instance = self.get(instance_id)
            instance.ping_status = "Online" if online else ping_status
            instance.last_ping = self._clock.now()
            self._changed.notify_all()

    def remove(self, instance_id: str) -> None:
        """Terminate the instance: its processes end, and it reports nothing any more."""
        with self._changed:
            instance = self._instances.pop(instance_id)
            instance.terminated = True
            instance.process_groups.kill_all()
            self._changed.notify_all()

    def close(self) -> None:
        """End every process of every instance."""
        for instance in self.list():
            instance.process_groups.kill_all()
