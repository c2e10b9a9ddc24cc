"""cfn-lint, and CDK's own validation: no finding in any template."""

from __future__ import annotations

import json
import runpy
from typing import TYPE_CHECKING

import pytest
from aws_cdk.assertions import Template
from cfnlint.api import lint  # type: ignore[import-untyped]
from cfnlint.config import ManualArgs  # type: ignore[import-untyped]

from tests.constructs.stacks import ROOT

if TYPE_CHECKING:
    from cfnlint.match import Match  # type: ignore[import-untyped]

    from tests.constructs.stacks import Synthesised

# A role that CDK's functions and state machines get in DependsOn beside GetAtt. CDK writes every one of them, ours or
# not: `resource.node.addDependency(role)` waits for the role's policies, and the role itself comes along.
DEPENDS_ON_ROLE = "W3005"


def unexplained(template: dict[str, dict[str, dict[str, str]]]) -> list[Match]:
    matches = lint(json.dumps(template), config=ManualArgs(regions=["us-east-1", "ap-northeast-1"]))
    return [match for match in matches if not is_role_of_cdk(match, template)]


def is_role_of_cdk(match: Match, template: dict[str, dict[str, dict[str, str]]]) -> bool:
    if match.rule.id != DEPENDS_ON_ROLE:
        return False
    _, depending, key, index = match.path
    assert key == "DependsOn"
    resources = template["Resources"]
    depended = resources[depending]["DependsOn"][index]
    return resources[depended]["Type"] == "AWS::IAM::Role" and resources[depending]["Type"] in {
        "AWS::Lambda::Function",
        "AWS::StepFunctions::StateMachine",
    }


@pytest.mark.parametrize("name", ["minimal", "maximal", "example"])
def test_no_finding(name: str, request: pytest.FixtureRequest) -> None:
    synthesised: Synthesised = request.getfixturevalue(name)
    assert unexplained(synthesised.template) == []


def test_no_finding_in_stage_secrets() -> None:
    stack = runpy.run_path(str(ROOT / "examples" / "maximal" / "stage_secrets.py"))["stack"]
    assert unexplained(dict(Template.from_stack(stack).to_json())) == []


@pytest.mark.parametrize("name", ["minimal", "maximal", "example"])
def test_cdk_itself_finds_nothing(name: str, request: pytest.FixtureRequest) -> None:
    synthesised: Synthesised = request.getfixturevalue(name)
    report = json.loads((synthesised.directory / "validation-report.json").read_text())
    assert report["pluginReports"] == []


def test_the_check_itself_finds_something(minimal: Synthesised) -> None:
    broken = json.loads(json.dumps(minimal.template))
    next(iter(broken["Resources"].values()))["Properties"]["RetentionInDays"] = "a month"
    assert unexplained(broken) != []
