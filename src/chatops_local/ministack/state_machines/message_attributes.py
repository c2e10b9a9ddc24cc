"""MessageAttributes of `aws-sdk:sns:publish`, which MiniStack loses on the wire.

In the query protocol a map is a numbered list of entries:
https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#map-serialization
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_dispatch_aws_sdk_query = private(
    "services.stepfunctions:_dispatch_aws_sdk_query", "service_info, service_name, action, input_data"
)

_MEMBER = "MessageAttributes"


def apply() -> None:
    """Write the attributes as entries."""
    _dispatch_aws_sdk_query.wrap(_with_entries)


def _with_entries(original: Untyped) -> Untyped:
    def dispatch(service_info: object, service_name: str, action: str, input_data: Mapping[str, Any]) -> Untyped:
        if service_name == "sns" and _MEMBER in input_data:
            input_data = {**input_data, _MEMBER: {"entry": _numbered(input_data[_MEMBER])}}
        return original(service_info, service_name, action, input_data)

    return dispatch


def _numbered(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        str(number): {"Name": name, "Value": value} for number, (name, value) in enumerate(attributes.items(), start=1)
    }
