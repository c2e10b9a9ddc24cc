"""The one stage of an HTTP API of ours: throttled, and with an access log that holds no secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk.aws_apigateway import AccessLogFormat

if TYPE_CHECKING:
    from aws_cdk import aws_logs as logs
    from constructs import Construct

# Neither headers nor bodies: they hold signatures, tokens and the response_url.
ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "protocol": "$context.protocol",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "integrationLatency": "$context.integrationLatency",
    "error": "$context.error.message",
    "integrationError": "$context.integrationErrorMessage",
}


def default_stage(
    scope: Construct,
    id: str,
    *,
    api: apigateway.HttpApi,
    throttle: apigateway.ThrottleSettings,
    log_group: logs.ILogGroup,
) -> apigateway.HttpStage:
    """The `$default` stage of an API that was made without one.

    Args:
        scope: The parent.
        id: The id in `scope`.
        api: The API.
        throttle: What it lets through.
        log_group: For the access log.
    """
    return apigateway.HttpStage(
        scope,
        id,
        http_api=api,
        stage_name="$default",
        auto_deploy=True,
        throttle=throttle,
        access_log_settings=_AccessLogSettings(log_group),
    )


@jsii.implements(apigateway.IAccessLogSettings)
class _AccessLogSettings:
    def __init__(self, log_group: logs.ILogGroup) -> None:
        self._destination = apigateway.LogGroupLogDestination(log_group)
        self._format = AccessLogFormat.custom(json.dumps(ACCESS_LOG))

    @property
    def destination(self) -> apigateway.IAccessLogDestination:
        return self._destination

    @property
    def format(self) -> AccessLogFormat:
        return self._format
