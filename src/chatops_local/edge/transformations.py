"""Text transformations: what is done to a part of a request before it is looked at.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
"""

from __future__ import annotations

import html
import posixpath
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_WHITE_SPACE = b" \t\n\r\f\v\xa0"
_RUN_OF_WHITE_SPACE = re.compile(rb"[ \t\n\r\f\v\xa0]+")


def transformed(value: bytes, transformations: Iterable[Mapping[str, Any]]) -> bytes:
    """The value after all transformations, the one with the smallest priority first."""
    for each in sorted(transformations, key=lambda found: int(found["Priority"])):
        value = TRANSFORMATIONS[each["Type"]](value)
    return value


def _normalized_path(value: bytes) -> bytes:
    normalized = posixpath.normpath(value)
    normalized = b"/" + normalized.lstrip(b"/") if normalized.startswith(b"/") else normalized
    return normalized + b"/" if value.endswith(b"/") and not normalized.endswith(b"/") else normalized


TRANSFORMATIONS: dict[str, Callable[[bytes], bytes]] = {
    "NONE": lambda value: value,
    "LOWERCASE": bytes.lower,
    "UPPERCASE": bytes.upper,
    "URL_DECODE": unquote_to_bytes,
    "HTML_ENTITY_DECODE": lambda value: html.unescape(value.decode("latin-1")).encode("utf-8"),
    "COMPRESS_WHITE_SPACE": lambda value: _RUN_OF_WHITE_SPACE.sub(b" ", value),
    "REMOVE_WHITESPACE": lambda value: _RUN_OF_WHITE_SPACE.sub(b"", value),
    "REMOVE_NULLS": lambda value: value.replace(b"\0", b""),
    "REPLACE_NULLS": lambda value: value.replace(b"\0", b" "),
    "NORMALIZE_PATH": _normalized_path,
    "TRIM": lambda value: value.strip(_WHITE_SPACE),
    "TRIM_LEFT": lambda value: value.lstrip(_WHITE_SPACE),
    "TRIM_RIGHT": lambda value: value.rstrip(_WHITE_SPACE),
}
"""By the name that rules use. What is not here is refused."""
