"""What the table of accesses has to know about the cloud: names, tags and owners of what a request points at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class TaggedInstance(Protocol):
    """A managed instance."""

    instance_id: str
    tags: dict[str, str]


class Directory(Protocol):
    """Looks things up."""

    def targets_of(self, request: Mapping[str, Any]) -> Sequence[TaggedInstance]:
        """The instances that a SendCommand request means."""

    def state_machine_of(self, task_token: str) -> str | None:
        """The ARN of the state machine that waits for a task token."""

    def key_of(self, parameter: str) -> str | None:
        """The ARN of the customer's key that a SecureString is encrypted with."""

    def encryption_key_of(self, arn: str) -> str | None:
        """The ARN of the customer's key that a queue or a topic is encrypted with."""

    def sources_of(self, dead_letter_queue_arn: str) -> Sequence[str]:
        """The ARNs of the queues whose dead letters a queue gets."""

    def secret_of(self, secret_id: str) -> tuple[str, str | None]:
        """The ARN of a secret of Secrets Manager, by name or ARN, and that of the customer's key."""

    def encryption_key_of_table(self, arn: str) -> str | None:
        """The ARN of the customer's key that a table is encrypted with."""

    def partition_key_of(self, table_name: str) -> str | None:
        """The name of a table's partition key."""


@dataclass(frozen=True)
class Place:
    """Account and region, and what there is in them."""

    account: str
    region: str
    directory: Directory

    def at(self, region: str) -> Place:
        """The same account in another region."""
        return replace(self, region=region)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region; what is an ARN already stays as it is."""
        return resource if resource.startswith("arn:") else f"arn:aws:{service}:{self.region}:{self.account}:{resource}"
