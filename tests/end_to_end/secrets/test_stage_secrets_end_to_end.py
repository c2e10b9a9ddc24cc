"""Functions that read their secrets, developers who cannot, and the check before all that."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server import DeployedStack

APP = Path(__file__).parent / "app"
TIME_SCALE = 0.05

FOLDER = "/acme/staging/standup"
API_KEY, DATABASE = f"{FOLDER}/api-key", f"{FOLDER}/database"

Deployed = tuple[LocalCloud, "DeployedStack"]


def made_up() -> str:
    return f"canary-{secrets.token_hex(16)}"


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:12]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The app, deployed; but for `missing`, its secrets are there."""
    assembly = synth(APP, tmp_path_factory.mktemp("cdk.out"), account="123456789012", region="us-east-1").directory
    with LocalCloud.start(time_scale=TIME_SCALE, instances=[]) as cloud:
        stack = cloud.deploy(assembly)
        cloud.server.put_secret(API_KEY, made_up())
        cloud.server.client("secretsmanager").create_secret(
            Name=DATABASE, SecretString=json.dumps({"password": made_up()}), KmsKeyId=stack.outputs["KeyArn"]
        )
        yield cloud, stack


def shown(deployed: Deployed, text: str) -> str:
    return "\n".join(message.shown for message in deployed[0].slack.send(f"/fingerprint {text}").wait(60))


def test_a_new_value_of_a_parameter_arrives(deployed: Deployed) -> None:
    for _ in range(2):
        secret = made_up()
        deployed[0].server.put_secret(API_KEY, secret)
        assert fingerprint(secret) in shown(deployed, "api-key now")
    assert fingerprint(secret) in shown(deployed, "api-key")


def test_a_new_value_in_secrets_manager_arrives(deployed: Deployed) -> None:
    for _ in range(2):
        secret = made_up()
        deployed[0].server.client("secretsmanager").put_secret_value(
            SecretId=DATABASE, SecretString=json.dumps({"password": secret})
        )
        assert fingerprint(secret) in shown(deployed, "database now")


def test_of_a_missing_one_is_told_what_to_do(deployed: Deployed) -> None:
    says = f"SecretError: there is no secret {FOLDER}/missing, or it has no value yet"
    assert says in shown(deployed, "missing")


class Developer:
    """Somebody who may do everything that is asked here, and has the policy."""

    def __init__(self, deployed: Deployed) -> None:
        self._cloud, stack = deployed
        (policy,) = [arn for id, arn in stack.physical_ids.items() if id.startswith("Denial")]
        everything = [
            {"Effect": "Allow", "Action": f"{service}:*", "Resource": "*"}
            for service in ("ssm", "secretsmanager", "kms")
        ]
        name = f"developer-{secrets.token_hex(4)}"
        self._credentials = self._cloud.server.user_credentials(name, *everything)
        self._cloud.server.client("iam").attach_user_policy(UserName=name, PolicyArn=policy)

    def tries(self, service: str, operation: str, **parameters: Any) -> str:
        """AWS's code for why not; empty if it works."""
        client = boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self._cloud.server.client(service).meta.endpoint_url,
            region_name="us-east-1",
            aws_access_key_id=self._credentials.access_key_id,
            aws_secret_access_key=self._credentials.secret_access_key,
        )
        try:
            getattr(client, operation)(**parameters)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""


@pytest.fixture(scope="module")
def developer(deployed: Deployed) -> Developer:
    return Developer(deployed)


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("ssm", "get_parameter", {"Name": API_KEY, "WithDecryption": True}),
        ("ssm", "get_parameter", {"Name": API_KEY}),
        ("ssm", "get_parameters", {"Names": [API_KEY], "WithDecryption": True}),
        ("ssm", "get_parameters_by_path", {"Path": FOLDER, "WithDecryption": True}),
        ("ssm", "get_parameters_by_path", {"Path": "/acme/staging", "Recursive": True}),
        ("ssm", "get_parameters_by_path", {"Path": "/acme", "Recursive": True}),
        ("ssm", "get_parameters_by_path", {"Path": "/", "Recursive": True}),
        ("secretsmanager", "get_secret_value", {"SecretId": DATABASE}),
    ],
)
def test_developers_cannot_read(developer: Developer, service: str, operation: str, parameters: dict[str, Any]) -> None:
    assert developer.tries(service, operation, **parameters) in ("AccessDenied", "AccessDeniedException")


def test_developers_can_list_and_put_and_work_on_other_stages(deployed: Deployed, developer: Developer) -> None:
    cloud, _ = deployed
    cloud.server.put_secret("/acme/development/standup/api-key", made_up())
    assert developer.tries("ssm", "describe_parameters") == ""
    new = {"Name": f"{FOLDER}/new", "Value": made_up(), "Type": "SecureString"}
    assert developer.tries("ssm", "put_parameter", **new) == ""
    assert developer.tries("ssm", "get_parameter", Name="/acme/development/standup/api-key") == ""
    assert developer.tries("secretsmanager", "describe_secret", SecretId=DATABASE) == ""


def test_the_check_finds_the_missing_one_as_a_pipeline_runs_it(deployed: Deployed, tmp_path: Path) -> None:
    cloud, _ = deployed
    synth(APP, tmp_path / "cdk.out", account="123456789012", region="us-east-1")
    command = [sys.executable, "-m", "chatops_setup", "secrets", "check", "cdk.out", "--stage", "staging", "--json"]
    environment = {**os.environ, **cloud.environment()}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    found = {each["check"]: each["level"] for each in json.loads(ran.stdout)["checks"]}
    assert found == {
        f"{FOLDER}/slack-signing-secret": "ok",
        API_KEY: "ok",
        DATABASE: "ok",
        f"{FOLDER}/missing": "problem",
    }
