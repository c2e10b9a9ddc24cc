"""cdk-nag's AwsSolutions rules on every example: no finding but those that are listed here, each with its reason."""

from __future__ import annotations

import runpy
from pathlib import Path
from unittest import mock

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks

import chatops_constructs

EXAMPLES = Path(__file__).parents[2] / "examples"
APPS = sorted([*EXAMPLES.glob("*/app.py"), *EXAMPLES.glob("minimal/*.py"), *EXAMPLES.glob("maximal/*.py")])

NO_DOMAIN = "without a domain of one's own it has CloudFront's certificate, whose TLS version cannot be chosen"
DEPLOYMENT = "CDK's own function for BucketDeployment, which the example uses and CDK makes"

STAND_IN = "it stands for a workflow of somebody's own, whose log and traces are that somebody's business"

ACKNOWLEDGED = {
    "minimal/dual_stack_site.py": {
        ("Site/Distribution", "AwsSolutions-CFR2"): "the smallest site has no web ACL",
        ("Site/Distribution", "AwsSolutions-CFR4"): NO_DOMAIN,
    },
    "minimal/start_workflow.py": {
        ("Restore/Resource", "AwsSolutions-SF1"): STAND_IN,
        ("Restore/Resource", "AwsSolutions-SF2"): STAND_IN,
    },
    "maximal/start_workflow.py": {
        ("Price/Resource", "AwsSolutions-SF1"): STAND_IN,
        ("Price/Resource", "AwsSolutions-SF2"): STAND_IN,
    },
    "guarded_site/app.py": {
        ("Site/Distribution", "AwsSolutions-CFR4"): NO_DOMAIN,
        ("Custom::CDKBucketDeployment", "AwsSolutions-L1"): DEPLOYMENT,
        ("Custom::CDKBucketDeployment", "AwsSolutions-IAM4"): DEPLOYMENT,
        ("Custom::CDKBucketDeployment", "AwsSolutions-IAM5"): DEPLOYMENT,
    },
}
"""By example: a part of the resource's path and the rule, and why it is as it is."""


def name_of(path: Path) -> str:
    return path.relative_to(EXAMPLES).as_posix()


def findings(path: Path, monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    monkeypatch.chdir(path.parent)
    monkeypatch.syspath_prepend(str(path.parent))
    # Nothing has to be synthesised for it, at the end or for a comparison of stages.
    with mock.patch.object(cdk.App, "synth"), mock.patch.object(chatops_constructs, "assert_stage_parity"):
        app: cdk.App = runpy.run_path(str(path))["app"]
    return {
        (resource.construct_path or "", violation.rule_name.partition("[")[0])
        for violation in AwsSolutionsChecks(app).validate_scope(app).violations
        for resource in violation.violating_resources
    }


@pytest.mark.parametrize("path", APPS, ids=name_of)
def test_every_finding_has_its_reason_and_every_reason_its_finding(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings(path, monkeypatch)
    reasons = ACKNOWLEDGED.get(name_of(path), {})
    explained = {one: {each for each in found if one[0] in each[0] and one[1] == each[1]} for one in reasons}
    assert found == set().union(*explained.values())
    assert [one for one, explains in explained.items() if not explains] == []


def test_every_example_with_reasons_exists() -> None:
    assert ACKNOWLEDGED.keys() <= {name_of(path) for path in APPS}
