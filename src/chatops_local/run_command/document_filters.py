"""The filters of ListDocuments.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DocumentKeyValuesFilter.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .document import Document

_KEYS = ("Name", "Owner", "DocumentType", "PlatformTypes", "tag:…")


def matches(document: Document, filters: Iterable[Mapping[str, Any]], aws_owner: str) -> bool:
    """Whether `document` passes every filter; within one filter any of its values will do.

    Raises:
        ServiceError: `InvalidFilterKey`.
    """
    return all(_matches_one(document, one.get("Key", ""), one.get("Values", ()), aws_owner) for one in filters)


def _matches_one(document: Document, key: str, values: Sequence[str], aws_owner: str) -> bool:
    if key == "Name":
        return any(document.name.startswith(value) for value in values)
    if key == "Owner":
        return ("Amazon" if document.owner == aws_owner else "Self") in values
    if key == "DocumentType":
        return "Command" in values
    if key == "PlatformTypes":
        return "Linux" in values
    if key.startswith("tag:"):
        return any(tag["Key"] == key[4:] and tag["Value"] in values for tag in document.tags)
    raise ServiceError("InvalidFilterKey", f"filter key {key!r}: {', '.join(_KEYS)} are emulated")
