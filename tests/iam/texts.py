"""What a template's references say: to people, and as patterns of what they become."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_HASH_LENGTH = 8
_PSEUDO = "AWS::"


def text_of(value: Any) -> str:
    """A string of a template, with `<LogicalId>` for references, without their hashes, and without the place."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        delimiter, parts = value["Fn::Join"]
        joined = str(delimiter.join(map(text_of, parts)))
        return re.sub(r"^arn:<Partition>:([a-z0-9-]*):[^:]*:[^:]*:", r"\1:", joined)
    name = name_of(value)
    if name:
        return f"<{name}>"
    if "Ref" in value:
        return f"<{value['Ref'].removeprefix(_PSEUDO)}>"
    return json.dumps(value, sort_keys=True)


def name_of(value: Any) -> str:
    """The logical id, without its hash, of the one resource that a value is of; empty if there is none."""
    if not isinstance(value, dict):
        return ""
    logical_id = _logical_id(value)
    return logical_id[:-_HASH_LENGTH] if logical_id else ""


def pattern_of(value: Any, physical_ids: Mapping[str, str]) -> str:
    """A regular expression of what a string of a template becomes; a wildcard in it covers anything."""
    if isinstance(value, str):
        return re.escape(value).replace(r"\*", ".*").replace(r"\?", ".")
    if "Fn::Join" in value:
        delimiter, parts = value["Fn::Join"]
        return re.escape(str(delimiter)).join(pattern_of(part, physical_ids) for part in parts)
    logical_id = _logical_id(value)
    if not logical_id:
        return "[^:]*"
    # A name or the end of an ARN; what belongs to the thing, such as log streams, comes after it.
    name = re.split(r"[:/|]", physical_ids.get(logical_id, "")) or [""]
    return rf"(?:.*[:/])?{re.escape(name[-1])}(?:[:/].*)?"


def _logical_id(value: Mapping[str, Any]) -> str:
    if "Fn::GetAtt" in value:
        return str(value["Fn::GetAtt"][0])
    reference = str(value.get("Ref", ""))
    return "" if reference.startswith(_PSEUDO) else reference
