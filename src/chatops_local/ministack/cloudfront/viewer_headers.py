"""The headers that CloudFront makes itself: whatever a viewer sends under their names is dropped.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.edge.viewer import Viewer

_parse_configuration = private("services.cloudfront:parse_distribution_dataplane_config", "dist")
_match_behavior = private("services.cloudfront:_match_behavior", "parsed, path")
_cache_policy = private("services.cloudfront:cache_policy_params", "policy_id")
_origin_request_policy = private("services.cloudfront:origin_request_policy_config", "policy_id")

_OWN = "cloudfront-"
_ADDRESS = "cloudfront-viewer-address"


def with_own_headers(
    distribution: Mapping[str, Any], path: str, headers: Mapping[str, str], viewer: Viewer
) -> dict[str, str]:
    """The headers of a request as CloudFront goes on with them.

    ``CloudFront-Viewer-Address`` is made only if a policy of the behaviour names it; of CloudFront's other headers the
    local cloud has none.
    """
    kept = {name: value for name, value in headers.items() if not name.startswith(_OWN)}
    behaviour = _match_behavior.get()(_parse_configuration.get()(distribution), path) or {}
    return {**kept, _ADDRESS: viewer.cloudfront_address} if _ADDRESS in _named(behaviour) else kept


def _named(behaviour: Mapping[str, Any]) -> set[str]:
    """The headers that the policies of a behaviour name."""
    policies = (
        _cache_policy.get()(behaviour.get("cache_policy_id")),
        _origin_request_policy.get()(behaviour.get("origin_request_policy_id")),
    )
    return {name.lower() for policy in policies if policy for name in policy.get("Headers") or []}
