"""Every call counts as made over TLS, as it would be on AWS; here it stays on the loopback interface.

``enforce_ssl`` of queues and topics denies what is not: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
"""

from __future__ import annotations

from contextvars import ContextVar

from chatops_local.ministack.private import Untyped, private

_request_origin = private("core.iam_evaluator:_request_origin")
_pin_request_origin = private("core.iam_evaluator:pin_request_origin", "source_ip, secure_transport")
_pin_in_gateway = private("app:pin_request_origin", "source_ip, secure_transport")

_LOOPBACK = "127.0.0.1"


def apply() -> None:
    """Count requests over HTTP, and calls inside of the emulator, as secure."""
    # What a thread of the emulator does has no request: it goes by the default.
    _request_origin.set(ContextVar("chatops_local_request_origin", default=(_LOOPBACK, True)))

    def secure(original: Untyped) -> Untyped:
        return lambda source_ip, secure_transport: original(source_ip, True)  # noqa: ARG005 - it is overruled

    _pin_request_origin.wrap(secure)
    _pin_in_gateway.set(_pin_request_origin.get())
