"""The headers that tell browsers what a site may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront

if TYPE_CHECKING:
    from constructs import Construct

# All from the site itself, nothing inline, in no frame. Images may be data: URLs, which build tools make of small ones.
DEFAULT_CSP = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

# Without sub-domains and preloading: both promise something for hosts that this site knows nothing of.
HSTS_MAX_AGE = Duration.days(365)


def security_headers(
    scope: Construct, id: str, *, content_security_policy: str, cache_control: str | None
) -> cloudfront.ResponseHeadersPolicy:
    """The policy that adds the headers to every response of a behaviour.

    Args:
        scope: The parent.
        id: The id in `scope`.
        content_security_policy: The whole header.
        cache_control: What browsers are told where the file's own metadata says nothing. None: nothing.
    """
    cache_header = cloudfront.ResponseCustomHeader(header="Cache-Control", value=cache_control or "", override=False)
    return cloudfront.ResponseHeadersPolicy(
        scope,
        id,
        custom_headers_behavior=(
            cloudfront.ResponseCustomHeadersBehavior(custom_headers=[cache_header]) if cache_control else None
        ),
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=content_security_policy, override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=HSTS_MAX_AGE, override=True
            ),
        ),
    )
