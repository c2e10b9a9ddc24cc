"""What CloudFront does with the requests of a site."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront

from chatops_constructs.site.site_kind import SiteKind

NOT_FOUND_PAGE = "/404.html"
NOT_FOUND_TTL = Duration.seconds(10)


def behaviour(
    origin: cloudfront.IOrigin,
    cache: cloudfront.CachePolicy,
    headers: cloudfront.ResponseHeadersPolicy,
    function: cloudfront.FunctionAssociation,
) -> cloudfront.BehaviorOptions:
    """A behaviour over TLS only, compressed.

    Args:
        origin: Where the files are.
        cache: How long CloudFront keeps them.
        headers: Of every response.
        function: What is done with a request or a response.
    """
    return cloudfront.BehaviorOptions(
        origin=origin,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        compress=True,
        cache_policy=cache,
        response_headers_policy=headers,
        function_associations=[function],
    )


def error_responses(kind: SiteKind) -> list[cloudfront.ErrorResponse] | None:
    """What is said in place of an error of S3.

    Args:
        kind: An app shows its own errors.
    """
    # Never one for 403: it would be said in place of the web ACL's refusals, but for those with a response of their own
    # (https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html).
    if kind is SiteKind.SPA:
        return None
    return [
        cloudfront.ErrorResponse(
            http_status=404, response_http_status=404, response_page_path=NOT_FOUND_PAGE, ttl=NOT_FOUND_TTL
        )
    ]
