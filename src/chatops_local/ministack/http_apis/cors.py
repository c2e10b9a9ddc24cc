"""CORS of HTTP APIs: preflights are answered by the API itself, and its headers replace those of the function.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_apis = private("services.apigateway:_apis")
_cors_response_headers = private("services.apigateway:_cors_response_headers", "cors_cfg, origin")
_cors_preflight_response = private("services.apigateway:_cors_preflight_response", "cors_cfg, origin")
_invoke_lambda_proxy = private("services.apigateway:_invoke_lambda_proxy")
_http_api_not_found = private("services.apigateway:_http_api_not_found", "")

_PROPERTY = "CorsConfiguration"


def apply() -> None:
    """Know what templates configure, and answer with it."""
    handlers = _resource_handlers.get()["AWS::ApiGatewayV2::Api"]
    handlers["create"] = _configuring(handlers["create"], properties_at=1)
    handlers["update"] = _configuring(handlers["update"], properties_at=2)
    _cors_response_headers.wrap(lambda _original: response_headers)
    _cors_preflight_response.wrap(lambda _original: _preflight)
    _invoke_lambda_proxy.wrap(_without_headers_of_functions)


def response_headers(configuration: Mapping[str, Any], origin: str) -> dict[str, str]:
    """What the API adds to an answer: nothing for an origin that is not allowed, or none.

    Args:
        configuration: the API's, in the words of its API.
        origin: the header of the request; empty if it has none.
    """
    allowed = _allowed_origin(configuration.get("allowOrigins") or [], origin)
    if not origin or allowed is None:
        return {}
    headers = {"access-control-allow-origin": allowed}
    if configuration.get("allowCredentials"):
        headers["access-control-allow-credentials"] = "true"
    if configuration.get("exposeHeaders"):
        headers["access-control-expose-headers"] = ",".join(configuration["exposeHeaders"])
    return headers


def _allowed_origin(allowed: list[str], origin: str) -> str | None:
    """``https://*`` and ``http://*`` stand for every origin of the scheme."""
    if "*" in allowed:
        return "*"
    patterns = [each.lower() for each in allowed]
    scheme = origin.lower().partition("://")[0]
    return origin if origin.lower() in patterns or f"{scheme}://*" in patterns else None


def _preflight(configuration: Mapping[str, Any], origin: str) -> Untyped:
    """An API without CORS has no answer but that of a route, of which the guard admits none for OPTIONS.

    A reading of ours: who may not come is answered as well, without a header that would let it in.
    """
    if not configuration:
        return _http_api_not_found.get()()
    headers = response_headers(configuration, origin)
    if headers:
        if configuration.get("allowMethods"):
            headers["access-control-allow-methods"] = ",".join(configuration["allowMethods"])
        if configuration.get("allowHeaders"):
            headers["access-control-allow-headers"] = ",".join(configuration["allowHeaders"])
        if configuration.get("maxAge") is not None:
            headers["access-control-max-age"] = str(configuration["maxAge"])
    return 204, headers, b""


def _configuring(original: Untyped, *, properties_at: int) -> Untyped:
    """The words of a template in those of the API, which MiniStack reads."""

    def provision(*arguments: Any) -> Untyped:  # noqa: ANN401 - MiniStack's arguments
        api_id, attributes = original(*arguments)
        configuration = arguments[properties_at].get(_PROPERTY)
        if configuration:
            _apis.get()[api_id]["corsConfiguration"] = _in_words_of_the_api(configuration)
        return api_id, attributes

    return provision


def _in_words_of_the_api(properties: Mapping[str, Any]) -> dict[str, Any]:
    configuration = {f"{name[:1].lower()}{name[1:]}": value for name, value in properties.items()}
    configuration["allowCredentials"] = str(configuration.get("allowCredentials", False)).lower() == "true"
    return configuration


def _without_headers_of_functions(original: Untyped) -> Untyped:
    async def invoke_lambda_proxy(integration: Mapping[str, str], api_id: str, *others: Any, **options: Any) -> Untyped:  # noqa: ANN401
        status, headers, body = await original(integration, api_id, *others, **options)
        if _apis.get()[api_id].get("corsConfiguration"):
            headers = {name: value for name, value in headers.items() if not name.lower().startswith("access-control-")}
        return status, headers, body

    return invoke_lambda_proxy
