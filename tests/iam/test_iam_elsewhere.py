"""What stories cannot show: that it is not ours to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from aws_cdk.assertions import Template

from tests.iam.apps import EXAMPLES
from tests.iam.elsewhere import CDKS_OWN
from tests.iam.everything import EVERYTHING
from tests.iam.permissions import AWS_MANAGED, Permission, permissions_in

if TYPE_CHECKING:
    from tests.iam.apps import App


def template_of(stack: cdk.Stack) -> dict[str, Any]:
    return dict(Template.from_stack(stack).to_json())


def test_what_bucket_deployment_may_is_cdks_own():
    stack = cdk.Stack(cdk.App(), "GuardedSite", env=cdk.Environment(region="us-east-1"))
    deployment.BucketDeployment(
        stack,
        "Content",
        sources=[deployment.Source.asset(str(EXAMPLES / "guarded_site" / "site"))],
        destination_bucket=s3.Bucket(stack, "Bucket"),
        memory_limit=512,
    )
    given = permissions_in(stack.stack_name, template_of(stack))
    assert given
    assert all(one.policy.startswith(CDKS_OWN) for one in given)
    assert {one.action for one in given} >= {AWS_MANAGED, "s3:GetObject*", "s3:PutObject"}


def test_every_key_lets_in_its_own_account():
    stack = cdk.Stack(cdk.App(), "Stack")
    kms.Key(stack, "Key")
    (given,) = permissions_in(stack.stack_name, template_of(stack))
    assert (given.action, given.resource) == ("kms:*", "*")


@pytest.mark.parametrize("app", EVERYTHING, ids=lambda app: app.name)
def test_every_proof_is_there(app: App):
    assert [one.proof for one in app.elsewhere if not one.has_proof()] == []


def test_a_proof_that_is_not_there_is_none():
    (one, *_) = (each for app in EVERYTHING for each in app.elsewhere)
    for proof in (
        "tests/iam/test_iam_elsewhere.py::test_nothing",
        "tests/iam/gone.py::test_x",
        "tests/iam/test_iam_elsewhere.py::TestGone::test_every_proof_is_there",
        one.proof.partition("::")[0],
    ):
        assert not type(one)(one.policy, one.action, one.reason, proof).has_proof()


def test_what_is_elsewhere_is_said_by_policy_and_action():
    covers = next(one for app in EVERYTHING for one in app.elsewhere if one.action == r"kms:\*").covers
    assert covers(Permission("Ops", "Key961B73FD", "kms:*", "*"))
    assert not covers(Permission("Ops", "Key961B73FD", "kms:Decrypt", "*"))
    assert not covers(Permission("Ops", "OtherKey961B73FD", "kms:*", "*"))
