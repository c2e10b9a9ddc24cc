"""Is a request Slack's? Its signature says so and, with mutual TLS, the certificate of whoever sent it."""

from __future__ import annotations

import time

from chatops_runtime.dispatch.answer import RefusedError
from chatops_runtime.log_line import LoggableError
from chatops_runtime.slack import signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.dispatch.controls import Controls
    from chatops_runtime.dispatch.deadline import Deadline
    from chatops_runtime.dispatch.http_request import HttpRequest

CERTIFICATE_MISSING = "client_certificate_missing"
CERTIFICATE_WRONG = "client_certificate_wrong"

_READ_SECONDS = 1.0


class SecretMissingError(LoggableError):
    """The signing secret is not in Parameter Store: nobody can be told from anybody."""


class Verification:
    """Refuses what is not Slack's."""

    def __init__(self, controls: Controls, client_name: str | None) -> None:
        """Against the signing secret in `controls` and, if there is one, the name in the client's certificate."""
        self._controls = controls
        self._client_name = client_name

    def check(self, request: HttpRequest, deadline: Deadline) -> None:
        """Refuse what Slack did not send. A secret that may have been rotated since it was read is read again first.

        Raises:
            RefusedError: Slack did not send it.
            SecretMissingError: There is no secret to tell by.
        """
        if self._client_name is not None:
            _check_certificate(request.client_certificate, self._client_name)
        refusal = self._signature_refusal(request)
        may_be_rotated = refusal in {signature.SIGNATURE_WRONG, signature.SECRET_UNUSABLE}
        if may_be_rotated and self._controls.refetched(deadline.at_most(_READ_SECONDS)):
            refusal = self._signature_refusal(request)
        if refusal == signature.SECRET_UNUSABLE and self._controls.secret_is_missing:
            raise SecretMissingError(f"parameter {self._controls.secret_parameter} does not exist")
        if refusal is not None:
            raise RefusedError(401, refusal)
        deadline.count_from(int(request.headers[signature.TIMESTAMP_HEADER]), time.time())

    def _signature_refusal(self, request: HttpRequest) -> str | None:
        return signature.refusal(request.headers, request.body, self._controls.secrets())


def _check_certificate(pem: str, name: str) -> None:
    # Of endpoints with mutual TLS only.
    from chatops_runtime.dispatch import certificate  # noqa: PLC0415

    if not pem:
        raise RefusedError(401, CERTIFICATE_MISSING)
    if name not in certificate.names(pem):
        raise RefusedError(401, CERTIFICATE_WRONG)
