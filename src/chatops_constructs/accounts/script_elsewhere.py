"""A script's document in another account or region, as the endpoint's stack knows it: by its name."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

HASH_LENGTH = 16


@dataclass(frozen=True)
class ScriptElsewhere:
    """A document that a `TargetAccountRole` has made.

    Attributes:
        name: Its name.
    """

    name: str

    @classmethod
    def of(cls, role_name: str, script: str, timeout_seconds: int) -> ScriptElsewhere:
        """The document of a script for a role; both stacks come to the same name, unless they mean different scripts.

        Args:
            role_name: The role's name.
            script: The script.
            timeout_seconds: After so long the agent ends it.
        """
        content = sha256(f"{timeout_seconds} {script}".encode()).hexdigest()[:HASH_LENGTH]
        return cls(f"{role_name}-{content}")

    @property
    def physical_name(self) -> str:
        """Its name, in plain."""
        return self.name
