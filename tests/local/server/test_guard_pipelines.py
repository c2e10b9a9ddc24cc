"""What only a pipeline may do is not looked at: it does nothing here. What a function may do as well is."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_local.server import UnsupportedError
from chatops_local.server.guard import check
from tests.local.ministack.stacks import allow, role, template

DEPLOYS = allow(["cloudformation:CreateStack", "s3:PutObject*", "iam:PassRole"])


def policy(*roles: str) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": [DEPLOYS]}
    return {
        "Type": "AWS::IAM::Policy",
        "Properties": {"PolicyDocument": document, "Roles": [{"Ref": each} for each in roles]},
    }


def taken_by(*principals: Any) -> dict[str, Any]:
    return role({"AWS": list(principals)})


def arn_of(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def test_roles_of_the_services_and_of_their_roles():
    resources = {
        "Pipeline": role("codepipeline", DEPLOYS),
        "Build": role("codebuild"),
        "Action": taken_by(arn_of("Pipeline")),
        "Inner": taken_by(arn_of("Action"), arn_of("Build")),
        "Policy": policy("Build", "Inner"),
    }
    check("Delivery", template(resources))


@pytest.mark.parametrize(
    "other",
    [
        role("lambda"),
        role({"Service": ["codebuild.amazonaws.com", "lambda.amazonaws.com"]}),
        role({"AWS": "arn:aws:iam::123456789012:root"}),
        role({"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}),
        taken_by(arn_of("Pipeline"), arn_of("Function")),
    ],
)
def test_roles_that_others_may_take(other: dict[str, Any]):
    resources = {
        "Pipeline": role("codepipeline"),
        "Function": role("lambda"),
        "Other": other,
        "Policy": policy("Pipeline", "Other"),
    }
    with pytest.raises(UnsupportedError, match=r"Policy .*action cloudformation:CreateStack is not emulated"):
        check("Delivery", template(resources))


def test_roles_that_take_each_other_are_nobodys():
    resources = {"One": taken_by(arn_of("Two")), "Two": taken_by(arn_of("One")), "Policy": policy("One")}
    with pytest.raises(UnsupportedError, match="cloudformation:CreateStack"):
        check("Delivery", template(resources))


def test_a_policy_of_no_role():
    with pytest.raises(UnsupportedError, match="cloudformation:CreateStack"):
        check("Delivery", template({"Policy": policy()}))
