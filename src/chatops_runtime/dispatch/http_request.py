"""The HTTP request in a Lambda event: payload 2.0, which HTTP APIs and Function URLs share.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

from base64 import b64decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class HttpRequest:
    """Method, headers and the body's bytes as the client sent them."""

    def __init__(self, method: str, headers: dict[str, str], body: bytes) -> None:
        """Of its parts; the names of headers in lower case."""
        self.method = method
        self.headers = headers
        self.body = body

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> HttpRequest:
        """The request in `event`.

        Raises:
            ValueError: The event says that its body is base64, and it is not.
        """
        body = event.get("body") or ""
        return cls(
            method=event.get("requestContext", {}).get("http", {}).get("method", ""),
            headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
            body=b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode("utf-8", "replace"),
        )
