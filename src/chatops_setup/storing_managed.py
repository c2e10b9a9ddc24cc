"""Writes secrets into Secrets Manager, and says what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_setup import managed_secrets
from chatops_setup.aws import DeniedCallError
from chatops_setup.finding import Finding, ok, problem
from chatops_setup.storing import Storing

if TYPE_CHECKING:
    from chatops_setup.managed_secrets import StoredSecret
    from chatops_setup.parameters import Secret
    from chatops_setup.secret_kinds import SecretKind


class ManagedStoring(Storing):
    """Stores secrets there. One that exists keeps its key: the key is a setting of the secret."""

    def _store(self, kind: SecretKind, name: str, secret: Secret) -> Finding:
        stored = managed_secrets.look(self._aws, name)
        if stored is None:
            managed_secrets.create(self._aws, name, secret, key_id=self._key_id)
            return ok(kind.check, f"{name} is written")
        if not stored.has_value:
            managed_secrets.write(self._aws, name, secret)
            return ok(kind.check, f"{name} is written")
        if self._holds(stored, secret):
            return ok(kind.check, f"{name} holds it already: {stored.described}")
        if not self._source.may_replace(stored):
            return problem(
                kind.check,
                f"{name} is left as it is, {stored.described}: it holds another {kind.title} than the one given",
                "run this again and have it replaced (with --stdin: --overwrite)",
            )
        managed_secrets.write(self._aws, name, secret)
        return ok(kind.check, f"{name} is replaced")

    def _holds(self, stored: StoredSecret, secret: Secret) -> bool:
        try:
            value = managed_secrets.read(self._aws, stored.name)
        except DeniedCallError:
            return False  # who may write it may well not read it
        return value is not None and value.value.strip() == secret.value.strip()
