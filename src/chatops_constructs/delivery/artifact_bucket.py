"""The bucket for what goes from step to step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from chatops_constructs._acknowledge import acknowledge
from chatops_constructs._physical_name import described

if TYPE_CHECKING:
    from constructs import Construct

# What a push made is of no use after later ones; a rollback wants what the last success was made of.
KEPT = Duration.days(90)
ACCESS_LOG = "the pipeline's own roles alone read and write it, and each of its executions is in its history"


def artifact_bucket(scope: Construct, *, encryption_key: kms.IKey | None) -> s3.Bucket:
    """A bucket that the roles of other accounts can be let into.

    Args:
        scope: The pipeline.
        encryption_key: Encrypts it. None: an own key, since AWS's own keys are of one account.
    """
    key = encryption_key or kms.Key(
        scope,
        "ArtifactsKey",
        description=f"Encrypts the artifacts of {described(scope)}",
        enable_key_rotation=True,
        removal_policy=RemovalPolicy.DESTROY,
    )
    bucket = s3.Bucket(
        scope,
        "Artifacts",
        encryption=s3.BucketEncryption.KMS,
        encryption_key=key,
        bucket_key_enabled=True,
        enforce_ssl=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        lifecycle_rules=[s3.LifecycleRule(expiration=KEPT, abort_incomplete_multipart_upload_after=Duration.days(1))],
    )
    acknowledge(bucket, "AwsSolutions-S1", ACCESS_LOG)
    return bucket
