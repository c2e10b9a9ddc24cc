"""Clients of AWS with the rights of a role, perhaps in another account or region."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.config import Config

# A role is taken for an hour: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html. What is begun
# shortly before its end has time to be finished.
MARGIN_SECONDS = 300


class TargetAccount:
    """Takes a role, and takes it again before that ends."""

    def __init__(self, role_arn: str, region: str | None = None, clock: Callable[[], float] = time.time) -> None:
        """Without calling anybody yet.

        Args:
            role_arn: The role.
            region: Where its clients call. Default: this function's region.
            clock: Unix time in seconds.
        """
        self._role_arn = role_arn
        self._region = region
        self._clock = clock
        self._clients: dict[str, Any] = {}
        self._until = 0.0
        self._keys: dict[str, str] = {}

    def client(self, service: str, config: Config | None = None) -> Any:  # noqa: ANN401 - boto3's clients have no type
        """A client of `service`, the same as before as long as the role lasts.

        Args:
            service: boto3's name of it.
            config: For a client that is made now.
        """
        if self._clock() >= self._until:
            self._take_role()
        if service not in self._clients:
            import boto3  # noqa: PLC0415 - who only needs the class has not to pay for it

            create: Any = boto3.client
            self._clients[service] = create(service, region_name=self._region, config=config, **self._keys)
        return self._clients[service]

    def _take_role(self) -> None:
        import boto3  # noqa: PLC0415

        # In the other account's CloudTrail the session's name says which function it was.
        name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "chatops-constructs")[:64]
        taken = boto3.client("sts").assume_role(RoleArn=self._role_arn, RoleSessionName=name)["Credentials"]
        self._until = taken["Expiration"].timestamp() - MARGIN_SECONDS
        self._clients = {}
        self._keys = {
            "aws_access_key_id": taken["AccessKeyId"],
            "aws_secret_access_key": taken["SecretAccessKey"],
            "aws_session_token": taken["SessionToken"],
        }
