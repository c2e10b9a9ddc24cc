"""A form as browsers and Slack send it: https://url.spec.whatwg.org/#urlencoded-parsing, and stricter.

Not `urllib.parse`, which the ack path would import for nothing else; it is what the tests hold this to.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_ESCAPE: Final = re.compile(rb"%([0-9A-Fa-f]{2})")


def pairs(body: bytes, most: int) -> list[tuple[str, str]]:
    """The names and values in `body`, in its order.

    Raises:
        UnicodeDecodeError: It is not UTF-8, or what its escapes stand for is not.
        ValueError: A part has no `=`, or there are more than `most` parts.
    """
    body.decode()  # before escapes could complete what is cut off
    parts = body.split(b"&")
    if len(parts) > most:
        raise ValueError("too many fields")
    return [_pair(part) for part in parts]


def _pair(part: bytes) -> tuple[str, str]:
    name, equals, value = part.replace(b"+", b" ").partition(b"=")
    if not equals:
        raise ValueError("a field without a value")
    return _decoded(name), _decoded(value)


def _decoded(text: bytes) -> str:
    return _ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), text).decode()
