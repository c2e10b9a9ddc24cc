"""A step that finds out, before anything is deployed, whether the stage's secrets are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Stack, pipelines
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from aws_cdk import Stage
    from constructs import Construct

    from chatops_constructs.delivery.cdk_synth import CdkSynth

STEP = "Secrets"

# https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
QUALIFIER = "hnb659fds"
QUALIFIER_CONTEXT = "@aws-cdk/core:bootstrapQualifier"


def secrets_check(
    scope: Construct,
    stage: Stage,
    *,
    source: pipelines.IFileSetProducer,
    synth: CdkSynth,
    built: pipelines.IFileSetProducer,
) -> pipelines.CodeBuildStep:
    """The step: `chatops-constructs secrets check`, in the stage's account, of what was synthesised.

    It is one build with one right: to assume the role for look-ups that CDK's bootstrapping made there. That role may
    read what there is, and is denied to decrypt it.

    Args:
        scope: The pipeline.
        stage: The stage.
        source: The repository, for the dependencies.
        synth: How they are installed.
        built: The step whose output is the cloud assembly.
    """
    role_arn = lookup_role_arn(scope, stage)
    # By its id, as the command knows stages. Without values: the role may not decrypt, and would only be denied.
    check = synth.program(
        f"chatops-constructs secrets check cdk.out --stage {stage.node.id} --values no --role-arn {role_arn}"
    )
    return pipelines.CodeBuildStep(
        STEP,
        input=source,
        additional_inputs={synth.output: built},
        install_commands=synth.installing,
        commands=[check],
        role_policy_statements=[
            iam.PolicyStatement(sid="AssumeTheRoleForLookups", actions=["sts:AssumeRole"], resources=[role_arn])
        ],
    )


def lookup_role_arn(scope: Construct, stage: Stage) -> str:
    """The role for look-ups of the stage's account and region."""
    qualifier = stage.node.try_get_context(QUALIFIER_CONTEXT) or QUALIFIER
    role = f"cdk-{qualifier}-lookup-role-{stage.account}-{stage.region}"
    return f"arn:{Stack.of(scope).partition}:iam::{stage.account}:role/{role}"
