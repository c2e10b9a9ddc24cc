"""What StageSecrets refuses, and in which words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from hypothesis import given
from hypothesis import strategies as st

from chatops_constructs import StageSecrets

if TYPE_CHECKING:
    from collections.abc import Callable

SECRETS = StageSecrets("acme", stage="staging")
TOKEN = cdk.Aws.STACK_NAME


@pytest.mark.parametrize(
    ("make", "parameter", "remedy"),
    [
        (lambda: StageSecrets("", stage="staging"), "project is ''", "write it like 'acme'"),
        (lambda: StageSecrets("/acme", stage="staging"), "project is '/acme'", "write it like 'acme'"),
        (lambda: StageSecrets("AwsThings", stage="staging"), "not aws or ssm in front", "write it like 'acme'"),
        (lambda: StageSecrets("ssm", stage="staging"), "project is 'ssm'", "not aws or ssm in front"),
        (lambda: StageSecrets("acme", stage="pro duction"), "stage is 'pro duction'", "write it like 'staging'"),
        (lambda: StageSecrets(TOKEN, stage="staging"), "project is known at deploy time only", "give it in plain"),
        (lambda: StageSecrets("acme", stage=TOKEN), "stage is known at deploy time only", "give it in plain"),
        (lambda: SECRETS.secret("a/b", "api-key"), "bot is 'a/b'", "no '/'"),
        (lambda: SECRETS.secret("standup", ""), "key is ''", "a key like 'api-key'"),
        (lambda: SECRETS.secret("standup", TOKEN), "key is known at deploy time only", "give it in plain"),
        (lambda: SECRETS.secret("standup", "k" * 900), "up to 900 characters in all", "shorten one of its parts"),
        (lambda: SECRETS.slack_credentials("b" * 900), "up to 900 characters", "shorten one of its parts"),
        (lambda: SECRETS.slack_credentials("ü"), "bot is 'ü'", "write it like 'standup'"),
        (
            lambda: SECRETS.secret_from_secrets_manager(
                "standup", "database", name="arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-a1b2c3"
            ),
            "name is 'arn:aws:",
            "has no ':' as an ARN has",
        ),
        (
            lambda: SECRETS.secret_from_secrets_manager("standup", "database", json_field=""),
            "json_field is ''",
            "leave it out",
        ),
    ],
)
def test_a_name_that_is_none(make: Callable[[], Any], parameter: str, remedy: str) -> None:
    with pytest.raises(ValueError, match=f"{re.escape(parameter)}.*{re.escape(remedy)}"):
        make()


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"(?s)project is 'ä'.*stage is '/'"):
        StageSecrets("ä", stage="/")


@pytest.mark.parametrize(
    "function", ["hello", "arn:aws:lambda:eu-central-1:111122223333:function:hello", None, object()]
)
def test_secrets_are_given_to_functions_only(function: Any) -> None:
    with pytest.raises(ValueError, match=r"give_to: function is .*a Lambda function that this app creates"):
        SECRETS.secret("standup", "api-key").give_to(function)


def test_a_function_of_another_app_has_no_variables_to_set() -> None:
    imported = lambda_.Function.from_function_name(cdk.Stack(), "Imported", "hello")
    with pytest.raises(ValueError, match="give it the function itself"):
        SECRETS.secret("standup", "api-key").give_to(imported)  # type: ignore[arg-type]


@pytest.fixture
def function() -> lambda_.Function:
    return lambda_.Function(
        cdk.Stack(),
        "Hello",
        code=lambda_.Code.from_inline("def handler(*_): ..."),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_14,
    )


@pytest.mark.parametrize("key", ["api-key", "api_key", "API.KEY"])
def test_two_secrets_that_would_be_read_by_one_key(function: lambda_.Function, key: str) -> None:
    SECRETS.secret("standup", "api-key").give_to(function)
    with pytest.raises(ValueError, match=r"reads ssm:/acme/staging/standup/api-key by this one; .*read_as='other-"):
        SECRETS.secret("deploys", key).give_to(function)


@pytest.mark.parametrize("read_as", ["", "github key", "é", pytest.param(TOKEN, id="a token")])
def test_a_key_of_which_no_variable_can_be_made(function: lambda_.Function, read_as: str) -> None:
    with pytest.raises(ValueError, match="read_as is "):
        SECRETS.secret("standup", "api-key").give_to(function, read_as=read_as)


@given(st.text().filter(lambda text: not re.fullmatch(r"[A-Za-z0-9._-]+", text)))
def test_nothing_else_gets_into_a_name(text: str) -> None:
    with pytest.raises(ValueError, match="bot is "):
        SECRETS.secret(text, "api-key")
