"""What functions declare to read, where nobody is there to put it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.cloud.made_up_secrets import make_up_secrets
from chatops_local.server import Server
from chatops_runtime.contracts.template_metadata import SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "eu-central-1"
SECRETS_OF_A_FUNCTION: list[dict[str, Any]] = [
    {"name": "/made/up/api-key", "store": "parameter", "kind": "text"},
    {"name": "/made/up/slack-bot-token", "store": "parameter", "kind": "bot_token"},
    {"name": "/made/up/database", "store": "secrets_manager", "kind": "text", "json_field": "password"},
]
TEMPLATE = {
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Metadata": {SECRETS: {"version": 1, "secrets": SECRETS_OF_A_FUNCTION}},
        },
    }
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A local cloud without Slack."""
    with Server.start() as server:
        yield server


def parameter(server: Server, name: str) -> dict[str, Any] | None:
    found = server.client("ssm", REGION).get_parameters(Names=[name], WithDecryption=True)["Parameters"]
    return found[0] if found else None


def managed(server: Server) -> str:
    client = server.client("secretsmanager", REGION)
    return str(client.get_secret_value(SecretId="/made/up/database")["SecretString"])


def test_texts_get_values_where_there_are_none(server: Server):
    make_up_secrets(server, TEMPLATE, REGION)
    made = parameter(server, "/made/up/api-key")
    assert made is not None
    assert made["Type"] == "SecureString"
    assert made["Value"].startswith("made-up-")
    database = managed(server)
    assert json.loads(database)["password"].startswith("made-up-")
    assert parameter(server, "/made/up/slack-bot-token") is None

    server.put_secret("/made/up/api-key", "somebody's own", REGION)
    make_up_secrets(server, TEMPLATE, REGION)
    kept = parameter(server, "/made/up/api-key")
    assert kept is not None
    assert kept["Value"] == "somebody's own"
    assert managed(server) == database


def test_nothing_is_declared(server: Server):
    make_up_secrets(server, {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}, REGION)
    make_up_secrets(server, {}, REGION)
