"""What the local cloud does not do with functions that queues and streams feed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.server.template_text import plain_text, type_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_QUEUE, _TABLE = "AWS::SQS::Queue", "AWS::DynamoDB::Table"

_COMMON = frozenset(
    {
        "BatchSize",
        "Enabled",
        "EventSourceArn",
        "FilterCriteria",
        "FunctionName",
        "FunctionResponseTypes",
        "MaximumBatchingWindowInSeconds",
        "Tags",
    }
)
_PROPERTIES = {
    "a queue": _COMMON | {"ScalingConfig"},
    "a stream": _COMMON
    | {"BisectBatchOnFunctionError", "MaximumRecordAgeInSeconds", "MaximumRetryAttempts", "StartingPosition"},
}
_FILTERED = frozenset({"dynamodb", "eventName", "userIdentity"})
"""https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html, and of what time to live deletes
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html"""

_OPERATORS = frozenset({"anything-but", "equals-ignore-case", "exists", "prefix", "suffix"})


def problems(resource: Mapping[str, Any], resources: Mapping[str, Any]) -> Iterator[str]:
    """Of event source mappings: other sources, and what would be there and do nothing."""
    if resource["Type"] != "AWS::Lambda::EventSourceMapping":
        return
    properties: Mapping[str, Any] = resource["Properties"]
    source = type_of(properties["EventSourceArn"], resources)
    if source not in (None, _QUEUE, _TABLE):
        yield f"event source {source} is not emulated; use a queue or the stream of a table"
        return
    is_stream = source == _TABLE or "/stream/" in plain_text(properties["EventSourceArn"])
    kind = "a stream" if is_stream else "a queue"
    for name in sorted(properties.keys() - _PROPERTIES[kind]):
        yield f"property {name} is not emulated for {kind}"
    if is_stream:
        for each in (properties.get("FilterCriteria") or {}).get("Filters") or []:
            yield from _pattern(each)


def _pattern(given: Mapping[str, Any]) -> Iterator[str]:
    try:
        pattern = json.loads(given["Pattern"])
    except (KeyError, TypeError, ValueError):
        yield "the pattern of a filter is not plain JSON text, so that it cannot be checked"
        return
    if not isinstance(pattern, dict) or not pattern:
        yield f"filter {json.dumps(pattern)} is not an object with a key"
        return
    for name in sorted(pattern.keys() - _FILTERED):
        yield f"filter on {name} is not emulated for a stream; there are {', '.join(sorted(_FILTERED))}"
    yield from _values(pattern)


def _values(pattern: Mapping[str, Any]) -> Iterator[str]:
    for name, expected in pattern.items():
        if isinstance(expected, dict):
            yield from _values(expected)
        elif not isinstance(expected, list):
            yield f"filter on {name} needs a list of values, not {json.dumps(expected)}"
        else:
            for operator in sorted({key for each in expected if isinstance(each, dict) for key in each} - _OPERATORS):
                hint = ": numbers of DynamoDB are text in its records" if operator == "numeric" else ""
                yield f"filter operator {operator} is not emulated for a stream{hint}"
