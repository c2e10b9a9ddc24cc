"""The whole local cloud with a template written by hand: a function, a state machine and an instance policy."""

import json
from typing import Any

import pytest

from chatops_local.cloud import InstanceSpec, LocalCloud

FUNCTION = """
import base64, json, os, urllib.parse, urllib.request, boto3

def handler(event, context):
    body = event["body"]
    form = dict(urllib.parse.parse_qsl(base64.b64decode(body).decode() if event["isBase64Encoded"] else body))
    secret = boto3.client("ssm").get_parameter(Name="/hand/signing-secret", WithDecryption=True)["Parameter"]["Value"]
    try:
        urllib.request.urlopen("https://example.com/")
        outside = "reached"
    except OSError as error:
        outside = str(error)
    text = json.dumps({"outside": outside, "secret": len(secret), "text": form.get("text", "")})
    urllib.request.urlopen(urllib.request.Request(
        form["response_url"], json.dumps({"text": text}).encode(), {"Content-Type": "application/json"}))
    return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "on it"}
"""


def trust(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def allow(*actions: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}


def role(service: str, *actions: str) -> dict[str, Any]:
    policies = [{"PolicyName": "Own", "PolicyDocument": allow(*actions)}] if actions else []
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust(service), "Policies": policies}}


def public(action: str, **condition: object) -> dict[str, Any]:
    function = {"Fn::GetAtt": ["Function", "Arn"]}
    properties = {"Action": action, "FunctionName": function, "Principal": "*", **condition}
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}


MARK = {
    "version": 1,
    "url_output": "Url",
    "team_id": "T0HAND",
    "app_id": "A0HAND",
    "signing_secret_parameter": "/hand/signing-secret",
    "bot_token_parameter": "/hand/bot-token",
}

FIND_INSTANCES = {
    "StartAt": "Find",
    "States": {
        "Find": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:ssm:describeInstanceInformation",
            "Parameters": {"Filters": [{"Key": "tag:Role", "Values": ["web"]}]},
            "End": True,
        }
    },
}

TEMPLATE = {
    "Resources": {
        "FunctionRole": role("lambda", "ssm:GetParameter"),
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.12",
                "Handler": "index.handler",
                "Code": {"ZipFile": FUNCTION},
                "Role": {"Fn::GetAtt": ["FunctionRole", "Arn"]},
                "Timeout": 20,
            },
            "Metadata": {"chatops:endpoint": MARK},
        },
        "FunctionUrl": {
            "Type": "AWS::Lambda::Url",
            "Properties": {"AuthType": "NONE", "TargetFunctionArn": {"Fn::GetAtt": ["Function", "Arn"]}},
        },
        # https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html: a public URL needs both.
        "UrlPermission": public("lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE"),
        "InvokePermission": public("lambda:InvokeFunction", InvokedViaFunctionUrl=True),
        "MachineRole": role("states", "ssm:DescribeInstanceInformation"),
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": {"Fn::GetAtt": ["MachineRole", "Arn"]},
                "DefinitionString": json.dumps(FIND_INSTANCES),
            },
        },
        "InstancePolicy": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": allow("ssm:UpdateInstanceInformation")},
            "Metadata": {"chatops:instance-policy": {"version": 1}},
        },
    },
    "Outputs": {"Url": {"Value": {"Fn::GetAtt": ["FunctionUrl", "FunctionUrl"]}}},
}


@pytest.fixture(scope="module")
def assembly(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cdk.out")
    (folder / "Hand.template.json").write_text(json.dumps(TEMPLATE))
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Hand.template.json"}}
    (folder / "manifest.json").write_text(json.dumps({"version": "55.0.0", "artifacts": {"Hand": stack}}))
    return folder


@pytest.fixture(scope="module")
def cloud(assembly):
    with LocalCloud.start(time_scale=0.1) as cloud:
        cloud.deploy(assembly)
        yield cloud


def test_a_command_there_and_back(cloud):
    sent = cloud.slack.send("/hand Grüße 世界")
    (result,) = sent.wait(20)
    answer = json.loads(result.text)
    assert sent.ack.text == "on it"
    assert answer["text"] == "Grüße 世界"
    assert answer["secret"] == 32
    assert "403" in answer["outside"]
    assert any("example.com:443" in note for note in cloud.slack.notes)
    assert cloud.problems_of(sent) == []


def test_secrets_are_encrypted_parameters(cloud):
    app = cloud.slack.workspace.endpoint().app
    for name, value in (("/hand/signing-secret", app.signing_secret), ("/hand/bot-token", app.bot_token)):
        parameter = cloud.server.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
        assert (parameter["Type"], parameter["Value"]) == ("SecureString", value)


def test_two_instances_for_the_tag_with_the_apps_policy(cloud):
    assert list(cloud.instances) == ["web-1", "web-2"]
    tagged = cloud.server.client("ssm").describe_instance_information(Filters=[{"Key": "tag:Role", "Values": ["web"]}])
    assert {each["InstanceId"] for each in tagged["InstanceInformationList"]} == set(cloud.instances.values())
    attached = cloud.server.client("iam").list_attached_role_policies(RoleName="chatops-local-instance")
    assert len(attached["AttachedPolicies"]) == 1


def test_deployed_again_nothing_is_doubled(cloud, assembly):
    app = cloud.slack.workspace.endpoint().app
    cloud.deploy(assembly)
    assert cloud.slack.workspace.endpoint().app is app
    assert list(cloud.instances) == ["web-1", "web-2"]
    assert cloud.slack.send("/hand again").wait(20)


def test_a_name_twice(cloud):
    with pytest.raises(ValueError, match="instance 'web-1': the name is taken"):
        cloud.add_instance(InstanceSpec("web-1"))
