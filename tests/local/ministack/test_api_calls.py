"""Calls that a role makes itself, over HTTP, as functions do: canaries both ways."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.callers import ANYBODY_HERE, Caller
from tests.local.ministack.stacks import WRITE_LOGS, allow, arn, deploy, document, function, machine, role
from tests.local.trust.behaviours import API_CALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.server import DeployedStack, Server

CHILD = {"Ref": "Machine"}
FUNCTION = {"Fn::GetAtt": ["Function", "Arn"]}
TOPIC = {"Ref": "Topic"}
KEY = {"Fn::GetAtt": ["Key", "Arn"]}
INSTANCES = arn("ec2", "instance/*")
WEB = {"StringEquals": {"ssm:resourceTag/Role": "calls-web"}}
SECRET_ARN = arn("ssm", "parameter/calls/secret")

ALLOWED = [
    allow("ssm:GetParameter", arn("ssm", "parameter/calls/value")),
    allow("ssm:GetParameters", arn("ssm", "parameter/calls/*")),
    allow("ssm:GetParameter", SECRET_ARN),
    allow("kms:Decrypt", KEY, {"StringEquals": {"kms:EncryptionContext:PARAMETER_ARN": SECRET_ARN}}),
    allow(["ssm:SendCommand", "ssm:DescribeDocument"], arn("ssm", "document/calls-document")),
    allow("ssm:SendCommand", INSTANCES, WEB),
    allow("ssm:ListCommands"),
    allow(["states:StartExecution", "states:ListExecutions"], CHILD),
    allow("lambda:InvokeFunction", FUNCTION),
    allow("sns:Publish", TOPIC),
    allow("logs:FilterLogEvents", arn("logs", "log-group:/calls/logs:*")),
]
DENIED = [
    # Everything beside the mark.
    allow("ssm:GetParameter", arn("ssm", "parameter/calls/valu")),
    allow("ssm:GetParameters", arn("ssm", "parameter/calls/value")),
    allow("ssm:GetParameter", SECRET_ARN),
    allow("kms:Decrypt", KEY, {"StringEquals": {"kms:EncryptionContext:PARAMETER_ARN": arn("ssm", "parameter/other")}}),
    allow("ssm:SendCommand", arn("ssm", "document/calls-document")),
    allow("ssm:SendCommand", INSTANCES, {"StringEquals": {"ssm:resourceTag/Role": "db"}}),
    allow("ssm:ListCommands", arn("ssm", "document/calls-document")),
    allow("states:StartExecution", arn("states", "stateMachine:another")),
    allow("lambda:InvokeFunction", {"Fn::Sub": "${Function.Arn}:live"}),
    allow("sns:Publish", arn("sns", "another")),
    allow("logs:FilterLogEvents", arn("logs", "log-group:/calls/log")),
]


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    server.add_instance("calls-web", {"Role": "calls-web"})
    key_policy = {
        "Statement": [{"Effect": "Allow", "Principal": ANYBODY_HERE, "Action": "kms:*", "Resource": "*"}],
        "Version": "2012-10-17",
    }
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": key_policy}},
        "Value": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Name": "/calls/value", "Type": "String", "Value": "1"},
        },
        "Document": document("true", Name="calls-document"),
        "Machine": machine("Idle", {"Done": {"Type": "Pass", "End": True}}),
        "Idle": role("states"),
        "FunctionRole": role("lambda", WRITE_LOGS),
        "Function": function("def handler(event, context): return 1", "FunctionRole"),
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/calls/logs"}},
        "Allowed": role(ANYBODY_HERE, *ALLOWED),
        "Denied": role(ANYBODY_HERE, *DENIED),
    }
    deployed = deploy(server, tmp_path_factory.mktemp("calls"), "Calls", resources)
    server.client("ssm").put_parameter(
        Name="/calls/secret", Value="s", Type="SecureString", KeyId=deployed.resource("Key")
    )
    return deployed


@pytest.fixture(scope="module")
def allowed(server: Server, stack: DeployedStack) -> Caller:
    return Caller(server, stack.resource("Allowed"))


@pytest.fixture(scope="module")
def denied(server: Server, stack: DeployedStack) -> Caller:
    return Caller(server, stack.resource("Denied"))


SEND = {"DocumentName": "calls-document", "Targets": [{"Key": "tag:Role", "Values": ["calls-web"]}]}
CALLS: dict[str, Callable[[Caller, DeployedStack], Any]] = {
    "ssm:GetParameter": lambda caller, _: caller.client("ssm").get_parameter(Name="/calls/value"),
    "ssm:GetParameters": lambda caller, _: caller.client("ssm").get_parameters(Names=["/calls/value", "/calls/secret"]),
    "kms:Decrypt": lambda caller, _: caller.client("ssm").get_parameter(Name="/calls/secret", WithDecryption=True),
    "ssm:SendCommand": lambda caller, _: caller.client("ssm").send_command(**SEND),
    "ssm:DescribeDocument": lambda caller, _: caller.client("ssm").describe_document(Name="calls-document"),
    "ssm:ListCommands": lambda caller, _: caller.client("ssm").list_commands(),
    "states:StartExecution": lambda caller, stack: caller.client("stepfunctions").start_execution(
        stateMachineArn=stack.resource("Machine")
    ),
    "states:ListExecutions": lambda caller, stack: caller.client("stepfunctions").list_executions(
        stateMachineArn=stack.resource("Machine")
    ),
    "lambda:InvokeFunction": lambda caller, stack: caller.client("lambda").invoke(
        FunctionName=stack.resource("Function")
    ),
    "sns:Publish": lambda caller, stack: caller.client("sns").publish(TopicArn=stack.resource("Topic"), Message="m"),
    "logs:FilterLogEvents": lambda caller, _: caller.client("logs").filter_log_events(logGroupName="/calls/logs"),
}


@API_CALL.allow("{action}")
@pytest.mark.parametrize("action", CALLS)
def test_a_role_that_may_call_does(allowed: Caller, stack: DeployedStack, action: str):
    CALLS[action](allowed, stack)


@API_CALL.deny("{action}")
@pytest.mark.parametrize("action", CALLS)
def test_a_role_that_may_not_call_is_denied(denied: Caller, stack: DeployedStack, action: str):
    with pytest.raises(ClientError) as refused:
        CALLS[action](denied, stack)
    code = refused.value.response["Error"]["Code"]
    assert code in ("AccessDeniedException", "AccessDenied", "AuthorizationError", "AuthorizationErrorException"), code
    assert "is not authorized to perform" in str(refused.value)


def test_a_qualified_invocation_needs_the_qualified_function(denied: Caller, stack: DeployedStack):
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        # Allowed, and only then is it seen that there is no such alias.
        denied.client("lambda").invoke(FunctionName=stack.resource("Function"), Qualifier="live")


def test_a_session_token_belongs_to_its_credentials(server: Server, allowed: Caller):
    with pytest.raises(ClientError, match=r"UnrecognizedClientException|InvalidClientTokenId"):
        boto3.client(
            "ssm",
            endpoint_url=server.endpoint_url,
            region_name=server.region,
            aws_access_key_id=allowed._credentials["AccessKeyId"],
            aws_secret_access_key=allowed._credentials["SecretAccessKey"],
        ).get_parameter(Name="/calls/value")


def test_what_was_changed_in_a_role_counts_at_once(server: Server, stack: DeployedStack, allowed: Caller):
    policy = {"Version": "2012-10-17", "Statement": [allow("states:StopExecution", "*")]}
    execution = arn("states", f"execution:{stack.resource('Machine').rpartition(':')[2]}:none")

    def stop() -> None:
        allowed.client("stepfunctions").stop_execution(executionArn=execution)

    with pytest.raises(ClientError, match="AccessDenied"):
        stop()
    iam = server.client("iam")
    iam.put_role_policy(RoleName=stack.resource("Allowed"), PolicyName="more", PolicyDocument=json.dumps(policy))
    with pytest.raises(ClientError, match="ExecutionDoesNotExist"):
        stop()
