"""The names under which Step Functions reports errors, and which of them can be caught."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Sequence

_prefix_sdk_error = private("services.stepfunctions:_prefix_sdk_error", "service_name, error_code")
_error_prefixes = private("services.stepfunctions:_AWS_SDK_ERROR_PREFIX")
_sdk_services = private("services.stepfunctions:_AWS_SDK_SERVICE_MAP")
_invoke_aws_sdk_integration = private("services.stepfunctions:_invoke_aws_sdk_integration", "resource, input_data")
_error_matches = private("services.stepfunctions:_error_matches", "error_equals, error")
_call_lambda = private("services.stepfunctions:_call_lambda", "func_ref, event")
_ExecutionError = private("services.stepfunctions:_ExecutionError", "error, cause")
_service_model = private("core.responses:_service_model", "service")

_ACRONYM = re.compile(r"^[A-Z]{2,}(?=[A-Z][a-z])")
"""The SDK for Java writes WafNonexistentItemException where the model has WAFNonexistentItemException."""

_THROTTLED = '"__type": "TooManyRequestsException"'

_NOT_FOR_EVERYBODY = ("States.DataLimitExceeded", "States.Runtime")


def apply() -> None:
    """Name SDK errors by their exception class, and let ``States.ALL`` catch what it catches on AWS."""
    _prefix_sdk_error.wrap(lambda _original: exception_name)
    _invoke_aws_sdk_integration.wrap(_with_request_in_cause)
    _error_matches.wrap(_without_uncatchable)
    _call_lambda.wrap(_throttled)


def exception_name(service_name: str, error_code: str) -> str:
    """The name of an error of an SDK integration.

    Step Functions names it after the exception class of the AWS SDK for Java 2, which ends in ``Exception``; an error
    that the service's model does not have gets the service's general class.
    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    """
    if error_code.startswith("States."):
        return error_code
    prefix = _error_prefixes.get().get(service_name, service_name.capitalize())
    service = _sdk_services.get().get(service_name, {}).get("service_key", service_name)
    model = _service_model.get()(service)
    code = error_code.rpartition("#")[2].rpartition(".")[2]
    modelled = {shape.name for shape in model.error_shapes} if model is not None else set()
    if code not in modelled:
        return f"{prefix}.{prefix}Exception"
    name = _ACRONYM.sub(lambda found: found[0].capitalize(), code)
    return f"{prefix}.{name.removesuffix('Fault').removesuffix('Exception')}Exception"


def _with_request_in_cause(original: Untyped) -> Untyped:
    def invoke_aws_sdk_integration(resource: str, input_data: object) -> Untyped:
        try:
            return original(resource, input_data)
        except _ExecutionError.get() as error:
            prefix, _, _ = error.error.partition(".")
            if prefix != "States":
                error.cause = f"{error.cause} (Service: {prefix}, Status Code: 400, Request ID: {uuid4()})"
            raise

    return invoke_aws_sdk_integration


def _throttled(original: Untyped) -> Untyped:
    def call_lambda(func_ref: str, event: object) -> Untyped:
        try:
            return original(func_ref, event)
        except _ExecutionError.get() as error:
            if error.error == "Lambda.Unknown" and _THROTTLED in error.cause:
                # https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html
                error.error, error.cause = "Lambda.TooManyRequestsException", "Rate Exceeded."
            raise

    return call_lambda


def _without_uncatchable(original: Untyped) -> Untyped:
    def error_matches(error_equals: Sequence[str], error: str) -> bool:
        # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
        if error in _NOT_FOR_EVERYBODY:
            return error in error_equals and error != "States.DataLimitExceeded"
        matches: bool = original(error_equals, error)
        return matches

    return error_matches
