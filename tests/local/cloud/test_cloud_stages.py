"""An app with a pipeline and its stages: which of them runs here, in which account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.app import AssemblyError, StageError
from chatops_local.cloud import LocalCloud
from chatops_local.testing.clouds import Assemblies, LocalClouds
from tests.local.ministack.stacks import template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNTS = {"Staging": "111111111111", "Production": "222222222222"}


def parameter(value: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/stage", "Type": "String", "Value": value}}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline's stack, and two stages with a stack that says in which stage and account it is."""
    pipeline = template({"Pipeline": {"Type": "AWS::CodePipeline::Pipeline", "Properties": {"Stages": []}}})
    folder = write_assembly(tmp_path_factory.mktemp("app") / "cdk.out", {"Delivery": pipeline})
    manifest = json.loads((folder / "manifest.json").read_text())
    for stage, account in ACCOUNTS.items():
        value = {"Fn::Join": [" ", [stage, {"Ref": "AWS::AccountId"}]]}
        nested = write_assembly(folder / f"assembly-{stage}", {"Ops": template({"Parameter": parameter(value)})})
        of_stage = json.loads((nested / "manifest.json").read_text())
        of_stage["artifacts"]["Ops"]["environment"] = f"aws://{account}/us-east-1"
        (nested / "manifest.json").write_text(json.dumps(of_stage))
        manifest["artifacts"][f"assembly-{stage}"] = {
            "type": "cdk:cloud-assembly",
            "properties": {"directoryName": f"assembly-{stage}", "displayName": f"Delivery/{stage}"},
        }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_the_stage_that_is_chosen_is_deployed_and_nothing_else(app):
    with LocalCloud.start(account=ACCOUNTS["Staging"]) as cloud:
        stack = cloud.deploy(app, stage="staging")
        assert stack.name == "Ops"
        parameters = cloud.server.client("ssm").get_parameters(Names=["/stage"])["Parameters"]
        assert [each["Value"] for each in parameters] == ["Staging 111111111111"]
        with pytest.raises(StageError, match="the app has the stages Delivery/Staging, Delivery/Production"):
            cloud.deploy_all(app)
        with pytest.raises(AssemblyError, match="stacks Ops are for account 222222222222"):
            cloud.deploy(app, stage="Production")


def test_the_stacks_that_are_in_no_stage(app):
    with LocalCloud.start() as cloud:
        assert [stack.name for stack in cloud.deploy_all(app, stage=".")] == ["Delivery"]


def test_fixtures_take_a_stage_and_its_account(app, tmp_path):
    with LocalClouds(tmp_path, app, 1.0, Assemblies(lambda: tmp_path / "out"), "Staging") as clouds:
        cloud = clouds()
        assert cloud is clouds(stage="Staging")
        assert cloud.server.account == ACCOUNTS["Staging"]
        assert [name.rpartition("/")[2] for name, _ in clouds.running] == ["cdk.out (Staging)"]
        with pytest.raises(StageError):
            clouds(app)
