"""Assemblies as aws-cdk-lib writes them, and what a deployment says."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError
from chatops_local.server.addresses import local_address
from chatops_local.server.assembly import read_stacks
from chatops_local.server.assets import zipped
from tests.local.ministack.stacks import WRITE_LOGS, allow, deploy, function, invoke, role, template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import Server

TOPIC: dict[str, Any] = {"Type": "AWS::SNS::Topic", "Properties": {}}
PLACEHOLDER = "assets-${AWS::AccountId}-${AWS::Region}"


def assembly_with_assets(directory: Path) -> Path:
    """What aws-cdk-lib 2.275 writes for a function: assets manifest, bootstrap version, placeholders."""
    source = directory / "asset.abc"
    (source / "package").mkdir(parents=True)
    (source / "index.py").write_text("import package.module\ndef handler(event, context): return package.module.WORD")
    (source / "package" / "module.py").write_text("WORD = 'from an asset'")
    made = function("", "Role")
    made["Properties"]["Code"] = {"S3Bucket": {"Fn::Sub": PLACEHOLDER}, "S3Key": "abc.zip"}
    stack = template({"Role": role("lambda", WRITE_LOGS), "Function": made})
    version = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}
    stack["Parameters"] = {"BootstrapVersion": version}
    contains = {"Fn::Contains": [["1", "2", "3", "4", "5"], {"Ref": "BootstrapVersion"}]}
    stack["Rules"] = {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [contains]}}]}}
    write_assembly(directory, {"Assets": stack})
    files = {
        "abc": {
            "source": {"path": "asset.abc", "packaging": "zip"},
            "destinations": {"current": {"bucketName": PLACEHOLDER, "objectKey": "abc.zip"}},
        },
        "template": {
            "source": {"path": "Assets.template.json", "packaging": "file"},
            "destinations": {"current": {"bucketName": PLACEHOLDER, "objectKey": "template.json"}},
        },
    }
    (directory / "Assets.assets.json").write_text(json.dumps({"version": "55.0.0", "files": files}))
    return directory


def test_assets_are_published_and_the_bootstrap_version_is_there(server: Server, tmp_path: Path):
    stack = server.deploy(assembly_with_assets(tmp_path))
    assert invoke(server, stack.resource("Function"))["payload"] == "from an asset"
    listed = server.client("s3").list_objects_v2(Bucket=f"assets-{server.account}-{server.region}")
    assert [found["Key"] for found in listed["Contents"]] == ["abc.zip", "template.json"]


def test_a_template_may_be_longer_than_a_request(server: Server, tmp_path: Path):
    description = "x" * 3000
    resources = {
        f"Role{number}": {**role("lambda", WRITE_LOGS), "Metadata": {"text": description}} for number in range(40)
    }
    stack = deploy(server, tmp_path, "Long", resources)
    assert len(stack.physical_ids) == 40


def test_an_unchanged_stack_is_deployed_again_without_an_error(server: Server, tmp_path: Path):
    first = deploy(server, tmp_path, "Same", {"Topic": TOPIC}, Topic={"Ref": "Topic"})
    assert deploy(server, tmp_path, "Same", {"Topic": TOPIC}, Topic={"Ref": "Topic"}) == first


def test_a_changed_stack_is_updated(server: Server, tmp_path: Path):
    deploy(server, tmp_path, "Changed", {"Topic": TOPIC, "Queue": {"Type": "AWS::SQS::Queue"}})
    stack = deploy(server, tmp_path, "Changed", {"Topic": TOPIC, "Key": {"Type": "AWS::Logs::LogGroup"}})
    assert set(stack.physical_ids) == {"Topic", "Key"}


def test_a_permission_is_taken_away_for_a_test(server: Server, tmp_path: Path):
    resources = {"Role": role("lambda", allow("ssm:ListCommands"), WRITE_LOGS)}
    assembly = write_assembly(tmp_path, {"Edited": template(resources)})

    def without_list_commands(edited: dict[str, Any]) -> None:
        edited["Resources"]["Role"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].pop(0)

    def actions() -> list[Any]:
        name = stack.resource("Role")
        policy = server.client("iam").get_role_policy(RoleName=name, PolicyName="policy")["PolicyDocument"]
        return [statement["Action"] for statement in policy["Statement"]]

    stack = server.deploy(assembly)
    assert "ssm:ListCommands" in actions()
    stack = server.deploy(assembly, edit_template=without_list_commands)
    assert "ssm:ListCommands" not in actions()
    stack = server.deploy(assembly)
    assert "ssm:ListCommands" in actions(), "the assembly itself is not changed"


def test_a_failure_names_the_resource_and_its_reason_and_the_next_deployment_works(server: Server, tmp_path: Path):
    broken = {**TOPIC, "Properties": {"TopicName": "not a name!"}}
    made = function("def handler(event, context): pass", "Role")
    with pytest.raises(DeploymentFailedError) as failed:
        deploy(server, tmp_path, "Fails", {"Topic": broken, "Role": role("sns"), "Function": made})
    assert "stack Fails is ROLLBACK_COMPLETE" in str(failed.value)
    assert "Function (AWS::Lambda::Function): The role defined for the function cannot be assumed" in str(failed.value)
    stack = deploy(server, tmp_path, "Fails", {"Topic": TOPIC, "Role": role("lambda"), "Function": made})
    assert stack.resource("Function")


def test_a_failed_update_says_only_what_failed_now(server: Server, tmp_path: Path):
    made = function("def handler(event, context): pass", "Role")
    good = {"Role": role("lambda"), "Function": made}
    deploy(server, tmp_path, "Update", good)
    changed = {**made, "Properties": {**made["Properties"], "Timeout": 7}}
    for _ in range(2):
        with pytest.raises(DeploymentFailedError) as failed:
            deploy(server, tmp_path, "Update", {"Role": role("sns"), "Function": changed})
        assert str(failed.value).count("cannot be assumed by Lambda") == 1
    assert deploy(server, tmp_path, "Update", good).resource("Function")


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Nobody"},
        {"Fn::GetAtt": ["Nobody", "Arn"]},
        {"Fn::Sub": "${AWS::Region} ${Topic} ${Nobody.Arn}"},
        {"Fn::Join": ["", ["a", {"Ref": "Nobody"}]]},
        {"Fn::Sub": ["${Own} ${Nobody}", {"Own": "1"}]},
    ],
)
def test_a_reference_to_nothing_is_refused(server: Server, tmp_path: Path, value: dict[str, Any]):
    resources = {"Topic": TOPIC, "Other": {**TOPIC, "Properties": {"DisplayName": value}}}
    with pytest.raises(DeploymentFailedError, match=r"stack Refused.*Unresolved resource dependencies \[Nobody\]"):
        deploy(server, tmp_path, "Refused", resources)


def test_the_stack_of_an_assembly_is_chosen_by_name(server: Server, tmp_path: Path):
    assembly = write_assembly(tmp_path, {"First": template({"Topic": TOPIC}), "Second": template({"Topic": TOPIC})})
    assert server.deploy(assembly, "Second").name == "Second"
    with pytest.raises(ValueError, match="has the stacks First, Second; say which one with stack_name"):
        server.deploy(assembly)
    with pytest.raises(ValueError, match=r"stack_name 'Third' is not in the assembly; it has First, Second"):
        server.deploy(assembly, "Third")


def test_an_unknown_logical_id_names_those_that_there_are(server: Server, tmp_path: Path):
    stack = deploy(server, tmp_path, "Lookup", {"Topic": TOPIC})
    with pytest.raises(KeyError, match="Lookup has no resource 'Topik'; it has Topic"):
        stack.resource("Topik")
    assert stack.resources("AWS::SNS::Topic") == [stack.resource("Topic")]


def test_stacks_come_after_those_they_depend_on(tmp_path: Path):
    write_assembly(tmp_path, {"App": template({}), "Base": template({})})
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["artifacts"]["App"]["dependencies"] = ["Base", "App.assets"]
    manifest["artifacts"]["App"]["properties"]["stackName"] = "named-app"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    stacks = read_stacks(tmp_path, account="123456789012", region="us-east-1")
    assert [stack.name for stack in stacks] == ["Base", "named-app"]


def test_a_directory_that_is_no_assembly(tmp_path: Path):
    with pytest.raises(ValueError, match=r"has no manifest\.json; synthesise the app"):
        read_stacks(tmp_path, account="123456789012", region="us-east-1")


def test_an_archive_depends_on_the_files_alone(tmp_path: Path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "file").write_text("1")
    (tmp_path / "a").write_text("2")
    first = zipped(tmp_path)
    (tmp_path / "a").touch()
    assert zipped(tmp_path) == first
    assert zipfile.ZipFile(BytesIO(first)).namelist() == ["a", "b/file"]


@pytest.mark.parametrize(
    ("public", "path"),
    [
        ("https://abc12345.execute-api.eu-west-1.amazonaws.com/slack", "/slack"),
        ("https://abc12345.execute-api.eu-west-1.amazonaws.com", "/"),
        ("https://abc.lambda-url.us-east-1.on.aws/a?b=c", "/a?b=c"),
    ],
)
def test_local_addresses(public: str, path: str):
    url, host = local_address(public, "http://127.0.0.1:4000")
    assert url == f"http://127.0.0.1:4000{path}"
    assert host == public.split("/")[2]


@pytest.mark.parametrize(
    "url",
    ["http://abc.execute-api.us-east-1.amazonaws.com/", "https://example.com/", "https://abc.execute-api.evil.com/"],
)
def test_other_addresses_are_refused(url: str):
    with pytest.raises(ValueError, match="public_url must be the https address of an HTTP API or of a function URL"):
        local_address(url, "http://127.0.0.1:4000")
