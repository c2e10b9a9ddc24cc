"""An HTTP API's request, payload format 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.allowlist.http.response import HttpError
from chatops_runtime.dispatch.answer import RefusedError
from chatops_runtime.dispatch.http_request import BODY_NOT_BASE64, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_BODY = 4096
LONGEST_BEARER = 512

_SCHEME = "bearer "
_WORDS = {BODY_NOT_BASE64: "the body is not the base64 that it is said to be"}


@dataclass(frozen=True)
class Request:
    """A request.

    Attributes:
        method: In upper case.
        path: Without the query.
        source: The peer of the TCP connection, as API Gateway saw it. Never a header, which anybody may write.
        headers: By name in lower case.
        query: The parameters after the question mark.
        body: Its bytes.
        caller_arn: Who signed it, by API Gateway's word; None: nobody has, or nobody has looked.
    """

    method: str
    path: str
    source: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    caller_arn: str | None

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> Request:
        """The request in an event of Lambda's.

        Raises:
            HttpError: Its body is too long or not what it says, or the event has another shape.
        """
        if len(event.get("body") or "") > LONGEST_BODY:
            raise HttpError(413, "body_too_long", f"the body has more than {LONGEST_BODY} characters; send less")
        try:
            http = HttpRequest.from_event(event)
        except RefusedError as refused:
            raise HttpError(refused.status, refused.reason, _WORDS.get(refused.reason, "no such request")) from None
        context = event["requestContext"]
        iam = (context.get("authorizer") or {}).get("iam") or {}
        return cls(
            method=http.method.upper(),
            path=event.get("rawPath", ""),
            source=context["http"].get("sourceIp", ""),
            headers=http.headers,
            query=event.get("queryStringParameters") or {},
            body=http.body,
            caller_arn=iam.get("userArn") or None,
        )

    @property
    def bearer(self) -> str:
        """The token of the header Authorization.

        Raises:
            HttpError: There is none.
        """
        header = self.headers.get("authorization", "")
        token = header[len(_SCHEME) :].strip()
        if not header.lower().startswith(_SCHEME) or not token or len(token) > LONGEST_BEARER:
            raise unauthorized("send a header Authorization: Bearer …, with the link's token or the shared secret")
        return token

    def fields(self) -> dict[str, Any]:
        """The object in the body, empty without a body.

        Raises:
            HttpError: There is something else in it.
        """
        if not self.body:
            return {}
        try:
            fields = json.loads(self.body)
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, dict):
            raise HttpError(400, "body_not_json", "the body is no JSON object")
        return fields


def unauthorized(message: str, code: str = "unauthorized") -> HttpError:
    """The error of whoever has not said who they are: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2."""
    return HttpError(401, code, message, {"www-authenticate": "Bearer"})
