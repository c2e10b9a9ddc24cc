"""Errors under the names that Step Functions would give them, had it made the call itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime.log_line import LoggableError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

UNANSWERED = "SdkClientException"


def named(service: str, code: str, message: str) -> Exception:
    """An error whose type has the name that Step Functions knows it by: Lambda tells an error by that.

    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html#aws-sdk-integration-errors
    """
    return type(f"{service}.{code}", (LoggableError,), {})(message)  # type: ignore[no-any-return]


def of_client(service: str, error: ClientError) -> Exception:
    """What AWS answered, with the request's id, by which AWS's support finds it."""
    told = error.response.get("Error", {})
    code = str(told.get("Code") or "Unknown")
    # The SDK that Step Functions uses gives each of its classes this ending.
    name = code if code.endswith("Exception") else f"{code}Exception"
    request = error.response.get("ResponseMetadata", {}).get("RequestId")
    return named(service, name, f"{told.get('Message') or code}{f' (request {request})' if request else ''}")


def unanswered(service: str, error: Exception) -> Exception:
    """No answer: whether the call did anything is unknown."""
    return named(service, UNANSWERED, f"no answer ({type(error).__name__})")
