"""AWS WAF in front of a distribution: it looks before CloudFront does anything with a request.

https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.edge.rule_set import Decision
    from chatops_local.ministack.cloudfront.distributions import Distribution

_parse_configuration = private("services.cloudfront:parse_distribution_dataplane_config", "dist")
_match_behavior = private("services.cloudfront:_match_behavior", "parsed, path")
_fetch_from_origin = private(
    "services.cloudfront:_fetch_from_origin",
    "origin, method, uri, query_string, headers, body, viewer_is_https, client_ip, viewer_xff, dist_arn",
)
_error_page = private("services.cloudfront:_cf_error_response", "status, explanation, x_cache")
_with_cloudfront_headers = private(
    "services.cloudfront:_add_cloudfront_headers", "headers, x_cache, request_id, edge_server"
)

_BLOCKED = "Request blocked. We can't connect to the server for this app or website at this time."
_X_CACHE = "Error from cloudfront"
_FORBIDDEN = 403
_FIRST_ERROR = 400


async def answer_to_blocked(distribution: Distribution, decision: Decision, client_ip: str) -> Untyped:
    """What a blocked viewer gets.

    A custom response of AWS WAF comes before the distribution's custom error pages, a plain block leads to the page for
    403 if there is one: https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-waf-use-cases.html. A reading
    of ours is that response headers policies do not apply to what AWS WAF answers.
    """
    if decision.response is not None:
        headers = _with_cloudfront_headers.get()(dict(decision.response.headers), _X_CACHE)
        return decision.response.status, headers, decision.response.body
    configuration = _parse_configuration.get()(distribution.record)
    page = configuration["custom_error_responses"].get(_FORBIDDEN)
    if page is not None:
        found = await _page(configuration, page, client_ip, distribution.arn)
        if found is not None:
            return found
    return _error_page.get()(_FORBIDDEN, _BLOCKED, _X_CACHE)


async def _page(configuration: Untyped, page: Mapping[str, Untyped], client_ip: str, arn: str) -> Untyped:
    """A custom error page, from the origin of the behaviour that its path matches; ``None`` if that has none."""
    behaviour = _match_behavior.get()(configuration, page["page"])
    origin = configuration["origins"][behaviour["target_origin_id"]]
    headers = {"user-agent": "Amazon CloudFront"}
    status, _, found, body = await _fetch_from_origin.get()(
        origin, "GET", page["page"], "", headers, b"", True, client_ip, "", arn
    )
    if status >= _FIRST_ERROR:
        return None
    return page["response_code"], _with_cloudfront_headers.get()(found, _X_CACHE), body
