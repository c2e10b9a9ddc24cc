"""The bucket of a site's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3

from chatops_constructs._acknowledge import acknowledge

if TYPE_CHECKING:
    from aws_cdk import RemovalPolicy
    from aws_cdk import aws_kms as kms
    from constructs import Construct

# A deploy that went wrong can be taken back for this long.
OLD_VERSIONS = Duration.days(30)


def own_bucket(
    scope: Construct, id: str, *, versioned: bool, removal_policy: RemovalPolicy, encryption_key: kms.IKey | None
) -> s3.Bucket:
    """A private bucket that takes TLS only.

    Args:
        scope: The parent.
        id: The id in `scope`.
        versioned: Whether it keeps what is overwritten or deleted, for a month.
        removal_policy: What becomes of it when the stack is deleted.
        encryption_key: Encrypts it. None: a key of S3's.
    """
    bucket = s3.Bucket(
        scope,
        id,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        encryption=s3.BucketEncryption.KMS if encryption_key else s3.BucketEncryption.S3_MANAGED,
        encryption_key=encryption_key,
        bucket_key_enabled=True if encryption_key else None,
        versioned=versioned,
        lifecycle_rules=[
            s3.LifecycleRule(
                abort_incomplete_multipart_upload_after=Duration.days(7),
                noncurrent_version_expiration=OLD_VERSIONS if versioned else None,
            )
        ],
        removal_policy=removal_policy,
    )
    acknowledge(
        bucket, "AwsSolutions-S1", "CloudFront alone reads it, and each request is in the access log of CloudFront"
    )
    return bucket
