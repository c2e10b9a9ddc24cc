"""Canaries both ways: each integration on each pattern, with a role that may and with one that may not.

https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.local.ministack.stacks import (
    WRITE_LOGS,
    allow,
    arn,
    deny,
    deploy,
    document,
    finish,
    function,
    machine,
    role,
    start,
)
from tests.local.trust.behaviours import TASK_ROLE, TRUST_OF_MACHINES

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

FOLLOW = [
    allow(["states:DescribeExecution", "states:StopExecution"], arn("states", "execution:*")),
    allow(["events:PutTargets", "events:PutRule", "events:DescribeRule"], arn("events", "rule/StepFunctions*")),
]
TAGGED = {"StringEquals": {"ssm:resourceTag/Role": "web"}}
INSTANCES = arn("ec2", "instance/*")
SEND = {"DocumentName": {"Ref": "Document"}, "Targets": [{"Key": "tag:Role", "Values": ["web"]}]}
FUNCTION, DOCUMENT, TOPIC = {"Fn::GetAtt": ["Function", "Arn"]}, arn("ssm", "document/perm-document"), {"Ref": "Topic"}
CHILD, QUEUE, TABLE = {"Ref": "Child"}, {"Fn::GetAtt": ["Queue", "Arn"]}, {"Fn::GetAtt": ["Table", "Arn"]}


@dataclass(frozen=True)
class Integration:
    """One kind of task: what its role needs, and the error that it gets without."""

    resource: str
    arguments: dict[str, Any]
    allowed: list[dict[str, Any]]
    denied: list[dict[str, Any]]
    error: str
    action: str


def sdk(name: str, arguments: dict[str, Any], actions: str, resource: Any, error: str, **others: Any) -> Integration:
    other = arn("ssm", "document/other") if resource != "*" else arn("ssm", "nothing")
    return Integration(
        f"arn:aws:states:::aws-sdk:{name}",
        arguments,
        others.get("allowed") or [allow(actions, resource)],
        others.get("denied") or [allow(actions, other)],
        error,
        actions,
    )


def optimised(
    name: str, arguments: dict[str, Any], action: str, resource: Any, error: str, **others: Any
) -> Integration:
    return Integration(
        f"arn:aws:states:::{name}",
        arguments,
        [allow(action, resource), *others.get("also", [])],
        others.get("denied") or [allow("ssm:ListCommands"), *others.get("also", [])],
        error,
        action,
    )


INTEGRATIONS = {
    "FunctionArn": Integration("${Function.Arn}", {}, [allow("lambda:InvokeFunction", FUNCTION)], [],
                               "Lambda.AWSLambdaException", "lambda:InvokeFunction"),
    "Invoke": optimised("lambda:invoke", {"FunctionName": FUNCTION, "Payload": {}}, "lambda:InvokeFunction", FUNCTION,
                        "Lambda.AWSLambdaException"),
    "Publish": optimised("sns:publish", {"TopicArn": TOPIC, "Message": "m"}, "sns:Publish", TOPIC,
                         "SNS.AmazonSNSException"),
    "Queue": optimised("sqs:sendMessage", {"QueueUrl": {"Ref": "Queue"}, "MessageBody": "m"}, "sqs:SendMessage", QUEUE,
                       "SQS.AmazonSQSException"),
    "Start": optimised("states:startExecution", {"StateMachineArn": CHILD}, "states:StartExecution", CHILD,
                       "StepFunctions.AWSStepFunctionsException"),
    "Sync": optimised("states:startExecution.sync", {"StateMachineArn": CHILD}, "states:StartExecution", CHILD,
                      "StepFunctions.AWSStepFunctionsException", also=FOLLOW),
    "SyncTwo": optimised("states:startExecution.sync:2", {"StateMachineArn": CHILD}, "states:StartExecution", CHILD,
                         "StepFunctions.AWSStepFunctionsException", also=FOLLOW),
    "SyncUnfollowed": Integration("arn:aws:states:::states:startExecution.sync:2", {"StateMachineArn": CHILD},
                                  [allow("states:StartExecution", CHILD), *FOLLOW],
                                  [allow("states:StartExecution", CHILD), FOLLOW[0]],
                                  "StepFunctions.AWSStepFunctionsException", "events:PutTargets"),
    "Events": optimised("events:putEvents", {"Entries": [{"Source": "s", "DetailType": "d", "Detail": "{}"}]},
                        "events:PutEvents", arn("events", "event-bus/default"),
                        "EventBridge.AmazonEventBridgeException"),
    "PutItem": optimised("dynamodb:putItem", {"TableName": {"Ref": "Table"}, "Item": {"id": {"S": "1"}}},
                         "dynamodb:PutItem", TABLE, "DynamoDB.AmazonDynamoDBException"),
    "SdkScan": sdk("dynamodb:scan", {"TableName": {"Ref": "Table"}}, "dynamodb:Scan", TABLE,
                   "DynamoDb.DynamoDbException"),
    "SdkStart": sdk("sfn:startExecution", {"StateMachineArn": CHILD}, "states:StartExecution", CHILD,
                    "Sfn.SfnException"),
    "SdkPutEvents": sdk("eventbridge:putEvents", {"Entries": [{"Source": "s", "DetailType": "d", "Detail": "{}"}]},
                        "events:PutEvents", arn("events", "event-bus/default"), "EventBridge.AccessDeniedException"),
    "Send": sdk("ssm:sendCommand", SEND, "ssm:SendCommand", None, "Ssm.AccessDeniedException",
                allowed=[allow("ssm:SendCommand", DOCUMENT), allow("ssm:SendCommand", INSTANCES, TAGGED)],
                denied=[allow("ssm:SendCommand", arn("ssm", "document/other")),
                        allow("ssm:SendCommand", INSTANCES, TAGGED)]),
    "SendToOtherTag": sdk("ssm:sendCommand", SEND, "ssm:SendCommand", None, "Ssm.AccessDeniedException",
                          allowed=[allow("ssm:SendCommand", DOCUMENT), allow("ssm:SendCommand", INSTANCES, TAGGED)],
                          denied=[allow("ssm:SendCommand", DOCUMENT),
                                  allow("ssm:SendCommand", INSTANCES,
                                        {"StringEquals": {"ssm:resourceTag/Role": "db"}})]),
    "SendByOneStatement": sdk("ssm:sendCommand", SEND, "ssm:SendCommand", None, "Ssm.AccessDeniedException",
                              allowed=[allow("ssm:SendCommand", [DOCUMENT, INSTANCES])],
                              denied=[allow("ssm:SendCommand", [DOCUMENT, INSTANCES], TAGGED)]),
    "SendExplicitlyDenied": sdk("ssm:sendCommand", SEND, "ssm:SendCommand", None, "Ssm.AccessDeniedException",
                                allowed=[allow("ssm:SendCommand", [DOCUMENT, INSTANCES])],
                                denied=[allow("ssm:SendCommand", [DOCUMENT, INSTANCES]),
                                        deny("ssm:SendCommand", INSTANCES)]),
    "SendToNobody": sdk("ssm:sendCommand", {**SEND, "Targets": [{"Key": "tag:Role", "Values": ["nobody"]}]},
                        "ssm:SendCommand", None, "Ssm.AccessDeniedException",
                        allowed=[allow("ssm:SendCommand", DOCUMENT),
                                 allow("ssm:SendCommand", INSTANCES,
                                       {"StringEquals": {"ssm:resourceTag/Role": "nobody"}})],
                        denied=[allow("ssm:SendCommand", DOCUMENT), allow("ssm:SendCommand", INSTANCES, TAGGED)]),
    "DocumentOfAws": sdk("ssm:sendCommand", {"DocumentName": "AWS-RunShellScript", "Targets": SEND["Targets"],
                                             "Parameters": {"commands": ["true"]}},
                         "ssm:SendCommand", None, "Ssm.AccessDeniedException",
                         allowed=[allow("ssm:SendCommand", "arn:aws:ssm:us-east-1::document/AWS-RunShellScript"),
                                  allow("ssm:SendCommand", INSTANCES)],
                         denied=[allow("ssm:SendCommand", arn("ssm", "document/AWS-RunShellScript")),
                                 allow("ssm:SendCommand", INSTANCES)]),
    "ListCommands": sdk("ssm:listCommands", {}, "ssm:ListCommands", "*", "Ssm.AccessDeniedException"),
    "ListInvocations": sdk("ssm:listCommandInvocations", {}, "ssm:ListCommandInvocations", "*",
                           "Ssm.AccessDeniedException"),
    "DescribeInstances": sdk("ssm:describeInstanceInformation", {}, "ssm:DescribeInstanceInformation", "*",
                             "Ssm.AccessDeniedException"),
    "DescribeDocument": sdk("ssm:describeDocument", {"Name": "perm-document"}, "ssm:DescribeDocument", DOCUMENT,
                            "Ssm.AccessDeniedException"),
    "GetParameter": sdk("ssm:getParameter", {"Name": "/perm/value"}, "ssm:GetParameter",
                        arn("ssm", "parameter/perm/value"), "Ssm.AccessDeniedException"),
    "GetParameters": sdk("ssm:getParameters", {"Names": ["/perm/value", "/perm/other"]}, "ssm:GetParameters",
                         arn("ssm", "parameter/perm/*"), "Ssm.AccessDeniedException",
                         denied=[allow("ssm:GetParameters", arn("ssm", "parameter/perm/value"))]),
    "FilterLogs": sdk("cloudwatchlogs:filterLogEvents", {"LogGroupName": "/perm/logs"}, "logs:FilterLogEvents",
                      arn("logs", "log-group:/perm/logs:*"), "CloudWatchLogs.AccessDeniedException",
                      denied=[allow("logs:FilterLogEvents", arn("logs", "log-group:/perm/other:*"))]),
}  # fmt: skip


def substituted(value: Any) -> Any:
    """Arguments may refer to resources: in a definition, only through Fn::Sub."""
    if isinstance(value, dict) and set(value) == {"Ref"}:
        return f"${{{value['Ref']}}}"
    if isinstance(value, dict) and set(value) == {"Fn::GetAtt"}:
        return f"${{{'.'.join(value['Fn::GetAtt'])}}}"
    if isinstance(value, dict):
        return {key: substituted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [substituted(item) for item in value]
    return value


def task_machine(role_id: str, resource: str, arguments: dict[str, Any]) -> dict[str, Any]:
    task = {"Type": "Task", "Resource": resource, "Arguments": substituted(arguments), "End": True}
    built = machine(role_id, {"Task": task})
    built["Properties"]["DefinitionString"] = {"Fn::Sub": built["Properties"]["DefinitionString"]}
    return built


FIXTURES = {
    "FunctionRole": role("lambda", WRITE_LOGS),
    "Function": function("def handler(event, context): return 'ran'", "FunctionRole"),
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        },
    },
    "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/perm/logs"}},
    "Value": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/perm/value", "Type": "String", "Value": "1"}},
    "Document": document("true", Name="perm-document"),
    "NoRights": role("states"),
    "Child": machine("NoRights", {"Done": {"Type": "Pass", "End": True}}),
}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    server.add_instance("perm-web", {"Role": "web"})
    resources = dict(FIXTURES)
    for name, integration in INTEGRATIONS.items():
        resources[f"{name}Allowed"] = role("states", *integration.allowed)
        resources[f"{name}Denied"] = role("states", *integration.denied)
        for outcome in ("Allowed", "Denied"):
            resources[f"{name}{outcome}Machine"] = task_machine(
                f"{name}{outcome}", integration.resource, integration.arguments
            )
    return deploy(server, tmp_path_factory.mktemp("tasks"), "Permissions", resources)


@pytest.fixture(scope="module")
def ended(server: Server, stack: DeployedStack) -> dict[str, dict[str, Any]]:
    """Every machine, run once; all at the same time, since an execution takes its time to begin."""
    machines = [name for name in stack.physical_ids if name.endswith("Machine")]
    started = {name: start(server, stack.resource(name)) for name in machines}
    return {name: finish(server, execution) for name, execution in started.items()}


@TASK_ROLE.allow()
@TRUST_OF_MACHINES.allow()
@pytest.mark.parametrize("name", INTEGRATIONS)
def test_a_role_that_may_runs_the_task(ended: dict[str, dict[str, Any]], name: str):
    described = ended[f"{name}AllowedMachine"]
    assert described["status"] == "SUCCEEDED", described["cause"]


@TASK_ROLE.deny()
@pytest.mark.parametrize("name", INTEGRATIONS)
def test_a_role_that_may_not_gets_awss_error(ended: dict[str, dict[str, Any]], stack: DeployedStack, name: str):
    described = ended[f"{name}DeniedMachine"]
    integration = INTEGRATIONS[name]
    assert (described["status"], described["error"]) == ("FAILED", integration.error)
    session = f"assumed-role/{stack.resource(f'{name}Denied')}/"
    assert session in described["cause"]
    assert f"is not authorized to perform: {integration.action} on resource: " in described["cause"]


def test_what_was_denied_did_nothing(server: Server, ended: dict[str, dict[str, Any]]):
    allowed = [name for name in INTEGRATIONS if name.startswith("Send")]
    assert ended
    of_the_document = [{"key": "DocumentName", "value": "perm-document"}]
    sent = server.client("ssm").list_commands(Filters=of_the_document)["Commands"]
    assert len(sent) == len(allowed)


PATTERNS: dict[str, dict[str, Any]] = {
    "lambda:invoke.waitForTaskToken": {"FunctionName": FUNCTION, "Payload": {}},
    "sqs:sendMessage.waitForTaskToken": {"QueueUrl": {"Ref": "Queue"}, "MessageBody": "m"},
    "sns:publish.waitForTaskToken": {"TopicArn": TOPIC, "Message": "m"},
    "states:startExecution.waitForTaskToken": {"StateMachineArn": CHILD},
    "aws-sdk:ssm:sendCommand.waitForTaskToken": SEND,
    "aws-sdk:dynamodb:putItem.waitForTaskToken": {"TableName": {"Ref": "Table"}, "Item": {"id": {"S": "2"}}},
    "states:startExecution.sync": {"StateMachineArn": CHILD},
    "states:startExecution": {"StateMachineArn": CHILD},
    "aws-sdk:ssm:sendCommand": SEND,
    "lambda:invoke": {"FunctionName": FUNCTION},
}


@TASK_ROLE.deny()
def test_a_role_without_rights_runs_nothing_on_any_pattern(server: Server, tmp_path_factory: pytest.TempPathFactory):
    machines = {
        f"Pattern{index}": task_machine("NoRights", f"arn:aws:states:::{name}", arguments)
        for index, (name, arguments) in enumerate(PATTERNS.items())
    }
    fixtures = {**FIXTURES, "Document": document("true", Name="pattern-document")}
    del fixtures["Logs"], fixtures["Value"]
    stack = deploy(server, tmp_path_factory.mktemp("patterns"), "Patterns", {**fixtures, **machines})
    commands = len(server.client("ssm").list_commands()["Commands"])
    started = {name: start(server, stack.resource(name)) for name in machines}
    for execution in started.values():
        described = finish(server, execution)
        assert described["status"] == "FAILED"
        assert "because no identity-based policy allows" in described["cause"]
    assert server.executions(stack.resource("Child")) == []
    assert len(server.client("ssm").list_commands()["Commands"]) == commands
    attributes = server.client("sqs").get_queue_attributes(
        QueueUrl=stack.resource("Queue"), AttributeNames=["ApproximateNumberOfMessages"]
    )
    assert attributes["Attributes"]["ApproximateNumberOfMessages"] == "0"


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:states:::aws-sdk:ssm:deleteParameter",
        "arn:aws:states:::aws-sdk:rds:rebootDBInstance",
        "arn:aws:states:::aws-sdk:ssm:sendCommand.sync",
        "arn:aws:states:::batch:submitJob",
        "arn:aws:states:::http:invoke",
        "arn:aws:states:us-east-1:123456789012:activity:wait",
    ],
)
def test_what_cannot_be_checked_is_refused_by_name_and_cannot_be_caught(server: Server, resource: str):
    iam, stepfunctions = server.client("iam"), server.client("stepfunctions")
    name = f"unchecked-{abs(hash(resource))}"
    trust = role("states")["Properties"]["AssumeRolePolicyDocument"]
    everything = {"Version": "2012-10-17", "Statement": [allow("*")]}
    role_arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(everything))
    caught = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
    states = {
        "Task": {"Type": "Task", "Resource": resource, "Arguments": {}, "Catch": caught, "End": True},
        "Caught": {"Type": "Pass", "End": True},
    }
    definition = machine("unused", states)["Properties"]["DefinitionString"]
    made = stepfunctions.create_state_machine(name=name, definition=definition, roleArn=role_arn)
    described = finish(server, start(server, made["stateMachineArn"]))
    assert (described["status"], described["error"]) == ("FAILED", "States.Runtime")
    assert resource.rsplit(":::", maxsplit=1)[-1].removesuffix(".sync") in described["cause"]
