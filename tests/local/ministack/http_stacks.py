"""HTTP APIs for tests: each with its stage, its integration, its permission and routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.local.ministack.stacks import REGION

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack


def api(api_id: str, *keys: str, **properties: Any) -> dict[str, Any]:
    """An HTTP API with its stage, its integration, and routes, of which those under /iam ask who calls."""
    of_api = {"ApiId": {"Ref": api_id}}
    routes = {
        f"{api_id}Route{index}": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                **of_api,
                "RouteKey": key,
                "Target": {"Fn::Sub": f"integrations/${{{api_id}Integration}}"},
                "AuthorizationType": "AWS_IAM" if " /iam/" in key else "NONE",
            },
        }
        for index, key in enumerate(keys)
    }
    source = {"Fn::Sub": f"arn:aws:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{api_id}}}/*/*"}
    return {
        api_id: {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {"Name": api_id, "ProtocolType": "HTTP", **properties},
        },
        f"{api_id}Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {**of_api, "StageName": "$default", "AutoDeploy": True},
        },
        f"{api_id}Integration": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                **of_api,
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": {"Fn::GetAtt": ["Function", "Arn"]},
                "PayloadFormatVersion": "2.0",
            },
        },
        f"{api_id}Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Fn::GetAtt": ["Function", "Arn"]},
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": source,
            },
        },
        **routes,
    }


def host(stack: DeployedStack, api_id: str) -> str:
    return f"{stack.resource(api_id)}.execute-api.{REGION}.amazonaws.com"
