"""The two AWS calls of the ack path, on connections that are kept alive between requests.

The endpoint is the region's own unless `AWS_ENDPOINT_URL_<SERVICE>` or `AWS_ENDPOINT_URL` names
another, as for the SDKs: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html.
"""

from __future__ import annotations

import json
import os
import time

from chatops_runtime.dispatch.http_connection import HttpConnection
from chatops_runtime.dispatch.sigv4 import Credentials, signed_headers
from chatops_runtime.log_line import LoggableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from chatops_runtime.dispatch.http_connection import HttpResponse

# A connection that was idle longer may be dead without anybody having been told (NAT gateways and load balancers drop
# it in silence, and Lambda freezes the function in between); a new one costs less than the timeout that finds that out.
_LONGEST_IDLE_SECONDS = 60
_TRANSIENT_CODES = frozenset(
    {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "RequestThrottled"}
)


class AwsError(LoggableError):
    """AWS answered with an error."""

    def __init__(self, operation: str, code: str, status: int) -> None:
        """Of `operation`, with AWS's error code and the HTTP status."""
        super().__init__(f"{operation}: {code} (HTTP {status})")
        self.code = code
        self.status = status

    @property
    def is_transient(self) -> bool:
        """Whether the same call may succeed a moment later."""
        return self.status >= 500 or self.status == 429 or self.code in _TRANSIENT_CODES


class AwsUnreachableError(LoggableError):
    """AWS did not answer: whether it acted is unknown."""

    def __init__(self, operation: str, cause: Exception) -> None:
        """Of `operation`; of `cause` only the type is told, or AWS's code."""
        why = cause.code if isinstance(cause, AwsError) else type(cause).__name__
        super().__init__(f"{operation}: no answer ({why})")


class EndpointError(LoggableError):
    """`AWS_ENDPOINT_URL` holds no address."""


class AwsClient:
    """A client of one AWS service that speaks the JSON protocol."""

    def __init__(
        self,
        *,
        service: str,
        service_id: str,
        target: str,
        json_version: str,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Without connecting yet.

        Args:
            service: The signing name and the host's first label, such as `states`.
            service_id: What follows `AWS_ENDPOINT_URL_`, such as `SFN`.
            target: The prefix of `X-Amz-Target`, such as `AWSStepFunctions`.
            json_version: `1.0` or `1.1`, after the service's protocol.
            environment: Where region, credentials and endpoint are read.
            clock: The time in seconds since 1970.
        """
        self._service = service
        self._target = target
        self._content_type = f"application/x-amz-json-{json_version}"
        self._environment = environment
        self._clock = clock
        self._region = environment["AWS_REGION"]
        endpoint = (
            environment.get(f"AWS_ENDPOINT_URL_{service_id}")
            or environment.get("AWS_ENDPOINT_URL")
            or _default_endpoint(service, self._region)
        )
        self._host_header, self._connection = _connection_to(endpoint)
        self._used_at = 0.0
        self._skew = 0.0

    @classmethod
    def systems_manager(cls) -> AwsClient:
        """For GetParameter."""
        return cls(service="ssm", service_id="SSM", target="AmazonSSM", json_version="1.1")

    @classmethod
    def step_functions(cls) -> AwsClient:
        """For StartExecution."""
        return cls(service="states", service_id="SFN", target="AWSStepFunctions", json_version="1.0")

    def call(self, operation: str, payload: dict[str, Any], timeout: float) -> dict[str, Any]:
        """The service's answer.

        Args:
            operation: Such as `StartExecution`.
            payload: Its input.
            timeout: How many seconds it may take in all.

        Raises:
            AwsError: The service refused.
            AwsUnreachableError: The service did not answer.
        """
        body = json.dumps(payload).encode()
        until = time.monotonic() + timeout
        response = self._answer(operation, body, until)
        try:
            return _result(operation, response)
        except AwsError as error:
            from chatops_runtime.dispatch.clock_skew import skew  # noqa: PLC0415 - hardly ever needed

            skewed = skew(error.code, response.headers, self._now())
            if skewed is None:
                raise
            self._skew += skewed
        # Signed with AWS's own time, once: what it refuses now it refuses for another reason.
        return _result(operation, self._answer(operation, body, until))

    def _answer(self, operation: str, body: bytes, until: float) -> HttpResponse:
        if self._clock() - self._used_at > _LONGEST_IDLE_SECONDS:
            self._connection.close()
        was_open = self._connection.is_open
        try:
            try:
                response = self._post(operation, body, until)
            except ConnectionError:
                # The usual end of a kept-alive connection: the service closed it while it was idle.
                if not was_open:
                    raise
                response = self._post(operation, body, until)
        except OSError as error:
            raise AwsUnreachableError(operation, error) from None
        self._used_at = self._clock()
        return response

    def _post(self, operation: str, body: bytes, until: float) -> HttpResponse:
        return self._connection.post(self._headers(operation, body), body, until - time.monotonic())

    def _headers(self, operation: str, body: bytes) -> dict[str, str]:
        return signed_headers(
            {
                "content-type": self._content_type,
                "host": self._host_header,
                "x-amz-target": f"{self._target}.{operation}",
            },
            body,
            service=self._service,
            region=self._region,
            credentials=Credentials.from_environment(self._environment),
            now=self._now(),
        )

    def _now(self) -> float:
        """AWS's time, as far as it has told."""
        return self._clock() + self._skew


def _connection_to(endpoint: str) -> tuple[str, HttpConnection]:
    """The value of `host`, and the connection, for `https://host` or `http://host:port`."""
    scheme, _, rest = endpoint.partition("://")
    netloc = rest.partition("/")[0]
    host, _, port = netloc.partition(":")
    tls = scheme == "https"
    if not host or scheme not in {"http", "https"} or not (port or "0").isdigit():
        raise EndpointError(f"the endpoint of AWS is to be http://host:port or https://host, not {endpoint!r}")
    return netloc, HttpConnection(host, int(port or (443 if tls else 80)), tls=tls)


def _default_endpoint(service: str, region: str) -> str:
    return f"https://{service}.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"


def _result(operation: str, response: HttpResponse) -> dict[str, Any]:
    try:
        result = json.loads(response.body or b"{}")
    except ValueError:
        result = None
    if response.status == 200 and isinstance(result, dict):
        return result
    named = response.headers.get("x-amzn-errortype") or (result.get("__type") if isinstance(result, dict) else None)
    raise AwsError(operation, _error_code(named), response.status)


def _error_code(named: object) -> str:
    """AWS's code without the namespace before `#` and the address after `:` that some services add to it."""
    code = named.rpartition("#")[2].partition(":")[0] if isinstance(named, str) else ""
    return code if code.isascii() and code.isalnum() else "UnknownError"
