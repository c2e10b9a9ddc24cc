"""Documents and versions: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest

from chatops_local.run_command import ServiceError


@pytest.fixture
def refused(cloud):
    def call(action: str, **request) -> ServiceError:
        with pytest.raises(ServiceError) as caught:
            cloud.call(action, **request)
        return caught.value

    return call


def test_create_describe_and_get(cloud, document_content):
    text = document_content(
        ["echo {{ Word }}"], parameters={"Word": {"type": "String", "default": "hi", "description": "a word"}}
    )
    created = cloud.call(
        "CreateDocument", Name="Greet", Content=text, DocumentType="Command", Tags=[{"Key": "a", "Value": "b"}]
    )
    described = cloud.call("DescribeDocument", Name="Greet")["Document"]
    assert created["DocumentDescription"] == described
    assert described["Hash"] == sha256(text.encode()).hexdigest()
    assert described["HashType"] == "Sha256"
    assert described["Owner"] == "123456789012"
    assert (described["DocumentVersion"], described["LatestVersion"], described["DefaultVersion"]) == ("1", "1", "1")
    assert described["Parameters"] == [
        {"Name": "Word", "Type": "String", "Description": "a word", "DefaultValue": "hi"}
    ]
    assert cloud.call("GetDocument", Name="Greet")["Content"] == text


def test_an_arn_names_the_document_too(cloud, document_content, refused):
    cloud.call("CreateDocument", Name="Greet", Content=document_content(["a"]))
    assert cloud.call("GetDocument", Name="arn:aws:ssm:eu-west-1:123456789012:document/Greet")["Name"] == "Greet"
    assert (
        cloud.call("GetDocument", Name="arn:aws:ssm:eu-west-1::document/AWS-RunShellScript")["Name"]
        == "AWS-RunShellScript"
    )
    for other in ("us-east-1:123456789012", "eu-west-1:210987654321"):
        assert refused("GetDocument", Name=f"arn:aws:ssm:{other}:document/Greet").code == "InvalidDocument"


def test_versions(cloud, document_content, refused):
    one, two = document_content(["one"]), document_content(["two"])
    cloud.call("CreateDocument", Name="Doc", Content=one, VersionName="first")
    updated = cloud.call("UpdateDocument", Name="Doc", Content=two, DocumentVersion="$LATEST")["DocumentDescription"]
    # Updating does not change the default version.
    assert (updated["DocumentVersion"], updated["LatestVersion"], updated["DefaultVersion"]) == ("2", "2", "1")
    for asked, text in (("$DEFAULT", one), ("$LATEST", two), ("1", one), ("2", two)):
        assert cloud.call("GetDocument", Name="Doc", DocumentVersion=asked)["Content"] == text
    assert cloud.call("GetDocument", Name="Doc", VersionName="first")["DocumentVersion"] == "1"
    assert refused("GetDocument", Name="Doc", VersionName="second").code == "InvalidDocumentVersion"
    assert refused("GetDocument", Name="Doc", DocumentVersion="3").code == "InvalidDocumentVersion"

    cloud.call("UpdateDocumentDefaultVersion", Name="Doc", DocumentVersion="2")
    assert cloud.call("GetDocument", Name="Doc")["Content"] == two
    listed = cloud.call("ListDocumentVersions", Name="Doc")["DocumentVersions"]
    assert [(version["DocumentVersion"], version["IsDefaultVersion"]) for version in listed] == [
        ("2", True),
        ("1", False),
    ]


def test_a_version_is_deleted_unless_it_is_the_default(cloud, document_content, refused):
    cloud.call("CreateDocument", Name="Doc", Content=document_content(["one"]))
    cloud.call("UpdateDocument", Name="Doc", Content=document_content(["two"]))
    assert refused("DeleteDocument", Name="Doc", DocumentVersion="1").code == "InvalidDocumentOperation"
    cloud.call("DeleteDocument", Name="Doc", DocumentVersion="2")
    again = cloud.call("UpdateDocument", Name="Doc", Content=document_content(["two"]))
    assert again["DocumentDescription"]["DocumentVersion"] == "3"
    cloud.call("DeleteDocument", Name="Doc")
    assert refused("DescribeDocument", Name="Doc").code == "InvalidDocument"


def test_a_thousand_versions(cloud, document_content, refused):
    cloud.call("CreateDocument", Name="Doc", Content=document_content(["0"]))
    for number in range(1, 1000):
        cloud.call("UpdateDocument", Name="Doc", Content=document_content([str(number)]))
    assert refused("UpdateDocument", Name="Doc", Content=document_content(["x"])).code == "DocumentVersionLimitExceeded"


def test_what_an_update_refuses(cloud, document_content, refused):
    text = document_content(["one"])
    cloud.call("CreateDocument", Name="Doc", Content=text, VersionName="first")
    assert refused("UpdateDocument", Name="Doc", Content=text).code == "DuplicateDocumentContent"
    assert refused("UpdateDocument", Name="None", Content=text).code == "InvalidDocument"
    other = document_content(["two"])
    assert (
        refused("UpdateDocument", Name="Doc", Content=other, VersionName="first").code == "DuplicateDocumentVersionName"
    )
    cloud.call("UpdateDocument", Name="Doc", Content=other)
    assert refused("UpdateDocument", Name="Doc", Content=text, DocumentVersion="1").code == "InvalidDocumentVersion"


def test_aws_own_document_cannot_be_changed(cloud, document_content, refused):
    assert refused("DeleteDocument", Name="AWS-RunShellScript").code == "InvalidDocumentOperation"
    assert (
        refused("UpdateDocument", Name="AWS-RunShellScript", Content=document_content(["x"])).code
        == "InvalidDocumentOperation"
    )
    assert refused("CreateDocument", Name="aws-mine", Content=document_content(["x"])).code == "ValidationException"


def test_a_name_is_taken_once(cloud, document_content, refused):
    cloud.create_document(["x"], name="Doc")
    assert refused("CreateDocument", Name="Doc", Content=document_content(["y"])).code == "DocumentAlreadyExists"


def test_listing_and_its_filters(cloud):
    for name in ("Ops-b", "Ops-a", "Other"):
        cloud.create_document(["x"], name=name)

    def names(**request: Any) -> list[str]:
        return [document["Name"] for document in cloud.call("ListDocuments", **request)["DocumentIdentifiers"]]

    assert names() == ["AWS-RunShellScript", "Ops-a", "Ops-b", "Other"]
    assert names(Filters=[{"Key": "Owner", "Values": ["Self"]}, {"Key": "Name", "Values": ["Ops"]}]) == [
        "Ops-a",
        "Ops-b",
    ]
    assert names(Filters=[{"Key": "Owner", "Values": ["Amazon"]}]) == ["AWS-RunShellScript"]
    assert names(Filters=[{"Key": "DocumentType", "Values": ["Automation"]}]) == []
    assert names(Filters=[{"Key": "PlatformTypes", "Values": ["Linux"]}]) == names()
    with pytest.raises(ServiceError, match=r"InvalidFilterKey.*'TargetType'"):
        names(Filters=[{"Key": "TargetType", "Values": ["x"]}])


def test_tags_filter(cloud, document_content):
    cloud.call("CreateDocument", Name="Doc", Content=document_content(["x"]), Tags=[{"Key": "team", "Value": "ops"}])
    found = cloud.call("ListDocuments", Filters=[{"Key": "tag:team", "Values": ["ops", "dev"]}])["DocumentIdentifiers"]
    assert [document["Name"] for document in found] == ["Doc"]


def test_size_limit_is_64_kb_of_bytes(cloud, document_content, refused):
    frame = len(document_content([""]))
    cloud.call("CreateDocument", Name="Fits", Content=document_content(["x" * (65536 - frame)]))
    error = refused("CreateDocument", Name="Large", Content=document_content(["x" * (65537 - frame)]))
    assert (error.code, error.message) == ("MaxDocumentSizeExceeded", "the content has 65537 bytes, 65536 are allowed")


STEP = {"action": "aws:runShellScript", "name": "one", "inputs": {"runCommand": ["x"]}}


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        ({"schemaVersion": "1.2"}, "InvalidDocumentSchemaVersion", "'1.2'"),
        ({"schemaVersion": "0.3"}, "InvalidDocumentSchemaVersion", "'0.3'"),
        ({"variables": {}}, "NotEmulated", "variables"),
        ({"mainSteps": []}, "InvalidDocumentContent", "mainSteps"),
        ({"mainSteps": [STEP, STEP]}, "InvalidDocumentContent", "name of its own"),
        ({"mainSteps": [{**STEP, "name": "a/b"}]}, "InvalidDocumentContent", "'a/b'"),
        ({"mainSteps": [{**STEP, "action": "aws:runPowerShellScript"}]}, "NotEmulated", "aws:runPowerShellScript"),
        ({"mainSteps": [{**STEP, "onFailure": "exit"}]}, "NotEmulated", "onFailure"),
        ({"mainSteps": [{**STEP, "inputs": {}}]}, "InvalidDocumentContent", "runCommand"),
        ({"mainSteps": [{**STEP, "inputs": {"runCommand": ["x"], "finallyStep": True}}]}, "NotEmulated", "finallyStep"),
        ({"mainSteps": [{**STEP, "precondition": {"StringEquals": ["{{ a }}", "b"]}}]}, "NotEmulated", "precondition"),
        ({"parameters": {"a_b": {"type": "String"}}}, "InvalidDocumentContent", "'a_b'"),
        ({"parameters": {"a": {"type": "StringMap"}}}, "NotEmulated", "'StringMap'"),
        ({"parameters": {"a": {"type": "String", "minChar": 1}}}, "NotEmulated", "minChar"),
        ({"parameters": {"a": {"type": "String", "default": 1}}}, "InvalidDocumentContent", "no String"),
        ({"parameters": {"a": {"type": "String", "allowedPattern": "("}}}, "InvalidDocumentContent", "expression"),
        ({"parameters": {"a": {"type": "Integer", "interpolationType": "ENV_VAR"}}}, "InvalidDocumentContent", "for"),
        ({"parameters": {"a": {"type": "String", "interpolationType": "ENV"}}}, "InvalidDocumentContent", "'ENV'"),
    ],
)  # fmt: skip
def test_content_that_is_refused(refused, change, code, named):
    content = json.dumps({"schemaVersion": "2.2", "mainSteps": [STEP], **change})
    error = refused("CreateDocument", Name="Doc", Content=content)
    assert error.code == code
    assert named in error.message


def test_yaml_is_refused_by_name(refused):
    yaml = "schemaVersion: '2.2'\nmainSteps: []\n"
    error = refused("CreateDocument", Name="Doc", Content=yaml)
    assert error.code == "InvalidDocumentContent"
    assert "YAML is not emulated" in error.message
    assert refused("CreateDocument", Name="Doc", Content=yaml, DocumentFormat="YAML").code == "NotEmulated"
    assert refused("GetDocument", Name="AWS-RunShellScript", DocumentFormat="YAML").code == "NotEmulated"
    assert refused("CreateDocument", Name="Doc", Content="{}", DocumentType="Automation").code == "NotEmulated"
