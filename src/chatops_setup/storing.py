"""Writes the secrets that a stack names, and says what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_setup import parameters
from chatops_setup.aws import DeniedCallError
from chatops_setup.finding import Finding, ok, problem

if TYPE_CHECKING:
    from chatops_setup.asking import Source
    from chatops_setup.aws import Aws
    from chatops_setup.parameters import Secret, StoredParameter
    from chatops_setup.secret_kinds import SecretKind


class Storing:
    """Stores secrets.

    Attributes:
        given: What was given so far, by parameter, stored or not.
    """

    def __init__(self, aws: Aws, source: Source, *, key_id: str | None) -> None:
        """Store what `source` gives.

        Args:
            aws: Where.
            source: Who is asked.
            key_id: The key to encrypt with. Default: the one that a parameter had, else the account's.
        """
        self._aws = aws
        self._source = source
        self._key_id = key_id
        self.given: dict[str, Secret] = {}

    def settle(self, kind: SecretKind, name: str) -> Finding | None:
        """Ask for one secret and store it; None if nothing was given.

        Raises:
            AwsError: It could not be stored, though there was no lack of rights.
            InputError: What was given cannot be it.
        """
        secret = self._source.secret(kind, name)
        if secret is None:
            return None
        self.given[name] = secret
        try:
            return self._store(kind, name, secret)
        except DeniedCallError as error:
            return error.finding(kind.check)

    def _store(self, kind: SecretKind, name: str, secret: Secret) -> Finding:
        stored = parameters.look(self._aws, name)
        if stored is None:
            version = parameters.write(self._aws, name, secret, key_id=self._key_id, overwrite=False)
            return ok(kind.check, f"{name} is written: version {version}")
        if not stored.is_secure:
            return problem(
                kind.check,
                f"{name} is a {stored.type}, which cannot become a {parameters.SECURE}",
                f"aws ssm delete-parameter --name {name}, and run this again",
            )
        if not self._is_stored(name, secret):
            return self._replace(kind, stored, secret)
        if self._is_encrypted_otherwise(stored):
            version = parameters.write(self._aws, name, secret, key_id=self._key_id, overwrite=True)
            return ok(kind.check, f"{name} is encrypted with {self._key_id} now: version {version}")
        return ok(kind.check, f"{name} holds it already: {stored.described}")

    def _replace(self, kind: SecretKind, stored: StoredParameter, secret: Secret) -> Finding:
        if not self._source.may_replace(stored):
            return problem(
                kind.check,
                f"{stored.name} is left as it is, {stored.described}: it holds another {kind.title} than the one given",
                "run this again and have it replaced (with --stdin: --overwrite)",
            )
        version = parameters.write(self._aws, stored.name, secret, key_id=self._key_id or stored.key_id, overwrite=True)
        return ok(kind.check, f"{stored.name} is replaced: version {version}, after {stored.version}")

    def _is_encrypted_otherwise(self, stored: StoredParameter) -> bool:
        """Whether another key was asked for; keys are known by their id, ARN or alias."""
        if self._key_id is None or stored.key_id is None:
            return False
        return self._key_id.rpartition("/")[2] != stored.key_id.rpartition("/")[2]

    def _is_stored(self, name: str, secret: Secret) -> bool:
        try:
            stored = parameters.read(self._aws, name)
        except DeniedCallError:
            return False  # who may write it may well not read it
        return stored is not None and stored.value.strip() == secret.value.strip()
