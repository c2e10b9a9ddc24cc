"""The example: its stages run on this machine, and its pipeline asks in Slack before it goes to production."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud
from chatops_local.server import EmulatorError
from chatops_local.slack import Person

EXAMPLE = Path(__file__).parents[2] / "examples" / "delivery"
REGION = "ap-northeast-1"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the app synthesises to: the pipeline's stack, and both stages, compared with each other."""
    return synth(EXAMPLE, tmp_path_factory.mktemp("delivery")).directory


@pytest.fixture(scope="module")
def pipeline(assembly: Path) -> dict[str, list[dict[str, Any]]]:
    """The pipeline's stages, and the actions of each."""
    resources = json.loads((assembly / "Delivery.template.json").read_text())["Resources"].values()
    (found,) = (each for each in resources if each["Type"] == "AWS::CodePipeline::Pipeline")
    return {stage["Name"]: stage["Actions"] for stage in found["Properties"]["Stages"]}


@pytest.mark.parametrize(
    ("stage", "account", "channel"),
    [("staging", "111122223333", "C0STAGING"), ("production", "444455556666", "C0TEAM")],
)
def test_what_is_delivered_runs_here(assembly: Path, stage: str, account: str, channel: str):
    with LocalCloud.start(time_scale=0.01, account=account, region=REGION, now=NOW) as cloud:
        (deployed,) = cloud.deploy_all(assembly, stage=stage)
        assert deployed.name == f"{stage}-Bots"
        tick = cloud.tick("Standup")
        tick.wait()
        assert tick.problems() == []
        assert [message.channel for message in tick.messages] == [channel]


def test_it_goes_to_staging_then_waits_then_to_production(pipeline: dict[str, list[dict[str, Any]]]):
    assert list(pipeline) == [
        "Source",
        "Build",
        "UpdatePipeline",
        "Assets",
        "staging-gate",
        "staging",
        "production-gate",
        "production",
    ]
    approvals = {
        stage: [action["ActionTypeId"]["Category"] for action in actions].count("Approval")
        for stage, actions in pipeline.items()
    }
    assert [stage for stage, number in approvals.items() if number] == ["production-gate"]


@pytest.mark.parametrize(("stage", "account"), [("staging", "111122223333"), ("production", "444455556666")])
def test_each_stage_goes_to_its_account(pipeline: dict[str, list[dict[str, Any]]], stage: str, account: str):
    roles = {json.dumps(action["RoleArn"]) for action in pipeline[stage]}
    assert all(f":iam::{account}:role/" in role for role in roles)


def test_production_waits_for_somebody_else_in_slack(assembly: Path):
    with LocalCloud.start(time_scale=0.05, account="777788889999", region=REGION, now=NOW) as cloud:
        (deployed,) = cloud.deploy_all(assembly, stage=".")
        (name,) = deployed.resources("AWS::CodePipeline::Pipeline")
        cloud.slack.workspace.people.add(Person("U0ANN", email="ann@example.test"))
        commit = {"CommitId": "0123456789abc", "CommitMessage": "Fix it", "AuthorEmail": "ann@example.test"}
        waiting = cloud.server.pipelines.wait_for_approval(name, "production-gate", source=commit)
        card = cloud.slack.wait_for(lambda message: any(each.label == "Approve" for each in message.controls))
        assert (card.channel, "Fix it" in card.shown) == ("C0RELEASES", True)

        cloud.slack.click(card, "Approve", user="U0ANN").wait()
        with pytest.raises(EmulatorError, match="is at production-gate/Approve, InProgress"):
            cloud.server.pipelines.go_on(name, waiting.execution_id)

        cloud.slack.click(card, "Approve", user="U0SAM").wait()
        cloud.server.pipelines.go_on(name, waiting.execution_id)
        told = cloud.slack.wait_for(lambda message: "succeeded" in message.shown)
        assert told.channel == "C0RELEASES"


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_its_secrets_are_looked_for_before_it_is_touched(assembly: Path, stage: str):
    resources = json.loads((assembly / "Delivery.template.json").read_text())["Resources"].values()
    builds = [
        json.dumps(each["Properties"]["Source"]) for each in resources if each["Type"] == "AWS::CodeBuild::Project"
    ]
    (check,) = (build for build in builds if "secrets check" in build and f"--stage {stage}" in build)
    assert "chatops-constructs secrets check" in check
