"""A Slack endpoint in Tokyo that switches an IP set for CloudFront, which is in Virginia, on the whole local cloud."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.cloud import LocalCloud
from tests.local.ministack.stacks import WRITE_LOGS, allow, function, role, template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

TOKYO, VIRGINIA = "ap-northeast-1", "us-east-1"
SWITCH = "arn:aws:wafv2:us-east-1:123456789012:global/ipset/switch/*"
CODE = """
import base64, json, os, urllib.parse, urllib.request, boto3

def handler(event, context):
    body = event["body"]
    form = dict(urllib.parse.parse_qsl(base64.b64decode(body).decode() if event["isBase64Encoded"] else body))
    secret = boto3.client("ssm").get_parameter(Name="/far/signing-secret", WithDecryption=True)["Parameter"]["Value"]
    waf = boto3.client("wafv2", region_name="us-east-1")
    (found,) = waf.list_ip_sets(Scope="CLOUDFRONT")["IPSets"]
    which = {"Name": found["Name"], "Id": found["Id"], "Scope": "CLOUDFRONT"}
    waf.update_ip_set(**which, Addresses=["0.0.0.0/1"], LockToken=found["LockToken"])
    text = json.dumps({"region": os.environ["AWS_REGION"], "secret": len(secret)})
    urllib.request.urlopen(urllib.request.Request(
        form["response_url"], json.dumps({"text": text}).encode(), {"Content-Type": "application/json"}))
    return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "on it"}
"""
MARK = {
    "version": 1,
    "url_output": "Url",
    "team_id": "T0FAR",
    "app_id": "A0FAR",
    "signing_secret_parameter": "/far/signing-secret",
    "bot_token_parameter": "/far/bot-token",
}


def public(action: str, **condition: object) -> dict[str, Any]:
    properties = {"Action": action, "FunctionName": {"Ref": "Function"}, "Principal": "*", **condition}
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}


def endpoint() -> dict[str, Any]:
    rights = [
        WRITE_LOGS,
        allow("ssm:GetParameter", "arn:aws:ssm:ap-northeast-1:123456789012:parameter/far/*"),
        allow("wafv2:ListIPSets"),
        allow("wafv2:UpdateIPSet", SWITCH),
    ]
    url = {"AuthType": "NONE", "TargetFunctionArn": {"Fn::GetAtt": ["Function", "Arn"]}}
    return {
        "Role": role("lambda", *rights),
        "Function": {**function(CODE, "Role"), "Metadata": {"chatops:endpoint": MARK}},
        "FunctionUrl": {"Type": "AWS::Lambda::Url", "Properties": url},
        "UrlPermission": public("lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE"),
        "InvokePermission": public("lambda:InvokeFunction", InvokedViaFunctionUrl=True),
    }


def ip_set() -> dict[str, Any]:
    properties = {"Name": "switch", "Scope": "CLOUDFRONT", "IPAddressVersion": "IPV4", "Addresses": []}
    return {"Type": "AWS::WAFv2::IPSet", "Properties": properties}


def app_in_two_regions(directory: Path) -> Path:
    url = {"Url": {"Fn::GetAtt": ["FunctionUrl", "FunctionUrl"]}}
    stacks = {"Endpoint": template(endpoint(), url), "Edge": template({"Switch": ip_set()})}
    assembly = write_assembly(directory / "cdk.out", stacks)
    manifest = json.loads((assembly / "manifest.json").read_text())
    for stack, region in (("Endpoint", TOKYO), ("Edge", VIRGINIA)):
        manifest["artifacts"][stack]["environment"] = f"aws://123456789012/{region}"
    (assembly / "manifest.json").write_text(json.dumps(manifest))
    return assembly


@pytest.mark.parametrize("home", [TOKYO, VIRGINIA])
def test_a_command_in_tokyo_changes_what_is_in_virginia(tmp_path: Path, home: str):
    with LocalCloud.start(time_scale=0.05, region=home) as cloud:
        stacks = {stack.name: stack for stack in cloud.deploy_all(app_in_two_regions(tmp_path))}
        assert {name: stack.region for name, stack in stacks.items()} == {"Endpoint": TOKYO, "Edge": VIRGINIA}
        sent = cloud.slack.send("/maintenance on")
        (result,) = sent.wait(20)
        assert json.loads(result.text) == {"region": TOKYO, "secret": 32}
        assert cloud.problems_of(sent) == []
        name, set_id, scope = stacks["Edge"].resource("Switch").split("|")
        waf = cloud.server.client("wafv2", VIRGINIA)
        assert waf.get_ip_set(Name=name, Id=set_id, Scope=scope)["IPSet"]["Addresses"] == ["0.0.0.0/1"]
        assert cloud.server.usage().api_calls["wafv2:UpdateIPSet"] == 1
        assert [line for line in cloud.server.function_logs() if "REPORT" in line.message]
