"""Somebody who may do everything with secrets, but for what the policy for developers denies."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template as Synthesised

from chatops_constructs import StageSecrets
from tests.second_opinion.templates import ACCOUNT, REGION, Template

_SERVICES = ("kms", "secretsmanager", "ssm")


def developers() -> Template:
    """A template of one role."""
    stack = cdk.Stack(cdk.App(), "Developers", env=cdk.Environment(account=ACCOUNT, region=REGION))
    role = iam.Role(stack, "Developer", assumed_by=iam.AccountRootPrincipal())
    for service in _SERVICES:
        role.add_to_policy(iam.PolicyStatement(actions=[f"{service}:*"], resources=["*"]))
    secrets = StageSecrets("acme", stage="staging")
    secrets.secret_from_secrets_manager("standup", "partner", name="partner/links")
    secrets.deny_developers_policy(stack, "Denial").attach_to_role(role)
    return Template("developers", dict(Synthesised.from_stack(stack).to_json()))
