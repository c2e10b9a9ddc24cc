"""What a web ACL, a rule group or an IP set of AWS WAF is for."""

from __future__ import annotations

from enum import Enum


class WafScope(Enum):
    """What the web ACL protects, which decides where it and its IP sets live.

    Attributes:
        CLOUDFRONT: A CloudFront distribution. All parts are in us-east-1, wherever the rest of the app is.
        REGIONAL: A load balancer, an API or the like. All parts are in its region.
    """

    CLOUDFRONT = "CLOUDFRONT"
    REGIONAL = "REGIONAL"
