"""Rules in templates are not quite those of the API: other capitals, and search strings as plain text.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-wafv2-webacl-bytematchstatement.html
"""

from __future__ import annotations

import base64
from typing import Any

_NUMBERS = frozenset({"Priority", "Capacity", "Limit", "EvaluationWindowSec", "Size", "ResponseCode", "ImmunityTime"})
_BOOLEANS = frozenset({"SampledRequestsEnabled", "CloudWatchMetricsEnabled"})


def as_request(value: Any) -> Any:  # noqa: ANN401 - any part of the properties
    """The same for the API. CloudFormation takes numbers and booleans as text, too."""
    if isinstance(value, list):
        return [as_request(item) for item in value]
    if not isinstance(value, dict):
        return value
    return dict(_member(name, item) for name, item in value.items())


def _member(name: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 - any part of the properties
    if name == "Arn":
        return "ARN", value
    if name == "SearchString":
        return name, base64.b64encode(str(value).encode("utf-8")).decode("ascii")
    if name == "SearchStringBase64":
        return "SearchString", value
    if name in _NUMBERS and isinstance(value, str):
        return name, int(value)
    if name in _BOOLEANS:
        return name, str(value).lower() == "true"
    return name, as_request(value)
