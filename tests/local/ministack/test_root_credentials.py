"""Only the controller is root: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html"""

from __future__ import annotations

from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.exceptions import ClientError

from chatops_local.server import Server


def client_with(server: Server, access_key_id: str, secret: str) -> Any:
    return boto3.client(
        "ssm",
        endpoint_url=server.endpoint_url,
        region_name=server.region,
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret,
    )


def test_the_controller_is_root(server: Server):
    identity = server.client("sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{server.account}:root"


@pytest.mark.parametrize("access_key_id", ["test", "123456789012", "AKIAIOSFODNN7EXAMPLE"])
def test_any_other_key_is_unknown(server: Server, access_key_id: str):
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        client_with(server, access_key_id, "test").describe_parameters()


def test_the_root_key_without_its_secret_is_worth_nothing(server: Server):
    impostor = client_with(server, server.access_key_id, "test")
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        impostor.describe_parameters()
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        impostor.get_parameter(Name="/any")


def test_an_unsigned_call_is_refused(server: Server):
    headers = {"X-Amz-Target": "AmazonSSM.DescribeParameters", "Content-Type": "application/x-amz-json-1.1"}
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(server.endpoint_url, b"{}", headers))
    assert refused.value.code in (400, 403)
    assert b"MissingAuthenticationToken" in refused.value.read()


def test_credentials_are_others_in_every_run(server: Server):

    with Server.start() as another:
        assert another.access_key_id != server.access_key_id
        assert another._settings.secret_access_key not in repr(another._settings)


def test_administration_of_the_emulator_is_closed(server: Server):
    for path in ("/_ministack/reset", "/_ministack/config", "/_localstack/health"):
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(f"{server.endpoint_url}{path}", b"{}"))
        assert refused.value.code == 404
