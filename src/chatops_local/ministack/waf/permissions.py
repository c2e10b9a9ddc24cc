"""What the operations of AWS WAF need to be allowed.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.authorization import Access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.ministack.permissions.place import Place

_SCOPES = {"CLOUDFRONT": "global", "REGIONAL": "regional"}


def _on_ip_set(action: str) -> Callable[[Mapping[str, Any], Place], list[Access]]:
    def rule(request: Mapping[str, Any], place: Place) -> list[Access]:
        # What is to be created has no id yet.
        entity = f"{_SCOPES[request['Scope']]}/ipset/{request['Name']}/{request.get('Id', '*')}"
        return [Access(action, place.arn("wafv2", entity))]

    return rule


RULES: dict[str, Callable[[Mapping[str, Any], Place], list[Access]]] = {
    **{
        operation: _on_ip_set(f"wafv2:{operation}")
        for operation in (
            "CreateIPSet",
            "GetIPSet",
            "UpdateIPSet",
            "DeleteIPSet",
        )
    },
    "ListIPSets": lambda _request, _place: [Access("wafv2:ListIPSets", "*")],
}
