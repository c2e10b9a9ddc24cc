"""The rules behind `secrets check` that take no AWS: marks, stages, keys, values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_setup import secret_keys
from chatops_setup.assembly import Place, stacks_in
from chatops_setup.aws import AwsError, DeniedCallError, RefusedCallError
from chatops_setup.contents import ContentsError
from chatops_setup.declared_secrets import DeclaredSecret, Key, declared_in
from chatops_setup.finding import Level
from chatops_setup.secret_checks import SecretChecks, Values
from chatops_setup.stack import NoSuchStackError
from chatops_setup.stage_secrets import secrets_of

if TYPE_CHECKING:
    from pathlib import Path

ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234"
NAME = "/acme/staging/standup/api-key"


class AwsDouble:
    """Answers with what it is told, by the operation; an error is raised."""

    region = "eu-central-1"

    def __init__(self, **answers: Any) -> None:
        self._answers = answers

    def call(self, _service: str, operation: str, **_parameters: Any) -> Any:
        answer = self._answers[operation]
        if isinstance(answer, Exception):
            raise answer
        return answer


def aws(**answers: Any) -> Any:
    return AwsDouble(**answers)


def function(*secrets: dict[str, Any]) -> dict[str, Any]:
    mark = {"version": 1, "secrets": list(secrets)}
    return {"Resources": {"F": {"Type": "AWS::Lambda::Function", "Metadata": {"chatops:secrets": mark}}}}


def secret(name: str = NAME, **more: Any) -> dict[str, Any]:
    return {"name": name, "store": "parameter", "kind": "text", **more}


class TestDeclared:
    def test_each_secret_once_with_all_that_is_said_of_it(self) -> None:
        (found,) = declared_in(function(secret(), secret(kind="bot_token", stage="staging"), secret()))
        assert found == DeclaredSecret(NAME, "parameter", "bot_token", Key.MANAGED_BY_AWS, "staging")

    def test_one_name_in_two_stores_is_two_secrets(self) -> None:
        managed = secret(store="secrets_manager", stage="staging", json_field="a", encryption_key=ARN)
        parameter, found, other = declared_in(function(secret(), managed, secret("/other")))
        assert (parameter.key, other.key) == (Key.NOT_SAID, Key.NOT_SAID)
        assert found.key == ARN
        assert found.json_fields == {"a"}

    def test_fields_of_one_secret_are_read_together(self) -> None:
        (found,) = declared_in(function(secret(json_field="a"), secret(json_field="b")))
        assert found.json_fields == {"a", "b"}

    def test_a_key_that_only_cloudformation_knows(self) -> None:
        (found,) = declared_in(function(secret(encryption_key={"Fn::GetAtt": ["Key", "Arn"]})))
        assert found.key is Key.OF_A_STACK

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"name": {"Ref": "Name"}}, "known at deployment only"),
            ({"store": "vault"}, "declares a secret in 'vault', which this program does not know"),
        ],
    )
    def test_what_cannot_be_read(self, wrong: dict[str, Any], says: str) -> None:
        with pytest.raises(ContentsError, match=says):
            declared_in(function(secret() | wrong))

    @pytest.mark.parametrize(
        ("name", "is_of_stage"),
        [(NAME, True), ("/acme/STAGING/a/b", True), ("/acme/staging/a", False), ("acme/staging/a/b", False)],
    )
    def test_the_stage_in_a_name(self, name: str, is_of_stage: bool) -> None:
        assert declared_in(function(secret(name)))[0].is_of_stage("Staging") is is_of_stage


class TestKeys:
    @pytest.mark.parametrize(
        ("declared", "stored", "says"),
        [
            (Key.NOT_SAID, ARN, None),
            (Key.MANAGED_BY_AWS, None, None),
            (Key.MANAGED_BY_AWS, "alias/aws/ssm", None),
            (Key.MANAGED_BY_AWS, "arn:aws:kms:eu-central-1:111122223333:alias/aws/secretsmanager", None),
            (Key.MANAGED_BY_AWS, ARN, f"is encrypted with {ARN}, which its readers may not use"),
            (Key.OF_A_STACK, "1234", None),
            (Key.OF_A_STACK, "alias/aws/ssm", "the account's own key, and the stack names another one"),
            (ARN, "1234", None),
            (ARN, ARN, None),
            (ARN, "5678", f"is encrypted with 5678, and the stack names {ARN}"),
            (ARN, None, "the account's own key, and the stack names another one"),
            (ARN, "alias/of-1234", None),
            (f"{ARN}5", "alias/of-1234", f"is encrypted with alias/of-1234, and the stack names {ARN}5"),
        ],
    )
    def test_a_key(self, declared: Key | str, stored: str | None, says: str | None) -> None:
        found = secret_keys.trouble_with(aws(describe_key={"KeyMetadata": {"KeyId": "1234"}}), declared, stored)
        assert (says in found) if found and says else found is says

    @pytest.mark.parametrize(
        "error",
        [DeniedCallError("kms:DescribeKey", None), RefusedCallError("kms:DescribeKey", "NotFoundException", "")],
    )
    def test_an_alias_that_one_may_not_look_behind(self, error: AwsError) -> None:
        assert secret_keys.trouble_with(aws(describe_key=error), ARN, "alias/mine") is None


MANAGED = DeclaredSecret(NAME, "secrets_manager", "text", Key.NOT_SAID)


def test_a_secret_without_a_value() -> None:
    found = SecretChecks(aws(describe_secret={"Name": NAME}), Values.NO).judged(MANAGED)
    assert (found.level, found.says) == (Level.PROBLEM, "has no value yet")


def test_a_store_that_does_not_answer() -> None:
    found = SecretChecks(aws(describe_secret=AwsError("no route")), Values.NO).judged(MANAGED)
    assert (found.level, found.says) == (Level.UNKNOWN, "cannot be checked: no route")


class TestAssembly:
    """A `cdk.out` written by hand."""

    @pytest.fixture
    def directory(self, tmp_path: Path) -> Path:
        self.write(
            tmp_path,
            Top={"templateFile": "top.json"},
            Stage={"directoryName": "inner", "displayName": "Delivery/Staging"},
        )
        nested = {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "nested.json"}}
        (tmp_path / "top.json").write_text(json.dumps({"Resources": {"Nested": nested}}))
        (tmp_path / "nested.json").write_text(json.dumps(function(secret("/in/a/nested/one"))))
        inner = tmp_path / "inner"
        inner.mkdir()
        self.write(inner, Bots={"templateFile": "bots.json"})
        (inner / "bots.json").write_text(json.dumps(function(secret("/any/name"))))
        return tmp_path

    @staticmethod
    def write(folder: Path, **artifacts: dict[str, str]) -> None:
        document = {
            name: {
                "type": "cdk:cloud-assembly" if "directoryName" in properties else "aws:cloudformation:stack",
                "environment": "aws://unknown-account/eu-central-1",
                "properties": properties,
            }
            for name, properties in artifacts.items()
        }
        (folder / "manifest.json").write_text(json.dumps({"artifacts": document}))

    def test_stacks_of_stages_and_nested_ones(self, directory: Path) -> None:
        found = {stack.name: stack for stack in stacks_in(directory)}
        assert {name: stack.stage for name, stack in found.items()} == {"Top": "", "Bots": "Delivery/Staging"}
        place = Place(None, "eu-central-1")
        assert {name: [each.name for each in secrets_of([stack], None)[place]] for name, stack in found.items()} == {
            "Top": ["/in/a/nested/one"],
            "Bots": ["/any/name"],
        }

    @pytest.mark.parametrize("stage", ["staging", "Staging", "delivery/staging"])
    def test_a_stage_by_its_id_or_path(self, directory: Path, stage: str) -> None:
        ((found,),) = secrets_of(stacks_in(directory), stage).values()
        assert found.name == "/any/name"

    def test_a_stage_without_secrets_is_one(self, directory: Path) -> None:
        (directory / "inner" / "bots.json").write_text(json.dumps({"Resources": {}}))
        assert secrets_of(stacks_in(directory), "staging") == {}

    def test_no_such_stage(self, directory: Path) -> None:
        with pytest.raises(ContentsError, match=r"no stage production: .*there are: Delivery/Staging"):
            secrets_of(stacks_in(directory), "production")

    def test_no_assembly(self, tmp_path: Path) -> None:
        with pytest.raises(NoSuchStackError, match=r"is no cdk\.out"):
            list(stacks_in(tmp_path))
