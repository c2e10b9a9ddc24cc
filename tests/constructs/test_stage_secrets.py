"""StageSecrets: names, permissions, variables, marks; and that the real `read_secret` finds what was rendered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import boto3
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks
from hypothesis import given
from hypothesis import strategies as st

from chatops_constructs import CommandFunction, SlackNotifier, StageSecret, StageSecrets
from chatops_runtime import read_secret
from chatops_runtime.contracts import secrets as contract
from chatops_runtime.contracts.template_metadata import SECRETS
from chatops_runtime.secrets import reading, stores

if TYPE_CHECKING:
    from collections.abc import Iterator

ENVIRONMENT = cdk.Environment(account="111122223333", region="eu-central-1")
PARTITION = {"Ref": "AWS::Partition"}
PARAMETER = "/acme/staging/standup/api-key"
HANDLER = Path(__file__).parents[2] / "examples" / "ops_bot" / "commands"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Ops", env=ENVIRONMENT)


def function_in(stack: cdk.Stack, id: str = "Hello") -> CommandFunction:
    return CommandFunction(stack, id, entry=HANDLER, handler="hello.hello")


def statements(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    """The statements with an id, by it; ARNs as text."""
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    found = [each for policy in policies for each in policy["Properties"]["PolicyDocument"]["Statement"]]
    return {each["Sid"]: plain(each) for each in found if "Sid" in each}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        if "Fn::Join" in value:
            return "".join("aws" if part == PARTITION else part for part in value["Fn::Join"][1])
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def only_function(stack: cdk.Stack) -> dict[str, Any]:
    (function,) = Template.from_stack(stack).find_resources("AWS::Lambda::Function").values()
    return dict(function)


def test_slack_credentials_are_below_the_bot() -> None:
    credentials = StageSecrets("acme", stage="staging").slack_credentials("standup", bot_token=True)
    assert credentials.signing_secret_parameter == "/acme/staging/standup/slack-signing-secret"
    assert credentials.bot_token_parameter == "/acme/staging/standup/slack-bot-token"
    assert StageSecrets("acme", stage="staging").slack_credentials("standup").bot_token_parameter is None


def test_slack_credentials_have_the_stages_key(stack: cdk.Stack) -> None:
    secrets = StageSecrets("acme", stage="staging", encryption_key=kms.Key(stack, "Key"))
    SlackNotifier(
        stack, "Notifier", channel="C0123OPS", credentials=secrets.slack_credentials("standup", bot_token=True)
    )
    assert statements(stack)["DecryptTheBotToken"]["Action"] == "kms:Decrypt"


def test_a_function_may_read_the_one_parameter_and_knows_its_name(stack: cdk.Stack) -> None:
    secret = StageSecrets("acme", stage="staging").secret("standup", "api-key")
    assert (secret.name, secret.key, secret.stage) == (PARAMETER, "api-key", "staging")
    secret.give_to(function_in(stack))
    (statement,) = statements(stack).values()
    assert statement["Action"] == "ssm:GetParameter"
    assert statement["Resource"] == f"arn:aws:ssm:eu-central-1:111122223333:parameter{PARAMETER}"
    function = only_function(stack)
    variables = function["Properties"]["Environment"]["Variables"]
    assert variables["CHATOPS_SECRET_API_KEY"] == f"ssm:{PARAMETER}"
    assert function["Metadata"][SECRETS]["secrets"] == [
        {"name": PARAMETER, "store": "parameter", "kind": "text", "stage": "staging"}
    ]


def test_a_key_is_used_for_this_parameter_only(stack: cdk.Stack) -> None:
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-central-1:111122223333:key/of-the-stage")
    StageSecrets("acme", stage="staging", encryption_key=key).secret("standup", "api-key").give_to(function_in(stack))
    _, decrypting = statements(stack).values()
    assert (decrypting["Action"], decrypting["Resource"]) == ("kms:Decrypt", key.key_arn)
    arn = f"arn:aws:ssm:eu-central-1:111122223333:parameter{PARAMETER}"
    assert decrypting["Condition"] == {"StringEquals": {"kms:EncryptionContext:PARAMETER_ARN": arn}}
    assert only_function(stack)["Metadata"][SECRETS]["secrets"][0]["encryption_key"] == key.key_arn


def test_a_secret_of_secrets_manager_is_read_by_its_exact_name(stack: cdk.Stack) -> None:
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-central-1:111122223333:key/of-the-database")
    StageSecrets("acme", stage="staging").secret_from_secrets_manager(
        "standup", "database", name="rds!cluster-1", json_field="password", encryption_key=key
    ).give_to(function_in(stack))
    reading_it, decrypting = statements(stack).values()
    arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!cluster-1-??????"
    assert (reading_it["Action"], reading_it["Resource"]) == ("secretsmanager:GetSecretValue", arn)
    assert decrypting["Resource"] == key.key_arn
    assert decrypting["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:SecretARN": arn},
    }
    function = only_function(stack)
    variables = function["Properties"]["Environment"]["Variables"]
    assert variables["CHATOPS_SECRET_DATABASE"] == "secretsmanager:rds!cluster-1#password"
    assert function["Metadata"][SECRETS]["secrets"] == [
        {
            "name": "rds!cluster-1",
            "store": "secrets_manager",
            "kind": "text",
            "stage": "staging",
            "json_field": "password",
            "encryption_key": key.key_arn,
        }
    ]


def test_without_a_name_of_its_own_it_is_below_the_bot_too() -> None:
    secret = StageSecrets("acme", stage="staging").secret_from_secrets_manager("standup", "database")
    assert secret.name == "/acme/staging/standup/database"


def test_two_bots_secrets_of_one_key(stack: cdk.Stack) -> None:
    secrets = StageSecrets("acme", stage="staging")
    function = function_in(stack)
    secrets.secret("standup", "api-key").give_to(function)
    secrets.secret("standup", "api-key").give_to(function)
    secrets.secret("deploys", "api-key").give_to(function, read_as="deploys-api-key")
    variables = only_function(stack)["Properties"]["Environment"]["Variables"]
    assert {name: value for name, value in variables.items() if name.startswith(contract.VARIABLE_PREFIX)} == {
        "CHATOPS_SECRET_API_KEY": f"ssm:{PARAMETER}",
        "CHATOPS_SECRET_DEPLOYS_API_KEY": "ssm:/acme/staging/deploys/api-key",
    }
    assert len(statements(stack)) == 2
    assert len(only_function(stack)["Metadata"][SECRETS]["secrets"]) == 2


def test_a_permission_alone_sets_no_variable(stack: cdk.Stack) -> None:
    function = function_in(stack)
    StageSecrets("acme", stage="staging").secret("standup", "api-key").grant_read(function)
    assert len(statements(stack)) == 1
    assert SECRETS not in only_function(stack).get("Metadata", {})
    assert "CHATOPS_SECRET_API_KEY" not in only_function(stack)["Properties"]["Environment"]["Variables"]


def test_nothing_for_cdk_nag_to_find(stack: cdk.Stack) -> None:
    secrets = StageSecrets("acme", stage="staging")
    function = function_in(stack)
    secrets.secret("standup", "api-key").give_to(function)
    secrets.secret_from_secrets_manager("standup", "database").give_to(function)
    secrets.deny_developers_policy(stack, "Deny", functions=[function])
    app = stack.node.root
    assert isinstance(app, cdk.App)
    assert AwsSolutionsChecks(app).validate_scope(stack).violations == []


class Stored:
    """Both stores, with one secret each."""

    def get_parameter(self, **request: Any) -> dict[str, Any]:
        assert request == {"Name": PARAMETER, "WithDecryption": True}
        return {"Parameter": {"Type": "SecureString", "Value": "of-the-parameter"}}

    def get_secret_value(self, **request: Any) -> dict[str, Any]:
        assert request == {"SecretId": "/acme/staging/standup/database"}
        return {"SecretString": json.dumps({"username": "bot", "password": "of-the-database"})}


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    stores._client.cache_clear()
    reading._read.clear()
    monkeypatch.setattr(boto3, "client", lambda *_, **__: Stored())
    yield
    stores._client.cache_clear()
    reading._read.clear()


@pytest.mark.usefixtures("stored")
def test_read_secret_finds_what_was_rendered(stack: cdk.Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = StageSecrets("acme", stage="staging")
    function = function_in(stack)
    secrets.secret("standup", "api-key").give_to(function)
    secrets.secret_from_secrets_manager("standup", "database", json_field="password").give_to(function, read_as="db")
    for name, value in only_function(stack)["Properties"]["Environment"]["Variables"].items():
        monkeypatch.setenv(name, value)
    assert read_secret("api-key") == "of-the-parameter"
    assert read_secret("db") == "of-the-database"


PARTS = st.from_regex(r"[A-Za-z0-9._-]{1,40}", fullmatch=True)


@given(
    project=PARTS.filter(lambda part: not part.lower().startswith(("aws", "ssm"))), stage=PARTS, bot=PARTS, key=PARTS
)
def test_names_are_made_of_their_parts(project: str, stage: str, bot: str, key: str) -> None:
    secrets = StageSecrets(project, stage=stage)
    secret: StageSecret = secrets.secret(bot, key)
    assert secret.name == f"/{project}/{stage}/{bot}/{key}"
    assert secrets.slack_credentials(bot).signing_secret_parameter == f"/{project}/{stage}/{bot}/slack-signing-secret"


@given(store=st.sampled_from(["ssm", "secretsmanager"]), name=PARTS, field=st.none() | st.text(min_size=1))
def test_a_reference_says_what_it_was_made_of(store: str, name: str, field: str | None) -> None:
    assert contract.parsed(contract.reference(store, name, field)) == (store, name, field)
