"""Somebody who calls AWS in a role, over HTTP, as functions do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3

from tests.local.ministack.stacks import ACCOUNT

if TYPE_CHECKING:
    from chatops_local.server import Server

ANYBODY_HERE = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
"""Who may assume the role of a caller."""


class Caller:
    """Somebody in a role."""

    def __init__(self, server: Server, role_name: str) -> None:
        assumed = server.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role_name}", RoleSessionName="caller"
        )
        self._credentials = assumed["Credentials"]
        self._server = server

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self._server.endpoint_url,
            region_name=self._server.region,
            aws_access_key_id=self._credentials["AccessKeyId"],
            aws_secret_access_key=self._credentials["SecretAccessKey"],
            aws_session_token=self._credentials["SessionToken"],
        )
