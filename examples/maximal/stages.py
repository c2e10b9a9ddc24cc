"""Stages with settings of one's own, and the differences that are meant."""

from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3
from constructs import Construct

from chatops_constructs import Difference, Stages, StageSettings, assert_stage_parity


@dataclass(frozen=True, kw_only=True)
class UploadSettings(StageSettings):
    """What differs between the stages. Each has to say the first two, or it does not synthesise."""

    days_kept: int
    page: str
    is_watched: bool = False


class Uploads(cdk.Stack):
    """A bucket, and who is told when it grows."""

    def __init__(self, scope: Construct, id: str, *, settings: UploadSettings) -> None:
        super().__init__(scope, id)
        bucket = s3.Bucket(
            self,
            "Bucket",
            # The stage's name in front: a bucket's name exists once in all accounts.
            bucket_name=f"{settings.prefix}acme-uploads",
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(settings.days_kept))],
            server_access_logs_prefix="log/",
            versioned=settings.is_watched,
        )
        bucket.add_cors_rule(allowed_methods=[s3.HttpMethods.PUT], allowed_origins=[settings.page])
        if settings.is_watched:
            size = cloudwatch.Metric(
                namespace="AWS/S3",
                metric_name="BucketSizeBytes",
                dimensions_map={"BucketName": bucket.bucket_name, "StorageType": "StandardStorage"},
                period=cdk.Duration.days(1),
            )
            cloudwatch.Alarm(self, "Grows", metric=size, threshold=1e12, evaluation_periods=1)


app = cdk.App()
Stages(
    app,
    build=lambda stage, settings: Uploads(stage, "Uploads", settings=settings),
    settings=[
        UploadSettings(
            name="staging",
            account="111122223333",
            region="eu-central-1",
            days_kept=3,
            page="https://staging.acme.example",
        ),
        UploadSettings(
            name="production",
            account="444455556666",
            region="eu-west-1",
            days_kept=365,
            page="https://acme.example",
            is_watched=True,
        ),
    ],
)
assert_stage_parity(
    app,
    # The first is what the others are compared with. Default: all of the app, in its order.
    stages=["production", "staging"],
    differences=[
        Difference("Uploads/Grows", only_in=["production"], reason="nobody is woken for staging"),
        Difference(
            "Uploads/Bucket",
            properties=["VersioningConfiguration"],
            reason="what is deleted from staging is not missed",
        ),
    ],
)
