"""The HTTP request in a Lambda event: payload 2.0, which HTTP APIs and Function URLs share.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html

Whoever may invoke the function can hand it any other event: what has not this shape is refused like any other request
that is not Slack's.
"""

from __future__ import annotations

from base64 import b64decode

from chatops_runtime.dispatch.answer import RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EVENT_MALFORMED = "event_malformed"
BODY_TOO_LARGE = "body_too_large"
BODY_NOT_BASE64 = "body_not_base64"

LONGEST_BODY = 1_000_000
"""In characters of the event. Slack's forms are some kilobytes; of a stranger's, no more than this is looked at."""


class HttpRequest:
    """Method, headers and the body's bytes as the client sent them."""

    def __init__(self, method: str, headers: dict[str, str], body: bytes, client_certificate: str = "") -> None:
        """Of its parts; the names of headers in lower case, the client's certificate in PEM if it had to have one."""
        self.method = method
        self.headers = headers
        self.body = body
        self.client_certificate = client_certificate

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> HttpRequest:
        """The request in `event`.

        Raises:
            RefusedError: The event is of another shape, its body is too large, or not the base64 that it says it is.
        """
        event = _object(event)
        context = _object(event.get("requestContext"))
        return cls(
            method=_text(_object(context.get("http")).get("method")),
            headers={name.lower(): _text(value) for name, value in _object(event.get("headers")).items()},
            body=_bytes(_text(event.get("body")), encoded=event.get("isBase64Encoded") is True),
            # API Gateway's own word, and never a header's: those are the client's.
            client_certificate=_text(
                _object(_object(context.get("authentication")).get("clientCert")).get("clientCertPem")
            ),
        )


def _object(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RefusedError(400, EVENT_MALFORMED)
    return value


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RefusedError(400, EVENT_MALFORMED)
    return value


def _bytes(body: str, *, encoded: bool) -> bytes:
    if len(body) > LONGEST_BODY:
        raise RefusedError(413, BODY_TOO_LARGE)
    if not encoded:
        return body.encode("utf-8", "replace")
    try:
        return b64decode(body, validate=True)
    except ValueError:
        raise RefusedError(400, BODY_NOT_BASE64) from None
