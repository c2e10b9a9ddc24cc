"""`chatops-constructs secrets put`, on the local cloud."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import pytest

from chatops_setup.asking import Terminal
from chatops_setup.cli import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chatops_local.cloud import LocalCloud
    from tests.setup.command_line import CommandLine, Ran

CANARY = f"canary-{secrets.token_hex(16)}"

FOLDER = "/acme/staging/standup"
API_KEY, DATABASE, PARTNER = f"{FOLDER}/api-key", f"{FOLDER}/database", f"{FOLDER}/partner"
BOT_TOKEN = f"{FOLDER}/slack-bot-token"
TOKEN = "-".join(["xoxb", "1", CANARY])
KEY = "arn:aws:kms:us-east-1:123456789012:key/2b0c9a3e-0000-0000-0000-000000000000"


@pytest.fixture
def put(run: CommandLine, bare_cloud: LocalCloud, stages: Path) -> Iterator[Callable[..., Ran]]:
    """Stores secrets of `staging` given as lines, and sees that none is printed; takes them away in the end."""

    def stored(*arguments: str, stage: str = "staging", **given: str) -> Ran:
        lines = "".join(f"{FOLDER}/{name.replace('_', '-')}={value}\n" for name, value in given.items())
        command = ("secrets", "put", str(stages), "--stage", stage, "--stdin", *arguments)
        ran = run(bare_cloud, *command, stdin=lines)
        assert CANARY not in ran.out + ran.err
        return ran

    yield stored
    bare_cloud.server.client("ssm").delete_parameters(Names=[BOT_TOKEN, API_KEY])
    secrets_manager = bare_cloud.server.client("secretsmanager")
    for each in secrets_manager.list_secrets()["SecretList"]:
        secrets_manager.delete_secret(SecretId=each["Name"], ForceDeleteWithoutRecovery=True)


def parameter(cloud: LocalCloud, name: str) -> dict[str, Any]:
    found: dict[str, Any] = cloud.server.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    return found


def managed(cloud: LocalCloud, name: str) -> str:
    return str(cloud.server.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])


def test_from_nothing_to_a_stage_that_is_well(
    put: Callable[..., Ran], run: CommandLine, bare_cloud: LocalCloud, stages: Path
) -> None:
    ran = put(slack_bot_token=TOKEN, api_key=CANARY, partner=CANARY)
    assert ran.code == 1, "the JSON is left to do"
    assert f"✔ {BOT_TOKEN}: {BOT_TOKEN} is written: version 1" in ran.out
    assert f"✔ {PARTNER}: {PARTNER} is written" in ran.out
    assert f"? {DATABASE}: is JSON with password, which is not asked for here" in ran.out
    assert (parameter(bare_cloud, API_KEY)["Type"], parameter(bare_cloud, API_KEY)["Value"]) == ("SecureString", CANARY)
    assert managed(bare_cloud, PARTNER) == CANARY

    document = json.dumps({"password": CANARY})
    bare_cloud.server.client("secretsmanager").create_secret(Name=DATABASE, SecretString=document)
    assert run(bare_cloud, "secrets", "check", str(stages), "--stage", "staging").code == 0


def test_nothing_is_written_twice_nor_over_something_without_being_told(
    put: Callable[..., Ran], bare_cloud: LocalCloud
) -> None:
    only = ("--name", API_KEY, "--name", PARTNER)
    assert put(*only, api_key=CANARY, partner=CANARY).code == 0
    again = put(*only, api_key=CANARY, partner=CANARY)
    assert f"✔ {API_KEY}: {API_KEY} holds it already: SecureString, version 1" in again.out
    assert f"✔ {PARTNER}: {PARTNER} holds it already: in Secrets Manager" in again.out
    other = put(*only, api_key=f"{CANARY}-2", partner=f"{CANARY}-2")
    assert other.code == 1
    assert other.out.count("is left as it is") == 2
    assert put(*only, "--overwrite", api_key=f"{CANARY}-2", partner=f"{CANARY}-2").code == 0
    assert parameter(bare_cloud, API_KEY)["Value"] == f"{CANARY}-2"
    assert managed(bare_cloud, PARTNER) == f"{CANARY}-2"


def test_one_with_a_key_that_its_readers_may_not_use_is_encrypted_again(
    put: Callable[..., Ran], bare_cloud: LocalCloud
) -> None:
    ssm = bare_cloud.server.client("ssm")
    ssm.put_parameter(Name=API_KEY, Value=CANARY, Type="SecureString", KeyId=KEY)
    ran = put("--name", API_KEY, api_key=CANARY)
    assert f"✔ {API_KEY}: {API_KEY} is encrypted with alias/aws/ssm now: version 2" in ran.out
    (found,) = ssm.describe_parameters()["Parameters"]
    assert found["KeyId"] == "alias/aws/ssm"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"api_key": "changeme"}, f"line 1 of standard input, {API_KEY}: that is not a secret: it is empty or a"),
        ({"api_key": ""}, f"line 1 of standard input, {API_KEY}: that is not a secret"),
        ({"slack_bot_token": CANARY}, "that is not xoxb- and letters, digits and dashes"),
        ({"other": CANARY}, "line 1 of standard input is not PARAMETER=VALUE with a parameter of the stack"),
    ],
)
def test_what_cannot_be_the_secret(put: Callable[..., Ran], given: dict[str, str], says: str) -> None:
    ran = put(**given)
    assert ran.code == 1
    assert says in ran.err


def test_a_name_that_nobody_reads(put: Callable[..., Ran]) -> None:
    ran = put("--name", "/other")
    assert ran.code == 1
    assert f"--name /other: no function of the stage reads it; those that are read: {API_KEY}, {DATABASE}" in ran.err


def test_nothing_is_stored_in_the_wrong_account(put: Callable[..., Ran], bare_cloud: LocalCloud) -> None:
    ran = put(stage="production")
    assert ran.code == 1
    assert ran.out.count("it is of account 222222222222, your credentials are of 123456789012") == 4
    assert bare_cloud.server.client("ssm").describe_parameters()["Parameters"] == []


def test_a_person_is_asked_for_each_and_sees_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, run: CommandLine, put: Callable[..., Ran], bare_cloud: LocalCloud, stages: Path
) -> None:
    del put  # takes away what is stored
    typed = {BOT_TOKEN: TOKEN, API_KEY: CANARY, PARTNER: ""}
    asked: list[str] = []

    def getpass(_prompt: str) -> str:
        return typed[asked[-1]]

    class Listening(Terminal):
        def secret(self, kind: Any, name: str) -> Any:
            asked.append(name)
            return super().secret(kind, name)

    monkeypatch.setattr("chatops_setup.asking.getpass.getpass", getpass)
    monkeypatch.setattr(reading, "Terminal", Listening)
    monkeypatch.setattr(reading, "_is_terminal", lambda: True)
    ran = run(bare_cloud, "secrets", "put", str(stages), "--stage", "staging")
    assert asked == [BOT_TOKEN, API_KEY, PARTNER]
    assert f"Secret, for {API_KEY}\n" in ran.err
    assert ran.err.count("Slack shows it under") == 1
    assert CANARY not in ran.out + ran.err
    assert parameter(bare_cloud, BOT_TOKEN)["Value"] == TOKEN
