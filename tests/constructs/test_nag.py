"""cdk-nag's AwsSolutions rules: nothing unexplained, nothing explained that is not there, and all of it in the docs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from cdk_nag import AwsSolutionsChecks

from tests.constructs.stacks import ROOT, add, endpoint, load_example, maximal, new_stack

if TYPE_CHECKING:
    from constructs import IConstruct

PAGE = ROOT / "docs" / "nag-acknowledgements.md"
ROW = re.compile(r"\| `(?P<where>[^`]+)` \| `(?P<finding>[^`]+)` \| (?P<reason>[^|]+) \|")

Finding = tuple[str, str]
"""A resource's path and a finding's id."""


def findings(app: cdk.App, scope: IConstruct) -> set[Finding]:
    report = AwsSolutionsChecks(app).validate_scope(scope)
    return {
        (resource.construct_path or "", violation.rule_name)
        for violation in report.violations
        for resource in violation.violating_resources
    }


@dataclass(frozen=True)
class Acknowledgement:
    path: str
    finding: str
    reason: str

    @property
    def row(self) -> tuple[str, str, str]:
        """As the page has it: the last id of the path, log groups, IP sets and the stack without their names."""
        finding = re.sub(r"log-group:[^:]+", "log-group:NAME", self.finding)
        finding = re.sub(r"ipset/[^/]+", "ipset/NAME", finding)
        finding = re.sub(r"execution:[^:]+", "execution:NAME", finding)
        return self.path.rpartition("/")[2], finding.replace("Machine:Ops_", "Machine:STACK_"), self.reason

    def explains(self, finding: Finding) -> bool:
        path, id = finding
        return id == self.finding and path.startswith(f"{self.path}/")


@pytest.fixture
def acknowledgements(monkeypatch: pytest.MonkeyPatch) -> list[Acknowledgement]:
    """Collects what the constructs acknowledge, instead of telling cdk-nag."""
    collected: list[Acknowledgement] = []

    def of(child: IConstruct) -> Any:
        def acknowledge(*acknowledgments: cdk.Acknowledgment) -> None:
            collected.extend(Acknowledgement(child.node.path, one.id, one.reason) for one in acknowledgments)

        return SimpleNamespace(acknowledge=acknowledge)

    monkeypatch.setattr(cdk, "Validations", SimpleNamespace(of=of))
    return collected


def test_every_finding_has_its_acknowledgement_and_every_acknowledgement_its_finding(
    acknowledgements: list[Acknowledgement],
) -> None:
    app, stack = new_stack()
    maximal(stack)
    found = findings(app, stack)
    assert found, "without acknowledgements there are findings"
    assert {finding for finding in found if not any(one.explains(finding) for one in acknowledgements)} == set()
    assert {one for one in acknowledgements if not any(one.explains(finding) for finding in found)} == set()


def test_the_page_lists_exactly_the_acknowledgements_of_the_code(acknowledgements: list[Acknowledgement]) -> None:
    app, stack = new_stack()
    maximal(stack)
    # Some are made when everything is known.
    app.synth()
    rows = [tuple(match.groups()) for match in ROW.finditer(PAGE.read_text(encoding="utf-8"))]
    assert set(rows) == {one.row for one in acknowledgements}
    assert len(rows) == 23, "another acknowledgement is a decision: is there no way around it?"


@pytest.mark.parametrize("environment", [None, cdk.Environment(account="123456789012", region="ap-northeast-1")])
def test_a_stack_with_everything_has_no_findings(environment: cdk.Environment | None) -> None:
    app, stack = new_stack("Maximal", env=environment)
    maximal(stack)
    assert findings(app, stack) == set()


def test_the_example_has_no_findings() -> None:
    app = load_example().app
    assert findings(app, app) == set()


class TestAWildcardOfTheUser:
    """Is not hidden by what we acknowledged on the same role."""

    INSTANCES = "arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:instance/*"

    @pytest.mark.parametrize("resource", ["*", "instance/*"])
    def test_on_a_commands_role(self, resource: str) -> None:
        app, stack = new_stack()
        command = add(endpoint(stack), "/ps")
        arn = resource if resource == "*" else stack.format_arn(service="ec2", resource="instance", resource_name="*")
        command.role.add_to_principal_policy(iam.PolicyStatement(actions=["ec2:TerminateInstances"], resources=[arn]))
        expected = "*" if resource == "*" else self.INSTANCES
        assert findings(app, stack) == {
            (
                "Ops/Slack/Commands/Ps/Machine/Role/DefaultPolicy/Resource",
                f"AwsSolutions-IAM5[Resource::{expected}]",
            )
        }

    def test_on_a_functions_role(self) -> None:
        app, stack = new_stack()
        endpoint(stack).report.add_to_role_policy(iam.PolicyStatement(actions=["s3:*"], resources=["*"]))
        assert {finding for _, finding in findings(app, stack)} == {
            "AwsSolutions-IAM5[Action::s3:*]",
            "AwsSolutions-IAM5[Resource::*]",
        }
