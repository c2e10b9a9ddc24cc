"""The policy for developers: as somebody who may do everything else, by every way there is to a secret."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template as Synthesised

from chatops_constructs import StageSecrets
from tests.second_opinion.emulator import ALLOWED, EXPLICITLY_DENIED, Emulator
from tests.second_opinion.permissions import Role
from tests.second_opinion.requests import Request
from tests.second_opinion.templates import ACCOUNT, REGION, Template

PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:Reader"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ReaderRole"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/any"
CONTEXT = "kms:EncryptionContext:PARAMETER_ARN"

# A key's policy has to let the account in: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
OF_THE_KEY = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    ]
}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def developer() -> Role:
    """Who may do everything, and has the policy."""
    stack = cdk.Stack(cdk.App(), "Ops", env=cdk.Environment(account=ACCOUNT, region=REGION))
    secrets = StageSecrets("acme", stage="staging")
    secrets.secret_from_secrets_manager("standup", "old", name="legacy/before")
    function = lambda_.Function(
        stack,
        "Reader",
        code=lambda_.Code.from_inline("def handler(*_): ..."),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_14,
        function_name="Reader",
    )
    secrets.deny_developers_policy(stack, "Denial", functions=[function], policy_name="no-secrets")
    secrets.secret_from_secrets_manager("standup", "new", name="legacy/after")
    template = Template("Ops", Synthesised.from_stack(stack).to_json())
    (policy,) = template.resources("AWS::IAM::ManagedPolicy")
    (role,) = template.resources("AWS::IAM::Role")
    properties: dict[str, Any] = policy[1]
    assert properties["ManagedPolicyName"] == "no-secrets"
    assert not {"Roles", "Users", "Groups"} & set(properties), "it is attached to nobody"
    document = properties["PolicyDocument"]
    # The template's own role has the name that CloudFormation gives it.
    for statement in document["Statement"]:
        if statement["Resource"] == template.arn(role[0]):
            statement["Resource"] = ROLE
    return Role("Developer", [EVERYTHING, document])


def decided(developer: Role, action: str, resource: str, **context: str) -> str:
    return Emulator({KEY: OF_THE_KEY}).of_role(developer, Request(action, resource, context))[0]


@pytest.mark.parametrize("action", ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParameterHistory"])
@pytest.mark.parametrize(
    "name", ["/acme/staging/standup/api-key", "/acme/staging/standup/slack-bot-token", "/acme/staging/a/b/c"]
)
def test_no_value_and_no_history(developer: Role, action: str, name: str) -> None:
    assert decided(developer, action, f"{PARAMETER}{name}") == EXPLICITLY_DENIED


@pytest.mark.parametrize("path", ["/", "/acme", "/acme/", "/acme/staging", "/acme/staging/", "/acme/staging/standup/"])
def test_no_path_from_which_recursion_gets_there(developer: Role, path: str) -> None:
    assert decided(developer, "ssm:GetParametersByPath", f"{PARAMETER}{path}") == EXPLICITLY_DENIED


def test_not_in_another_region_either(developer: Role) -> None:
    there = f"arn:aws:ssm:us-west-2:{ACCOUNT}:parameter/acme/staging/standup/api-key"
    assert decided(developer, "ssm:GetParameter", there) == EXPLICITLY_DENIED
    replica = f"arn:aws:secretsmanager:us-west-2:{ACCOUNT}:secret:/acme/staging/standup/db-a1b2c3"
    assert decided(developer, "secretsmanager:GetSecretValue", replica) == EXPLICITLY_DENIED


def test_no_ciphertext_is_decrypted(developer: Role) -> None:
    of_stage = {CONTEXT: f"{PARAMETER}/acme/staging/standup/api-key"}
    assert decided(developer, "kms:Decrypt", KEY, **of_stage) == EXPLICITLY_DENIED
    of_another = {CONTEXT: f"{PARAMETER}/acme/development/standup/api-key"}
    assert decided(developer, "kms:Decrypt", KEY, **of_another) == ALLOWED
    assert decided(developer, "kms:Decrypt", KEY) == ALLOWED


@pytest.mark.parametrize("name", ["/acme/staging/standup/database", "legacy/before", "legacy/after"])
def test_no_secret_of_secrets_manager(developer: Role, name: str) -> None:
    arn = f"{SECRET}{name}-a1b2c3"
    assert decided(developer, "secretsmanager:GetSecretValue", arn) == EXPLICITLY_DENIED
    assert decided(developer, "secretsmanager:PutResourcePolicy", arn) == EXPLICITLY_DENIED


def test_nothing_is_shared_with_another_account(developer: Role) -> None:
    name = f"{PARAMETER}/acme/staging/standup/api-key"
    assert decided(developer, "ssm:PutResourcePolicy", name) == EXPLICITLY_DENIED


@pytest.mark.parametrize("action", ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"])
def test_no_reader_is_changed(developer: Role, action: str) -> None:
    assert decided(developer, action, FUNCTION) == EXPLICITLY_DENIED


@pytest.mark.parametrize("action", ["iam:PassRole", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"])
def test_no_role_of_a_reader_is_taken(developer: Role, action: str) -> None:
    assert decided(developer, action, ROLE) == EXPLICITLY_DENIED


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("ssm:DescribeParameters", "*"),
        ("ssm:PutParameter", f"{PARAMETER}/acme/staging/standup/api-key"),
        ("kms:Encrypt", KEY),
        ("secretsmanager:DescribeSecret", f"{SECRET}/acme/staging/standup/database-a1b2c3"),
        ("secretsmanager:PutSecretValue", f"{SECRET}/acme/staging/standup/database-a1b2c3"),
        ("ssm:GetParameter", f"{PARAMETER}/acme/development/standup/api-key"),
        ("ssm:GetParameter", f"{PARAMETER}/acme/staging-2/standup/api-key"),
        ("ssm:GetParametersByPath", f"{PARAMETER}/acme/development"),
        ("secretsmanager:GetSecretValue", f"{SECRET}legacy/before-2-a1b2c3"),
        ("lambda:InvokeFunction", FUNCTION),
        ("lambda:UpdateFunctionCode", f"{FUNCTION}2"),
    ],
)
def test_they_rotate_list_and_work_on_other_stages(developer: Role, action: str, resource: str) -> None:
    assert decided(developer, action, resource) == ALLOWED


def test_without_functions_nothing_is_said_about_any() -> None:
    stack = cdk.Stack()
    StageSecrets("acme", stage="staging").deny_developers_policy(stack, "Denial")
    (policy,) = Synthesised.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
    said = {each["Sid"] for each in policy["Properties"]["PolicyDocument"]["Statement"]}
    assert said == {
        "DenyReadingParameters",
        "DenyReadingThePathsAbove",
        "DenyDecryptingParameters",
        "DenySharingParameters",
        "DenyReadingSecrets",
    }
