"""AWS's errors in words that say what to do."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from chatops_setup.aws import Aws, AwsError, DeniedCallError, RefusedCallError


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    for name, value in {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-west-1"}.items():
        monkeypatch.setenv(name, value)
    return Aws(region="eu-west-1")


def refused(aws: Aws, code: str, message: str) -> AwsError:
    with Stubber(aws._client("ssm")) as stubber:
        stubber.add_client_error("get_parameter", code, message)
        with pytest.raises(AwsError) as caught:
            aws.call("ssm", "get_parameter", Name="/x", WithDecryption=True)
    return caught.value


DENIED = (
    "User: arn:aws:iam::1:user/ann is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:1:key/k"
)


def test_what_was_denied_is_named_be_it_another_action_than_the_call(aws: Aws) -> None:
    error = refused(aws, "AccessDeniedException", f"{DENIED} because no identity-based policy allows it")
    assert isinstance(error, DeniedCallError)
    assert error.permission == "kms:Decrypt on arn:aws:kms:eu-west-1:1:key/k"
    assert "have your role allow kms:Decrypt" in error.remedy


def test_an_explicit_deny_is_not_a_lack_of_rights(aws: Aws) -> None:
    error = refused(aws, "AccessDeniedException", f"{DENIED} with an explicit deny in a service control policy")
    assert isinstance(error, DeniedCallError)
    assert error.remedy == "a policy denies it explicitly: ask those who look after the account"


def test_a_denial_in_other_words_names_the_call(aws: Aws) -> None:
    error = refused(aws, "AccessDeniedException", "no")
    assert isinstance(error, DeniedCallError)
    assert error.permission == "ssm:GetParameter"


def test_credentials_that_are_over(aws: Aws) -> None:
    assert str(refused(aws, "ExpiredTokenException", "The security token included in the request is expired")) == (
        "your credentials are not good, or no longer (ExpiredTokenException): sign in again"
    )


def test_any_other_refusal_keeps_its_code(aws: Aws) -> None:
    error = refused(aws, "ParameterNotFound", "")
    assert isinstance(error, RefusedCallError)
    assert error.code == "ParameterNotFound"


def test_errors_quote_no_parameters_and_have_no_cause_that_does(aws: Aws) -> None:
    value: Any = ["canary"]
    with pytest.raises(AwsError) as caught:
        aws.call("ssm", "put_parameter", Name="/x", Value=value)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_lists_are_read_to_their_end(aws: Aws) -> None:
    with Stubber(aws._client("iam")) as stubber:
        policy = {"PolicyArn": "arn:aws:iam::aws:policy/Some", "PolicyName": "Some"}
        page: dict[str, Any] = {"AttachedPolicies": [policy], "IsTruncated": True, "Marker": "m"}
        stubber.add_response("list_attached_role_policies", page, {"RoleName": "web"})
        last = {"AttachedPolicies": [policy], "IsTruncated": False}
        stubber.add_response("list_attached_role_policies", last, {"RoleName": "web", "Marker": "m"})
        found = list(aws.all_of("iam", "list_attached_role_policies", "AttachedPolicies", RoleName="web"))
    assert found == [policy, policy]


def test_no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(AwsError, match="no region is set: name the stack's with --region, or set AWS_REGION"):
        Aws()
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert Aws().region == "eu-west-1"


def test_no_such_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(AwsError, match=r"nobody.*`aws configure list-profiles` shows those that there are"):
        Aws(profile="nobody")


def test_no_credentials(monkeypatch: pytest.MonkeyPatch, aws: Aws) -> None:
    del aws
    monkeypatch.setattr(boto3.Session, "get_credentials", lambda *_: None)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name, value in {
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(AwsError, match="no credentials are found: sign in, or name a profile with --profile"):
        Aws(region="eu-west-1").call("ssm", "get_parameter", Name="/x")
