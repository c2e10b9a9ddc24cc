"""CDK's feature flags: a new project has most of them, an old one none, and the constructs are the same in both."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest

from tests.constructs import stacks
from tests.constructs.stacks import Synthesised, add, endpoint
from tests.constructs.test_nag import findings

# Of those that `cdk init` sets in aws-cdk-lib 2.275, the ones that bear on resources which we use.
OF_NEW_PROJECTS: dict[str, Any] = {
    "@aws-cdk/aws-apigateway:logGroupDestinationArnWithoutWildcard": True,
    "@aws-cdk/aws-iam:importedRoleStackSafeDefaultPolicyName": True,
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/aws-kms:reduceCrossAccountRegionPolicyScope": True,
    "@aws-cdk/aws-lambda:recognizeLayerVersion": True,
    "@aws-cdk/aws-lambda:useCdkManagedLogGroup": True,
    "@aws-cdk/core:annotationsInValidationReport": True,
    "@aws-cdk/core:aspectPrioritiesMutating": True,
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/core:defaultCrossStackReferences": "weak",
    "@aws-cdk/core:enableAdditionalMetadataCollection": True,
    "@aws-cdk/core:enablePartitionLiterals": True,
    "@aws-cdk/core:includePrefixInUniqueNameGeneration": True,
    "@aws-cdk/core:target-partitions": ["aws", "aws-cn"],
    # Makes of CDK's own warnings about a template errors.
    "@aws-cdk/core:validateAgainstDefaultRules": True,
}


@pytest.fixture
def app() -> cdk.App:
    return cdk.App(context=OF_NEW_PROJECTS, analytics_reporting=False)


@pytest.mark.parametrize("environment", [None, cdk.Environment(account="123456789012", region="ap-northeast-1")])
def test_no_finding_and_the_same_logical_ids(
    app: cdk.App, maximal: Synthesised, environment: cdk.Environment | None
) -> None:
    stack = cdk.Stack(app, "Maximal", env=environment)
    stacks.maximal(stack)
    assert findings(app, stack) == set()
    synthesised = Synthesised.of(app, stack)
    assert set(synthesised.template["Resources"]) == set(maximal.template["Resources"])
    report = json.loads((synthesised.directory / "validation-report.json").read_text())
    assert report["pluginReports"] == []


def test_a_policy_for_each_grant_to_a_function() -> None:
    """A flag that is off in new projects too, but there: dispatch may start what was added after the first grant."""
    app = cdk.App(context={"@aws-cdk/aws-lambda:createNewPoliciesWithAddToRolePolicy": True})
    stack = cdk.Stack(app, "Ops")
    slack = endpoint(stack)
    for name in ("/ps", "/df"):
        add(slack, name)
    synthesised = Synthesised.of(app, stack)
    (start,) = (
        statement
        for policy in synthesised.resources("IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "states:StartExecution" and isinstance(statement["Resource"], list)
    )
    machines = synthesised.resources("StepFunctions::StateMachine")
    assert {one["Ref"] for one in start["Resource"]} == {id for id in machines if id.startswith("SlackCommands")}
