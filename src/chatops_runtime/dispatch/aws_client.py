"""The two AWS calls of the ack path, over `http.client` on connections that are kept alive between requests.

The endpoint is the region's own unless `AWS_ENDPOINT_URL_<SERVICE>` or `AWS_ENDPOINT_URL` names
another, as for the SDKs: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html.
"""

from __future__ import annotations

import http.client
import json
import os
import ssl
import time
from urllib.parse import urlsplit

from chatops_runtime.dispatch.sigv4 import Credentials, signed_headers
from chatops_runtime.log_line import LoggableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

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
        """Of `operation`; of `cause` only the type is told."""
        super().__init__(f"{operation}: no answer ({type(cause).__name__})")


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
        self._endpoint = urlsplit(
            environment.get(f"AWS_ENDPOINT_URL_{service_id}")
            or environment.get("AWS_ENDPOINT_URL")
            or _default_endpoint(service, self._region)
        )
        self._connection: http.client.HTTPConnection | None = None
        self._used_at = 0.0

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
            timeout: How many seconds to wait for the connection, and then for the answer.

        Raises:
            AwsError: The service refused.
            AwsUnreachableError: The service did not answer.
        """
        body = json.dumps(payload).encode()
        if self._clock() - self._used_at > _LONGEST_IDLE_SECONDS:
            self._disconnect()
        was_connected = self._connection is not None
        try:
            try:
                status, headers, answer = self._exchange(operation, body, timeout)
            except ConnectionError:
                # The usual end of a kept-alive connection: the service closed it while it was idle.
                if not was_connected:
                    raise
                self._disconnect()
                status, headers, answer = self._exchange(operation, body, timeout)
        except (OSError, http.client.HTTPException) as error:
            self._disconnect()
            raise AwsUnreachableError(operation, error) from None
        self._used_at = self._clock()
        return _result(operation, status, headers, answer)

    def _exchange(self, operation: str, body: bytes, timeout: float) -> tuple[int, http.client.HTTPMessage, bytes]:
        headers = signed_headers(
            {
                "content-type": self._content_type,
                "host": self._endpoint.netloc,
                "x-amz-target": f"{self._target}.{operation}",
            },
            body,
            service=self._service,
            region=self._region,
            credentials=Credentials.from_environment(self._environment),
            now=self._clock(),
        )
        connection = self._connected(timeout)
        connection.request("POST", "/", body, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()

    def _connected(self, timeout: float) -> http.client.HTTPConnection:
        if self._connection is None:
            host, port = self._endpoint.hostname or "", self._endpoint.port
            if self._endpoint.scheme == "https":
                self._connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=_tls_context())
            else:
                self._connection = http.client.HTTPConnection(host, port, timeout=timeout)
        self._connection.timeout = timeout
        if self._connection.sock is not None:
            self._connection.sock.settimeout(timeout)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _default_endpoint(service: str, region: str) -> str:
    return f"https://{service}.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"


_shared_tls_context: list[ssl.SSLContext] = []


def _tls_context() -> ssl.SSLContext:
    """One for all clients: reading the certificate authorities is a good part of a cold start."""
    if not _shared_tls_context:
        _shared_tls_context.append(ssl.create_default_context())
    return _shared_tls_context[0]


def _result(operation: str, status: int, headers: http.client.HTTPMessage, answer: bytes) -> dict[str, Any]:
    try:
        result = json.loads(answer or b"{}")
    except ValueError:
        result = None
    if status == 200 and isinstance(result, dict):
        return result
    named = headers.get("x-amzn-errortype") or (result.get("__type") if isinstance(result, dict) else None)
    raise AwsError(operation, _error_code(named), status)


def _error_code(named: object) -> str:
    """AWS's code without the namespace before `#` and the address after `:` that some services add to it."""
    code = named.rpartition("#")[2].partition(":")[0] if isinstance(named, str) else ""
    return code if code.isascii() and code.isalnum() else "UnknownError"
