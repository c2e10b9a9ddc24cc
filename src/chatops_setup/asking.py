"""Where secrets come from: a person at a terminal, or standard input. Never the command line, which others can read."""

from __future__ import annotations

import getpass
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TextIO

from chatops_setup.parameters import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatops_setup.managed_secrets import StoredSecret
    from chatops_setup.parameters import StoredParameter
    from chatops_setup.secret_kinds import SecretKind

ATTEMPTS = 3


class InputError(Exception):
    """What was given is not what is expected. The text quotes nothing of what may be a secret."""


class Source(ABC):
    """Gives secrets."""

    @abstractmethod
    def secret(self, kind: SecretKind, name: str) -> Secret | None:
        """The secret for the parameter `name`; None if there is none to be had.

        Raises:
            InputError: What was given cannot be it.
        """

    @abstractmethod
    def may_replace(self, stored: StoredParameter | StoredSecret) -> bool:
        """Whether to write over what is stored."""


class Terminal(Source):
    """A person, who sees nothing of what is typed."""

    def __init__(self, terminal: TextIO) -> None:
        """Talk on `terminal`."""
        self._terminal = terminal

    def secret(self, kind: SecretKind, name: str) -> Secret | None:
        """Ask up to three times."""
        where = f"  Slack shows it under {kind.place}.\n" if kind.place else ""
        self._say(f"\n{kind.title}, for {name}\n{where}")
        for _ in range(ATTEMPTS):
            typed = getpass.getpass("  Paste it (nothing is shown; empty leaves things as they are): ").strip()
            if not typed:
                return None
            secret = Secret(typed)
            refusal = kind.refusal(secret)
            if refusal is None:
                return secret
            self._say(f"  {refusal}\n")
        raise InputError(f"{kind.title}: three times it was not {kind.shape}")

    def may_replace(self, stored: StoredParameter | StoredSecret) -> bool:
        """Ask."""
        self._say(f"  {stored.name} has another value: {stored.described}. Replace it? [y/N] ")
        self._terminal.flush()
        return input().strip().lower() in ("y", "yes")

    def _say(self, text: str) -> None:
        self._terminal.write(text)
        self._terminal.flush()


class Lines(Source):
    """Standard input, a line `PARAMETER=VALUE` each."""

    def __init__(self, secrets: Mapping[str, Secret], *, replace: bool) -> None:
        """Of the secrets by parameter; `replace` says whether others may be written over."""
        self._secrets = secrets
        self._replace = replace

    @classmethod
    def read(cls, lines: Iterable[str], wanted: Iterable[tuple[SecretKind, str]], *, replace: bool) -> Lines:
        """From the lines of standard input.

        Args:
            lines: The lines.
            wanted: The parameters of the stack.
            replace: Whether to write over what is stored.

        Raises:
            InputError: A line is of another form, names another parameter, or cannot be its secret.
        """
        known = {name: kind for kind, name in wanted}
        secrets = {}
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            name, equals, value = line.strip().partition("=")
            # The line may be a secret by mistake, so nothing of it is quoted.
            if not equals or name not in known:
                raise InputError(
                    f"line {number} of standard input is not PARAMETER=VALUE with a parameter of the stack; those are: "
                    + ", ".join(known)
                )
            secrets[name] = Secret(value.strip())
            refusal = known[name].refusal(secrets[name])
            if refusal is not None:
                raise InputError(f"line {number} of standard input, {name}: {refusal}")
        return cls(secrets, replace=replace)

    def secret(self, kind: SecretKind, name: str) -> Secret | None:
        """What the lines say."""
        del kind
        return self._secrets.get(name)

    def may_replace(self, stored: StoredParameter | StoredSecret) -> bool:
        """As the command line says."""
        del stored
        return self._replace
