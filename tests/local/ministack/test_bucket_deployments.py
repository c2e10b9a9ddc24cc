"""What ``aws_s3_deployment.BucketDeployment`` and ``auto_delete_objects`` of CDK do, without their functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError, UnsupportedError
from tests.local.ministack.sites import assembly_with_files, deployment, get_att, provider
from tests.local.ministack.stacks import allow, template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

FILES = {"index.html": "<h1>TOKEN</h1>", "css/site.css": "body {}", "data.json": "{}"}
COPY = allow(["s3:GetObject*", "s3:GetBucket*", "s3:List*", "s3:DeleteObject*", "s3:PutObject", "s3:Abort*"])
INVALIDATE = allow(["cloudfront:GetInvalidation", "cloudfront:CreateInvalidation"])
BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {}}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path


def deployed(
    server: Server, directory: Path, *statements: dict[str, Any], files: dict[str, str] | None = None, **properties: Any
) -> DeployedStack:
    resources = {"Bucket": BUCKET, "Files": deployment(**properties), **provider(*(statements or (COPY,)))}
    s3 = server.client("s3")
    if "assets" in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.delete_object(Bucket="assets", Key="files.zip")
    return server.deploy(assembly_with_files(directory / "cdk.out", "Files", resources, files or FILES))


def keys(server: Server, stack: DeployedStack) -> set[str]:
    listed = server.client("s3").list_objects_v2(Bucket=stack.resource("Bucket"))
    return {each["Key"] for each in listed.get("Contents", [])}


def test_the_files_are_in_the_bucket_with_their_types(server: Server, directory: Path):
    cache = {"cache-control": "no-cache"}
    stack = deployed(server, directory, SystemMetadata=cache, SourceMarkers=[{"TOKEN": {"Ref": "Bucket"}}])
    assert keys(server, stack) == set(FILES)
    page = server.client("s3").get_object(Bucket=stack.resource("Bucket"), Key="index.html")
    assert (page["ContentType"], page["CacheControl"]) == ("text/html", "no-cache")
    assert page["Body"].read().decode() == f"<h1>{stack.resource('Bucket')}</h1>"
    style = server.client("s3").get_object(Bucket=stack.resource("Bucket"), Key="css/site.css")
    assert style["ContentType"] == "text/css"
    server.destroy(stack)


@pytest.mark.parametrize(("prune", "left"), [("true", set()), ("false", {"by-hand.txt"})])
def test_what_is_not_among_the_files_is_pruned(server: Server, directory: Path, prune: str, left: set[str]):
    stack = deployed(server, directory / "first", Prune=prune)
    server.client("s3").put_object(Bucket=stack.resource("Bucket"), Key="by-hand.txt", Body=b"x")
    again = deployed(server, directory / "second", Prune=prune, UserMetadata={"changed": "1"}, files={"new.html": "n"})
    assert keys(server, again) == ({"new.html"} if prune == "true" else {"new.html", *FILES} | left)
    server.destroy(again)


def test_a_prefix_is_kept_apart_and_emptied_if_it_is_not_retained(server: Server, directory: Path):
    stack = deployed(server, directory, DestinationBucketKeyPrefix="docs", RetainOnDelete="false")
    assert keys(server, stack) == {f"docs/{name}" for name in FILES}
    assembly = write_assembly(directory / "gone", {"Files": template({"Bucket": BUCKET})})
    assert keys(server, server.deploy(assembly)) == set()
    server.destroy(stack)


@pytest.mark.parametrize("missing", ["s3:PutObject", "s3:GetObject*", "s3:List*", "s3:DeleteObject*"])
def test_the_role_of_the_function_is_judged(server: Server, directory: Path, missing: str):
    actions = [action for action in COPY["Action"] if action != missing]
    with pytest.raises(DeploymentFailedError, match=rf"is not authorized to perform: {missing.partition('*')[0]}"):
        deployed(server, directory, allow(actions))


def test_an_invalidation_is_judged_as_well(server: Server, directory: Path):
    with pytest.raises(DeploymentFailedError, match="cloudfront:CreateInvalidation"):
        deployed(server, directory, DistributionId="E1", DistributionPaths=["/*"])
    server.destroy(deployed(server, directory / "again", COPY, INVALIDATE, DistributionId="E1"))


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({"Exclude": ["*.map"]}, "property Exclude is not emulated"),
        ({"Extract": False}, "an archive that is not extracted is not emulated"),
        ({"SystemMetadata": {"storage-class": "GLACIER"}}, "system metadata storage-class is not emulated"),
    ],
)
def test_what_is_not_done_is_refused_by_its_name(
    server: Server, directory: Path, properties: dict[str, Any], problem: str
):
    with pytest.raises(UnsupportedError, match=f"Files .*: {problem}"):
        deployed(server, directory, **properties)


def test_only_the_provider_of_an_emulated_resource_is_left_unchecked(server: Server, tmp_path: Path):
    resources = provider(COPY)
    with pytest.raises(UnsupportedError, match=r"runtime nodejs22.x is not emulated[^$]*action pattern s3:GetObject\*"):
        server.deploy(write_assembly(tmp_path, {"Alone": template(resources)}))
    # A function that shares the provider's role is checked, and so is the policy that it has.
    sharing = {**resources, "Own": {**resources["Provider"]}, "Bucket": BUCKET, "Files": deployment()}
    with pytest.raises(UnsupportedError, match=r"Own .*runtime nodejs22.x is not emulated"):
        server.deploy(write_assembly(tmp_path, {"Sharing": template(sharing)}))


def test_a_bucket_is_emptied_before_it_goes(server: Server, tmp_path: Path):
    emptied = {"ServiceToken": get_att("Provider"), "BucketName": {"Ref": "Bucket"}}
    custom = {"Type": "Custom::S3AutoDeleteObjects", "Properties": emptied}
    resources = {"Bucket": BUCKET, "Emptied": custom, **provider(COPY)}
    stack = server.deploy(write_assembly(tmp_path, {"Emptied": template(resources)}))
    s3 = server.client("s3")
    s3.put_object(Bucket=stack.resource("Bucket"), Key="left.txt", Body=b"x")
    server.destroy(stack)
    assert stack.resource("Bucket") not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
