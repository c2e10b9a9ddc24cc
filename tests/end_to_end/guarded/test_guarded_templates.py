"""What the example's templates have for a switch in one region and an endpoint in another, and what they do not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.end_to_end.guarded.guarded_site import EDGE, OPS, SITE, TOKYO, VIRGINIA
from tests.iam.elsewhere import CDKS_OWN

if TYPE_CHECKING:
    from pathlib import Path

# BucketDeployment's, which the app has chosen for its content.
CDKS_TYPE = "Custom::CDKBucketDeployment"


def template(assembly: Path, stack: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((assembly / f"{stack}.template.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("stack", [EDGE, SITE, OPS])
def test_there_is_no_custom_resource_of_ours(guarded_assembly: Path, stack: str):
    types = {resource["Type"] for resource in template(guarded_assembly, stack)["Resources"].values()}
    custom = {one for one in types if one.startswith("Custom::") or one == "AWS::CloudFormation::CustomResource"}
    assert custom == ({CDKS_TYPE} if stack == SITE else set())


def test_the_stacks_are_where_they_have_to_be(guarded_assembly: Path):
    artifacts = json.loads((guarded_assembly / "manifest.json").read_text("utf-8"))["artifacts"]
    regions = {stack: artifacts[stack]["environment"].rpartition("/")[2] for stack in (EDGE, SITE, OPS)}
    assert regions == {EDGE: VIRGINIA, SITE: VIRGINIA, OPS: TOKYO}


def test_the_endpoint_holds_nobody_up_and_nobody_it(guarded_assembly: Path):
    """Neither stack waits for the other: what is in the other region is known by its name."""
    artifacts = json.loads((guarded_assembly / "manifest.json").read_text("utf-8"))["artifacts"]
    dependencies = {stack: set(artifacts[stack].get("dependencies", [])) & {EDGE, SITE, OPS} for stack in (EDGE, OPS)}
    assert dependencies == {EDGE: set(), OPS: set()}
    for stack in (EDGE, OPS):
        assert "Fn::ImportValue" not in json.dumps(template(guarded_assembly, stack))
    for parameter in template(guarded_assembly, OPS)["Parameters"].values():
        assert parameter["Default"].startswith("/cdk-bootstrap/")


def test_nobody_but_cloudformation_may_change_a_web_acl_or_a_distribution(guarded_assembly: Path):
    for stack in (EDGE, SITE, OPS):
        for logical_id, resource in template(guarded_assembly, stack)["Resources"].items():
            if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy") and not logical_id.startswith(
                CDKS_OWN
            ):
                actions = json.dumps([one["Action"] for one in resource["Properties"]["PolicyDocument"]["Statement"]])
                assert not [word for word in ("WebACL", "RuleGroup", "cloudfront:", "wafv2:*") if word in actions]
