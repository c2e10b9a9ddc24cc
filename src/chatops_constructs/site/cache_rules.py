"""How long CloudFront keeps what a site answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront

if TYPE_CHECKING:
    from constructs import Construct

# A new version of a page is seen after this long everywhere, without an invalidation.
PAGE_TTL = Duration.minutes(1)
ASSET_TTL = Duration.days(365)

# Browsers ask each time, and are mostly answered that nothing has changed.
PAGES_IN_BROWSERS = "no-cache"


def cache_policy(scope: Construct, id: str, *, ttl: Duration) -> cloudfront.CachePolicy:
    """A policy that keeps a file for `ttl` at most, whatever the query, the cookies and the headers.

    None of these is part of the key, so none of them reaches S3 either, where a query such as `?list-type=2` would mean
    something.

    Args:
        scope: The parent.
        id: The id in `scope`.
        ttl: For how long. A shorter `max-age` in the file's metadata counts.
    """
    return cloudfront.CachePolicy(
        scope,
        id,
        min_ttl=Duration.seconds(0),
        default_ttl=ttl,
        max_ttl=ttl,
        cookie_behavior=cloudfront.CacheCookieBehavior.none(),
        header_behavior=cloudfront.CacheHeaderBehavior.none(),
        query_string_behavior=cloudfront.CacheQueryStringBehavior.none(),
        enable_accept_encoding_brotli=True,
        enable_accept_encoding_gzip=True,
    )
