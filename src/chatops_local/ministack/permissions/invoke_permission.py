"""Whether a function's own policy lets a service, or anybody with its URL, invoke it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.permissions.decisions import decided, deciding
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

_EvalContext = private("core.iam_evaluator:EvalContext")
_evaluate_resource_policy = private(
    "core.iam_evaluator:evaluate_resource_policy", "doc, ctx, service, named_only, direct_only"
)
_request_scope = private("core.responses:request_scope", "account_id, region")
_function_policy_for_arn = private("services.lambda_svc:function_policy_for_arn", "resource_arn")


def service_may_invoke(function_arn: str, service: str, source_arn: str) -> bool:
    """Whether the function has a permission for a service and a source.

    https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html

    Args:
        function_arn: the function, with the qualifier that is invoked.
        service: the principal, such as ``apigateway.amazonaws.com``.
        source_arn: on whose behalf, such as a route of an API.
    """
    account = function_arn.split(":")[4]
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": account}
    return _allows(function_arn, "lambda:InvokeFunction", service, context)


def anybody_may_invoke_url(function_arn: str) -> bool:
    """Whether the function can be called through a URL without credentials: it takes two permissions.

    https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    """
    return _allows(function_arn, "lambda:InvokeFunctionUrl", "*", {"lambda:functionurlauthtype": "NONE"}) and _allows(
        function_arn, "lambda:InvokeFunction", "*", {"lambda:invokedviafunctionurl": "true"}
    )


def service_may_invoke_url(function_arn: str, service: str, source_arn: str) -> bool:
    """Whether a service may call the function's URL on behalf of a source: it takes the same two permissions."""
    source = {"aws:sourcearn": source_arn, "aws:sourceaccount": function_arn.split(":")[4]}
    url, function = {"lambda:functionurlauthtype": "AWS_IAM"}, {"lambda:invokedviafunctionurl": "true"}
    return _allows(function_arn, "lambda:InvokeFunctionUrl", service, {**source, **url}) and _allows(
        function_arn, "lambda:InvokeFunction", service, {**source, **function}
    )


def _allows(function_arn: str, action: str, principal: str, context: Mapping[str, str]) -> bool:
    _, _, _, region, own_account, *_ = function_arn.split(":")
    # A request to a URL is not signed, so that it has no region of its own.
    with _request_scope.get()(own_account, region):
        found = _function_policy_for_arn.get()(function_arn)
    # A function that nobody was ever let into has no policy: that too is a decision.
    policy, account = found or ({"Version": "2012-10-17", "Statement": []}, own_account)
    request = _EvalContext.get()(
        principal_arn=principal,
        principal_type="Service",
        principal_account=account,
        action=action,
        resource_arn=function_arn,
        region=region,
        service_context=dict(context),
    )
    with deciding():
        decision: str = _evaluate_resource_policy.get()(policy, request, service=principal).decision
        decided(allowed=decision == "Allow")
    return decision == "Allow"
