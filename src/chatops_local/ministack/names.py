"""Looks up what the table of accesses asks for, in the services of this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.messaging import encryption, message_moves
from chatops_local.ministack.private import private
from chatops_local.ministack.state_machines.callbacks import Callbacks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops_local.run_command import Instance, RunCommand

_tables = private("services.dynamodb:_tables")
_lookup_parameter = private("services.ssm:_lookup_parameter", "name_or_arn, allow_arn_region, flexible_name")

_resolve_key = private("services.kms:_resolve_key", "key_id_or_arn")

_resolve_secret = private("services.secretsmanager:_resolve", "secret_id, use_arn_scope")

_KEY_OF_AWS = "alias/aws/ssm"
_KEY_OF_SECRETS_MANAGER = "alias/aws/secretsmanager"


class Names:
    """The directory of one emulator."""

    def __init__(self) -> None:
        """Start empty; Run Command joins when it has started."""
        self.callbacks = Callbacks()
        self.run_command: RunCommand | None = None

    def targets_of(self, request: Mapping[str, Any]) -> Sequence[Instance]:
        """The instances that a SendCommand request means."""
        return self.run_command.targets_of(request) if self.run_command else ()

    def state_machine_of(self, task_token: str) -> str | None:
        """The state machine that waits for a token."""
        return self.callbacks.state_machine_of(task_token)

    def key_of(self, parameter: str) -> str | None:
        """The customer's key of a SecureString."""
        _, found = _lookup_parameter.get()(parameter.partition(":")[0] if parameter.startswith("/") else parameter)
        if not found or found.get("Type") != "SecureString":
            return None
        key = found.get("KeyId") or _KEY_OF_AWS
        if key == _KEY_OF_AWS:
            return None
        resolved = _resolve_key.get()(key)
        # A key that is gone decrypts nothing: its name stands for it, which no policy allows.
        return str(resolved["Arn"]) if resolved else str(key)

    def encryption_key_of(self, arn: str) -> str | None:
        """The customer's key of a queue or a topic."""
        return encryption.encryption_key_of(arn)

    def sources_of(self, dead_letter_queue_arn: str) -> Sequence[str]:
        """The queues whose dead letters a queue gets."""
        return message_moves.sources_of(dead_letter_queue_arn)

    def secret_of(self, secret_id: str) -> tuple[str, str | None]:
        """A secret of Secrets Manager, and the customer's key that encrypts it."""
        _, secret = _resolve_secret.get()(secret_id)
        if secret is None:
            # Denials name what was asked for, whether it is there or not.
            return secret_id, None
        key = secret.get("KmsKeyId") or _KEY_OF_SECRETS_MANAGER
        if key == _KEY_OF_SECRETS_MANAGER:
            return str(secret["ARN"]), None
        found = _resolve_key.get()(key)
        return str(secret["ARN"]), str(found["Arn"]) if found else str(key)

    def encryption_key_of_table(self, arn: str) -> str | None:
        """The customer's key of a table."""
        table = _tables.get().get(arn.partition("/")[2])
        key = ((table or {}).get("SSEDescription") or {}).get("KMSMasterKeyArn")
        if key is None or key.endswith("alias/aws/dynamodb"):
            return None
        found = _resolve_key.get()(key)
        # A key that is gone decrypts nothing: its name stands for it, which no policy allows.
        return str(found["Arn"]) if found else str(key)

    def partition_key_of(self, table_name: str) -> str | None:
        """The partition key of a table."""
        table = _tables.get().get(table_name.rpartition("/")[2])
        if table is None:
            return None
        return next(str(key["AttributeName"]) for key in table["KeySchema"] if key["KeyType"] == "HASH")
