"""Buckets that are there before anything is deployed."""

from __future__ import annotations

from typing import Any


def provide(s3: Any, bucket: str) -> None:  # noqa: ANN401 - a boto3 client
    """Make a bucket in the client's region, unless it is there.

    Every region but us-east-1 has to be named: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    """
    if bucket in {found["Name"] for found in s3.list_buckets()["Buckets"]}:
        return
    region = s3.meta.region_name
    elsewhere = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **elsewhere)
