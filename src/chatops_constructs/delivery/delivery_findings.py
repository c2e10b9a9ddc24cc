"""What cdk-nag finds in what CDK's own pipeline makes, and why it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_s3 as s3

from chatops_constructs._acknowledge import acknowledge, acknowledge_resources
from chatops_constructs._asked_once import arn_beside

if TYPE_CHECKING:
    from constructs import Construct

ARTIFACTS = "CDK's grants for the artifacts: actions of one kind on the objects of this one bucket, and on its key"
OWN_LOG = "CDK lets a build write the streams of its own log group"
OWN_REPORTS = "CDK lets a build write test reports of its own project"
SELF_MUTATION = (
    "CDK's own: the step that updates the pipeline assumes the roles of CDK's bootstrapping, told by their tag, and "
    "lists stacks, which has no narrower resource"
)
PUBLISHING = (
    "CDK's own: one role publishes the assets of all stages: it assumes the roles of CDK's bootstrapping for that, and "
    "CDK lets it start and stop builds, and write logs and reports of builds, of any project"
)

ASSETS = "Assets"
"""What CDK calls its stage that publishes them."""

_ARTIFACT_ACTIONS = (
    "s3:GetObject*",
    "s3:GetBucket*",
    "s3:List*",
    "s3:DeleteObject*",
    "s3:Abort*",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
)


def acknowledge_pipeline(pipeline: Construct, bucket: s3.IBucket) -> None:
    """Acknowledge, on CDK's pipeline and nowhere above it, what it cannot do without.

    Args:
        pipeline: CDK's own, when it is built.
        bucket: Of the artifacts.
    """
    for action in _ARTIFACT_ACTIONS:
        acknowledge(pipeline, f"AwsSolutions-IAM5[Action::{action}]", ARTIFACTS)
    acknowledge_resources(pipeline, [f"{bucket.bucket_arn}/*"], ARTIFACTS)
    for project in _projects(pipeline):
        name = project.project_name
        logs = arn_beside(pipeline, "logs", f"log-group:/aws/codebuild/{name}:*")
        acknowledge_resources(project, [logs], OWN_LOG)
        acknowledge_resources(project, [arn_beside(pipeline, "codebuild", f"report-group/{name}-*")], OWN_REPORTS)

    _acknowledge_self_mutation(pipeline)
    _acknowledge_publishing(pipeline)


def _acknowledge_self_mutation(pipeline: Construct) -> None:
    step = pipeline.node.try_find_child("UpdatePipeline")
    if step is None:
        return
    account = cdk.Stack.of(pipeline).account
    everything = "AwsSolutions-IAM5[Resource::*]"
    acknowledge(step, everything, SELF_MUTATION)
    acknowledge_resources(cast("Construct", step), [f"arn:*:iam::{account}:role/*"], SELF_MUTATION)


def _acknowledge_publishing(pipeline: Construct) -> None:
    step = cast("Construct | None", pipeline.node.try_find_child(ASSETS))
    if step is None:
        return
    acknowledge(step, "AwsSolutions-IAM5[Resource::*]", PUBLISHING)
    acknowledge_resources(
        step,
        [
            arn_beside(pipeline, "logs", "log-group:/aws/codebuild/*"),
            arn_beside(pipeline, "codebuild", "report-group/*"),
        ],
        PUBLISHING,
    )


def _projects(pipeline: Construct) -> list[codebuild.Project]:
    """Those with a role of their own: not the one that publishes assets."""
    publishing = f"{pipeline.node.path}/{ASSETS}/"
    return [
        each
        for each in pipeline.node.find_all()
        if isinstance(each, codebuild.Project) and not each.node.path.startswith(publishing)
    ]
