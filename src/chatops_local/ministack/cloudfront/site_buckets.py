"""Buckets as origins: what CloudFront may read there, judged by the bucket's policy.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.permissions.authorization import Access
from chatops_local.ministack.permissions.service_principals import service_denial
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_origin_allows = private("services.s3:_cloudfront_origin_allows", "owner, bucket_name, key, source_arn, oai_id")
_serve = private("services.s3:serve_cloudfront_origin_fetch", "bucket_name, key, method, headers, source_arn, oai_id")
_buckets = private("services.s3:_buckets")
_error = private("services.s3:_error")

_SERVICE = "cloudfront.amazonaws.com"


def apply() -> None:
    """Let CloudFront in as a service, over TLS, on behalf of its distribution."""
    _origin_allows.wrap(_by_policy)
    _serve.wrap(_saying_what_is_missing)


def _by_policy(original: Untyped) -> Untyped:
    def cloudfront_origin_allows(owner: str, bucket_name: str, key: str, source_arn: str, oai_id: str) -> bool:
        if source_arn and not oai_id:
            return _may("s3:GetObject", f"{bucket_name}/{key}", source_arn)
        allowed: bool = original(owner, bucket_name, key, source_arn, oai_id)
        return allowed

    return cloudfront_origin_allows


def _saying_what_is_missing(original: Untyped) -> Untyped:
    """Who may list a bucket is told that an object is not there; others are denied.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
    """

    def serve_cloudfront_origin_fetch(
        bucket_name: str, key: str, method: str, headers: Mapping[str, str], source_arn: str = "", oai_id: str = ""
    ) -> Untyped:
        bucket = _buckets.get().get(bucket_name)
        if bucket is not None and key not in bucket["objects"] and _may("s3:ListBucket", bucket_name, source_arn):
            return _error.get()("NoSuchKey", "The specified key does not exist.", 404, f"/{bucket_name}/{key}")
        return original(bucket_name, key, method, headers, source_arn, oai_id)

    return serve_cloudfront_origin_fetch


def _may(action: str, resource: str, source_arn: str) -> bool:
    if not source_arn:
        return False
    return service_denial(_SERVICE, Access(action, f"arn:aws:s3:::{resource}"), source_arn) is None
