"""Which records a mapping lets through: a pattern of its filter criteria has to match.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The operators are those of rules. MiniStack's own for mappings lets "anything-but" match what is absent.
_matches_detail = private("services.eventbridge:_matches_detail", "detail, pattern")


def passing(records: Iterable[Mapping[str, Any]], mapping: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The records that one of the filters matches; all of them if there are no filters."""
    filters = (mapping.get("FilterCriteria") or {}).get("Filters") or []
    patterns = [json.loads(each["Pattern"]) for each in filters]
    if not patterns:
        return list(records)
    return [record for record in records if any(_matches_detail.get()(record, pattern) for pattern in patterns)]
