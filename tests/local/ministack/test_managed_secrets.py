"""Secrets of Secrets Manager: who may read them, and what their key takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.callers import ANYBODY_HERE, Caller
from tests.local.ministack.messaging_stacks import arn_of
from tests.local.ministack.stacks import allow, deploy, role
from tests.local.trust.behaviours import SECRET_KEY

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

READ = "secretsmanager:GetSecretValue"
VIA = {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}
ELSEWHERE = {"StringEquals": {"kms:ViaService": "ssm.us-east-1.amazonaws.com"}}


def secret(name: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": name, **properties}}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    own = {"Effect": "Allow", "Principal": ANYBODY_HERE, "Action": "kms:*", "Resource": "*"}
    named = "arn:aws:secretsmanager:us-east-1:123456789012:secret:/acme/open-??????"
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [own]}}},
        "Open": secret("/acme/open", SecretString="open sesame"),
        "Locked": secret("/acme/locked", KmsKeyId=arn_of("Key"), GenerateSecretString={"PasswordLength": 24}),
        "ByName": role(ANYBODY_HERE, allow(READ, named)),
        "Unlocking": role(ANYBODY_HERE, allow(READ, {"Ref": "Locked"}), allow("kms:Decrypt", arn_of("Key"), VIA)),
        "WithoutKey": role(ANYBODY_HERE, allow(READ, {"Ref": "Locked"})),
        "KeyElsewhere": role(
            ANYBODY_HERE, allow(READ, {"Ref": "Locked"}), allow("kms:Decrypt", arn_of("Key"), ELSEWHERE)
        ),
    }
    return deploy(server, tmp_path_factory.mktemp("secrets"), "Secrets", resources)


def read(server: Server, stack: DeployedStack, who: str, secret_id: str) -> str:
    found = Caller(server, stack.resource(who)).client("secretsmanager").get_secret_value(SecretId=secret_id)
    value: str = found["SecretString"]
    return value


@SECRET_KEY.allow(READ)
def test_a_secret_is_read_by_name_and_by_arn(server: Server, stack: DeployedStack):
    assert read(server, stack, "ByName", "/acme/open") == "open sesame"
    assert read(server, stack, "ByName", stack.resource("Open")) == "open sesame"


@SECRET_KEY.deny(READ)
@pytest.mark.parametrize("secret_id", ["/acme/locked", "/acme/nothing", "/acme/opened"])
def test_another_secret_is_closed_whether_it_is_there_or_not(server: Server, stack: DeployedStack, secret_id: str):
    with pytest.raises(ClientError, match=f"is not authorized to perform: {READ} "):
        read(server, stack, "ByName", secret_id)
    assert f":secret:{secret_id}" in server.decisions()[-1].resource


@SECRET_KEY.allow("kms:Decrypt")
def test_a_generated_secret_under_a_key_is_read_with_the_key(server: Server, stack: DeployedStack):
    assert len(read(server, stack, "Unlocking", "/acme/locked")) == 24


@SECRET_KEY.deny("kms:Decrypt")
@pytest.mark.parametrize("who", ["WithoutKey", "KeyElsewhere"])
def test_a_secret_under_a_key_is_closed_without_the_key(server: Server, stack: DeployedStack, who: str):
    with pytest.raises(ClientError, match="is not authorized to perform: kms:Decrypt"):
        read(server, stack, who, "/acme/locked")


def test_an_update_keeps_the_arn_and_a_deletion_takes_it_away(server: Server, tmp_path: Path):
    first = deploy(server, tmp_path / "1", "Updated", {"Secret": secret("/acme/updated", SecretString="one")})
    second = deploy(server, tmp_path / "2", "Updated", {"Secret": secret("/acme/updated", SecretString="two")})
    assert first.resource("Secret") == second.resource("Secret")
    client = server.client("secretsmanager")
    assert client.get_secret_value(SecretId=second.resource("Secret"))["SecretString"] == "two"
    server.destroy("Updated")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_secret(SecretId="/acme/updated")


def test_a_test_may_put_one_there(server: Server):
    server.put_managed_secret("/acme/late", "first")
    server.put_managed_secret("/acme/late", json.dumps({"password": "second"}))
    found = server.client("secretsmanager").get_secret_value(SecretId="/acme/late")["SecretString"]
    assert json.loads(found) == {"password": "second"}
