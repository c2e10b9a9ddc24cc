"""HTTP APIs and function URLs as their callers know them: AWS's host names, permissions, and error bodies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.permissions.invoke_permission import anybody_may_invoke_url, service_may_invoke
from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_execute_api_host = private("app:_EXECUTE_API_RE")
_invoke_lambda_proxy = private(
    "services.apigateway:_invoke_lambda_proxy",
    "integration, api_id, stage, path, method, headers, body, query_params, route_key, path_params, "
    "authorizer_claims, authorizer_scopes, authorizer_lambda_context, authorizer_iam, owner_account_id, owner_region, "
    "raw_query_string",
)
_function_of_integration = private("services.apigateway:_extract_lambda_ref_from_integration_uri", "uri")
_to_proxy_response = private("services.lambda_svc:lambda_execute_result_to_api_proxy_response", "exec_result")
_function_url_proxy_response = private(
    "services.lambda_svc:_function_url_proxy_response", "proxy_response, cors_headers"
)
_handle_function_url_request = private(
    "services.lambda_svc:handle_function_url_request",
    "url_id, method, path, headers, body, query_params, resolved, source_ip",
)
_resolve_function_url = private("services.lambda_svc:resolve_function_url", "url_id")
_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")

_run_reentrant = private("services.apigateway:run_reentrant")
_get_client_ip = private("core.responses:get_request_client_ip", "")

_INVOCATION = "ministack-apigw-invoke"

_apis = private("services.apigateway:_apis")

_get_region = private("core.responses:get_region", "")

_JSON = {"Content-Type": "application/json"}
_API_ERROR: dict[str, Any] = {"statusCode": 500, "headers": _JSON, "body": '{"message":"Internal Server Error"}'}
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html"""


def apply(emulator: Emulator) -> None:
    """Serve APIs under AWS's host names, check permissions, and give no error of a handler away."""
    _execute_api_host.set(re.compile(r"^([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.(?:amazonaws\.com|api\.aws)(?::\d+)?$"))
    _give_apis_their_aws_address()
    _invoke_lambda_proxy.wrap(lambda original: _with_permission_of_api(original, emulator))
    _run_reentrant.set(_with_source_address(_run_reentrant.get()))
    _handle_function_url_request.wrap(_with_permission_of_url)
    _to_proxy_response.wrap(_without_handler_errors)
    _function_url_proxy_response.wrap(_with_bad_gateway)


def _give_apis_their_aws_address() -> None:
    def with_address(original: Untyped, properties_at: int) -> Untyped:
        def provision(*arguments: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401 - MiniStack's arguments
            api_id, attributes = original(*arguments)
            family = arguments[properties_at].get("IpAddressType", "ipv4")
            _apis.get()[api_id]["ipAddressType"] = family
            return api_id, {**attributes, "ApiEndpoint": f"https://{api_id}.{_domain(_get_region.get()())}"}

        return provision

    handlers = _resource_handlers.get()["AWS::ApiGatewayV2::Api"]
    for operation, properties_at in (("create", 1), ("update", 2)):
        handlers[operation] = with_address(handlers[operation], properties_at)


def _with_permission_of_api(original: Untyped, emulator: Emulator) -> Untyped:
    async def invoke_lambda_proxy(
        integration: Mapping[str, str],
        api_id: str,
        stage: str,
        path: str,
        method: str,
        headers: Mapping[str, str],
        body: object,
        query_params: object,
        route_key: str = "$default",
        path_params: object = None,
        **options: object,
    ) -> Untyped:
        function = _function_of_integration.get()(integration.get("integrationUri", ""))
        _, _, route_path = route_key.partition(" ")
        resource = f"{api_id}/{stage}/{method}{route_path}" if route_path else f"{api_id}/{stage}/{route_key}"
        region = options.get("owner_region") or emulator.region
        source = f"arn:aws:execute-api:{region}:{emulator.account}:{resource}"
        if not service_may_invoke(function, "apigateway.amazonaws.com", source):
            return 500, dict(_JSON), _API_ERROR["body"].encode()
        sent = with_forwarding_headers(headers)
        return await original(
            integration, api_id, stage, path, method, sent, body, query_params, route_key, path_params, **options
        )

    return invoke_lambda_proxy


def _domain(region: str) -> str:
    return f"execute-api.{region}.amazonaws.com"


def with_forwarding_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with what API Gateway puts there; it appends the client to the addresses that the client names.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    client = str(_get_client_ip.get()())
    named = headers.get("x-forwarded-for")
    addresses = f"{named}, {client}" if named else client
    own = {"x-forwarded-for": addresses, "x-forwarded-port": "443", "x-forwarded-proto": "https"}
    return {**headers, **own}


def _with_source_address(original: Untyped) -> Untyped:
    """The source of a request is the other end of the connection, and an API has the name of its region."""

    async def run_reentrant(function: Untyped, *arguments: Any, **options: Any) -> Untyped:  # noqa: ANN401
        if options.get("thread_name") == _INVOCATION:
            record, event = arguments
            context = event.get("requestContext", {})
            if "http" in context:
                # An API invokes functions of its own region.
                region = (record.get("config") or record)["FunctionArn"].split(":")[3]
                context["domainName"] = f"{context['apiId']}.{_domain(region)}"
                context["http"]["sourceIp"] = _get_client_ip.get()()
        return await original(function, *arguments, **options)

    return run_reentrant


def _with_permission_of_url(original: Untyped) -> Untyped:
    async def handle_function_url_request(url_id: str, *arguments: object, **options: object) -> Untyped:
        resolved = _resolve_function_url.get()(url_id)
        if resolved is not None:
            account, region, name, qualifier, configuration = resolved
            function = f"arn:aws:lambda:{region}:{account}:function:{name}{f':{qualifier}' if qualifier else ''}"
            if configuration["AuthType"] == "NONE" and not anybody_may_invoke_url(function):
                return 403, {**_JSON, "x-amzn-ErrorType": "AccessDeniedException"}, b'{"Message":"Forbidden"}'
        return await original(url_id, *arguments, **options)

    return handle_function_url_request


def _without_handler_errors(original: Untyped) -> Untyped:
    def lambda_execute_result_to_api_proxy_response(exec_result: Mapping[str, Any]) -> Untyped:
        if exec_result.get("error"):
            return _API_ERROR, None
        return original(exec_result)

    return lambda_execute_result_to_api_proxy_response


def _with_bad_gateway(original: Untyped) -> Untyped:
    def function_url_proxy_response(proxy_response: Untyped, cors_headers: Mapping[str, str]) -> Untyped:
        if proxy_response is _API_ERROR:
            # https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html: a function error is a 502
            return 502, {**_JSON, **cors_headers}, b"Internal Server Error"
        return original(proxy_response, cors_headers)

    return function_url_proxy_response
