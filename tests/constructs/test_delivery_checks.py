"""cdk-nag, cfn-lint and CDK's own validation on pipelines: nothing unexplained; the page has what is explained."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from tests.constructs.deliveries import BotsStage, maximal, maximal_app, minimal, new_stack, pipeline
from tests.constructs.stacks import ROOT
from tests.constructs.test_cfn_lint import DEPENDS_ON_ROLE, unexplained
from tests.constructs.test_nag import findings

if TYPE_CHECKING:
    from cfnlint.match import Match  # type: ignore[import-untyped]
    from constructs import IConstruct

PAGE = ROOT / "docs" / "delivery-pipeline.md"
ROW = re.compile(r"^\| `(?P<where>[\w-]+)` \| `(?P<finding>AwsSolutions-[^`]+)` \| (?P<reason>[^|]+) \|$", re.MULTILINE)
# Of what the user's stages have, which are no concern of the pipeline.
OWN = "Tools/Delivery/"


def of_the_pipeline(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {one for one in found if one[0].startswith(OWN)}


def test_no_finding_of_cdk_nag() -> None:
    app, stack = maximal_app()
    assert of_the_pipeline(findings(app, stack)) == set()
    smallest = new_stack()
    pipeline(smallest)
    assert of_the_pipeline(findings(smallest.node.root, smallest)) == set()  # type: ignore[arg-type]


def test_every_acknowledgement_has_its_finding_and_is_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[tuple[str, str, str]] = []

    def of(child: IConstruct) -> Any:
        def acknowledge(*given: cdk.Acknowledgment) -> None:
            collected.extend((child.node.path, one.id, one.reason) for one in given)

        return SimpleNamespace(acknowledge=acknowledge)

    monkeypatch.setattr(cdk, "Validations", SimpleNamespace(of=of))
    app, stack = maximal_app()
    found = of_the_pipeline(findings(app, stack))
    ours = {one for one in collected if one[0].startswith(OWN)}
    unused = {one for one in ours if not any(id == one[1] and path.startswith(f"{one[0]}/") for path, id in found)}
    assert unused == set()
    rows = {(match["where"], match["finding"], match["reason"]) for match in ROW.finditer(PAGE.read_text("utf-8"))}
    assert rows == {(path.rpartition("/")[2], _without_names(finding), reason) for path, finding, reason in ours}


def _without_names(finding: str) -> str:
    """As the page has it."""
    finding = re.sub(r"<Delivery\w*Project\w+>|<Delivery(?!Artifacts)\w+>", "PROJECT", finding)
    finding = finding.replace("us-east-1:111111111111", "<AWS::Region>:<AWS::AccountId>")
    finding = finding.replace("::111111111111", "::<AWS::AccountId>")
    return re.sub(r"<DeliveryArtifacts\w+\.Arn>", "<Artifacts.Arn>", finding)


def is_of_cdk(match: Match) -> bool:
    """How CDK's pipeline waits for its role, and writes the ARNs of the roles that its bootstrapping made."""
    if match.rule.id == DEPENDS_ON_ROLE:
        return "DeliveryPipeline" in match.path[1] and match.path[2] == "DependsOn"
    return match.rule.id == "E3703" and list(match.path)[-2:] == ["Configuration", "RoleArn"]


@pytest.mark.parametrize("synthesised", [minimal, maximal], ids=["minimal", "maximal"])
def test_no_finding_of_cfn_lint_and_of_cdk(synthesised: Any) -> None:
    of = synthesised()
    assert [match for match in unexplained(of.template) if not is_of_cdk(match)] == []
    report = json.loads((of.directory / "validation-report.json").read_text())
    assert [violation for plugin in report["pluginReports"] for violation in plugin.get("violations", [])] == []


def test_ids_are_stable() -> None:
    assert {
        "Builds",
        "Artifacts",
        "ArtifactsKey",
        "Pipeline",
    } == {child.node.id for child in pipeline(new_stack()).node.children}


def test_a_stages_own_findings_are_not_hidden() -> None:
    stack = new_stack()
    stage = BotsStage(stack, "staging")
    cdk.aws_sns.Topic(stage.node.find_child("Bots"), "Open")  # type: ignore[arg-type]
    app = stack.node.root
    assert isinstance(app, cdk.App)
    assert {id for _, id in findings(app, stage)} == {"AwsSolutions-SNS3"}
