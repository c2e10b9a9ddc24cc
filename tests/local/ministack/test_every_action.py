"""Every action that the guard admits is one that something is refused without: a canary each way for each of them.

Where calls of an API need it: with everything that is admitted the call succeeds, with all but the one action it is
denied by that action's name. https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from chatops_local.server.guard.policies import CHECKED_ACTIONS
from tests.local.ministack.callers import ANYBODY_HERE
from tests.local.ministack.stacks import (
    ACCOUNT,
    WRITE_LOGS,
    allow,
    arn,
    deploy,
    document,
    finish,
    function,
    machine,
    role,
    start,
)
from tests.local.trust.behaviours import API_CALL, TABLE_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.server import DeployedStack, Server

TABLE = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
ITEM = {"id": {"S": "one"}}
OWN = {"Effect": "Allow", "Principal": ANYBODY_HERE, "Action": "kms:*", "Resource": "*"}
DONE = {"Done": {"Type": "Pass", "End": True}}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    express = machine("Idle", DONE)
    express["Properties"]["StateMachineType"] = "EXPRESS"
    key = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}
    set_properties = {"Name": "Every", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": []}
    resources = {
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [OWN]}},
        },
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": TABLE},
        "Locked": {"Type": "AWS::DynamoDB::Table", "Properties": {**TABLE, "SSESpecification": key}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
        "Dead": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 9}
            },
        },
        "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "/every/secret", "SecretString": "s"}},
        "Idle": role("states"),
        "Taken": role(ANYBODY_HERE),
        "Machine": machine("Idle", DONE),
        "Waits": machine("Idle", {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}),
        "Express": express,
        "FunctionRole": role("lambda", WRITE_LOGS),
        "Function": function("def handler(event, context): return 1", "FunctionRole"),
        "Document": document("true", Name="every-document"),
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/every/logs"}},
        "Value": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/every/one", "Type": "String", "Value": "1"}},
        "Set": {"Type": "AWS::WAFv2::IPSet", "Properties": set_properties},
    }
    return deploy(server, tmp_path_factory.mktemp("every"), "Every", resources)


@pytest.fixture(scope="module")
def command(server: Server, stack: DeployedStack) -> dict[str, str]:
    """A command that was sent, and where to."""
    instance = server.add_instance("every-1")
    sent = server.client("ssm").send_command(DocumentName=stack.resource("Document"), InstanceIds=[instance])
    return {"CommandId": sent["Command"]["CommandId"], "InstanceId": instance}


@pytest.fixture(scope="module")
def execution(server: Server, stack: DeployedStack) -> str:
    arn_of_it = start(server, stack.resource("Machine"))
    finish(server, arn_of_it)
    return arn_of_it


class Caller:
    """Somebody who has all the rights that the guard admits but some."""

    def __init__(self, server: Server, stack: DeployedStack, command: dict[str, str], execution: str) -> None:
        self.server, self.stack, self.command, self.execution = server, stack, command, execution
        self.without: frozenset[str] = frozenset()

    def client(self, service: str) -> Any:
        iam, name = self.server.client("iam"), f"every-{uuid.uuid4().hex[:12]}"
        trust = role(ANYBODY_HERE)["Properties"]["AssumeRolePolicyDocument"]
        policy = {"Version": "2012-10-17", "Statement": [allow(sorted(CHECKED_ACTIONS - self.without))]}
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName=name, PolicyName="policy", PolicyDocument=json.dumps(policy))
        caller = self.server.role_credentials(name)
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.server.endpoint_url,
            region_name=self.server.region,
            aws_access_key_id=caller.access_key_id,
            aws_secret_access_key=caller.secret_access_key,
            aws_session_token=caller.session_token,
            config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
        )

    def name(self, logical_id: str) -> str:
        return self.stack.resource(logical_id)

    def receipt(self) -> dict[str, str]:
        sqs, url = self.server.client("sqs"), self.name("Queue")
        sqs.send_message(QueueUrl=url, MessageBody="m")
        received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]
        return {"QueueUrl": url, "ReceiptHandle": received["ReceiptHandle"]}

    def ip_set(self) -> dict[str, str]:
        name, set_id, scope = self.name("Set").split("|")
        return {"Name": name, "Id": set_id, "Scope": scope}


@pytest.fixture
def caller(server: Server, stack: DeployedStack, command: dict[str, str], execution: str) -> Caller:
    return Caller(server, stack, command, execution)


def dynamodb(operation: str, **arguments: Any) -> Callable[[Caller], Any]:
    return lambda caller: getattr(caller.client("dynamodb"), operation)(TableName=caller.name("Table"), **arguments)


def ssm(operation: str, **arguments: Any) -> Callable[[Caller], Any]:
    return lambda caller: getattr(caller.client("ssm"), operation)(**arguments)


def of_machine(operation: str, logical_id: str = "Machine") -> Callable[[Caller], Any]:
    return lambda caller: getattr(caller.client("stepfunctions"), operation)(stateMachineArn=caller.name(logical_id))


def of_execution(operation: str) -> Callable[[Caller], Any]:
    return lambda caller: getattr(caller.client("stepfunctions"), operation)(executionArn=caller.execution)


def of_token(operation: str, **arguments: str) -> Callable[[Caller], Any]:
    return lambda caller: getattr(caller.client("stepfunctions"), operation)(taskToken="nobody's", **arguments)


def of_queue(operation: str, **arguments: Any) -> Callable[[Caller], Any]:
    return lambda caller: getattr(caller.client("sqs"), operation)(QueueUrl=caller.name("Queue"), **arguments)


def of_dead_letters(operation: str) -> Callable[[Caller], Any]:
    return lambda caller: getattr(caller.client("sqs"), operation)(SourceArn=arn("sqs", queue_name(caller, "Dead")))


def queue_name(caller: Caller, logical_id: str) -> str:
    return caller.name(logical_id).rpartition("/")[2]


def of_secret(operation: str) -> Callable[[Caller], Any]:
    return lambda caller: getattr(caller.client("secretsmanager"), operation)(SecretId="/every/secret")


def of_logs(operation: str, **arguments: Any) -> Callable[[Caller], Any]:
    return lambda caller: getattr(caller.client("logs"), operation)(logGroupName="/every/logs", **arguments)


def checking(caller: Caller) -> None:
    check = {"TableName": caller.name("Table"), "Key": ITEM, "ConditionExpression": "attribute_not_exists(nothing)"}
    caller.client("dynamodb").transact_write_items(TransactItems=[{"ConditionCheck": check}])


def writing_logs(caller: Caller) -> None:
    stream = uuid.uuid4().hex
    caller.server.client("logs").create_log_stream(logGroupName="/every/logs", logStreamName=stream)
    event = {"timestamp": 1, "message": "m"}
    caller.client("logs").put_log_events(logGroupName="/every/logs", logStreamName=stream, logEvents=[event])


QUERY = {"logGroupName": "/every/logs", "queryString": "fields @message", "startTime": 0, "endTime": 1}


def query(server: Server) -> str:
    made: str = server.client("logs").start_query(**QUERY)["queryId"]
    return made


def stopping(caller: Caller) -> None:
    execution = start(caller.server, caller.name("Waits"))
    caller.client("stepfunctions").stop_execution(executionArn=execution)


def creating_a_set(caller: Caller) -> None:
    caller.client("wafv2").create_ip_set(
        Name=f"Every{uuid.uuid4().hex}", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=[]
    )


def updating_a_set(caller: Caller) -> None:
    token = caller.server.client("wafv2").get_ip_set(**caller.ip_set())["LockToken"]
    caller.client("wafv2").update_ip_set(**caller.ip_set(), LockToken=token, Addresses=[])


def deleting_a_set(caller: Caller) -> None:
    which = {"Name": f"Every{uuid.uuid4().hex}", "Scope": "REGIONAL"}
    made = caller.server.client("wafv2").create_ip_set(**which, IPAddressVersion="IPV4", Addresses=[])["Summary"]
    caller.client("wafv2").delete_ip_set(**which, Id=made["Id"], LockToken=made["LockToken"])


EVENT = {"Source": "every", "DetailType": "d", "Detail": "{}"}


def of_pipeline(operation: str, parameter: str) -> Callable[[Caller], Any]:
    def call(caller: Caller) -> None:
        caller.server.pipelines.add("every", {"Source": ["Repository"], "Gate": ["Approve"]})
        getattr(caller.client("codepipeline"), operation)(**{parameter: "every"})

    return call


def approving(caller: Caller) -> None:
    caller.server.pipelines.add("every", {"Source": ["Repository"], "Gate": ["Approve"]})
    waiting = caller.server.pipelines.wait_for_approval("every", "Gate")
    caller.client("codepipeline").put_approval_result(
        pipelineName="every",
        stageName="Gate",
        actionName="Approve",
        token=waiting.token,
        result={"status": "Approved", "summary": "s"},
    )


CALLS: dict[str, Callable[[Caller], Any]] = {
    "codepipeline:GetPipelineState": of_pipeline("get_pipeline_state", "name"),
    "codepipeline:ListActionExecutions": of_pipeline("list_action_executions", "pipelineName"),
    "codepipeline:PutApprovalResult": approving,
    "dynamodb:ConditionCheckItem": checking,
    "dynamodb:DeleteItem": dynamodb("delete_item", Key=ITEM),
    "dynamodb:GetItem": dynamodb("get_item", Key=ITEM),
    "dynamodb:PutItem": dynamodb("put_item", Item=ITEM),
    "dynamodb:Query": dynamodb(
        "query", KeyConditionExpression="id = :id", ExpressionAttributeValues={":id": {"S": "one"}}
    ),
    "dynamodb:Scan": dynamodb("scan"),
    "dynamodb:UpdateItem": dynamodb("update_item", Key=ITEM),
    "events:PutEvents": lambda caller: caller.client("events").put_events(Entries=[EVENT]),
    "lambda:GetFunctionConfiguration": lambda caller: caller.client("lambda").get_function_configuration(
        FunctionName=caller.name("Function")
    ),
    "lambda:InvokeFunction": lambda caller: caller.client("lambda").invoke(FunctionName=caller.name("Function")),
    "logs:CreateLogStream": of_logs("create_log_stream", logStreamName="new"),
    "logs:DescribeLogGroups": lambda caller: caller.client("logs").describe_log_groups(logGroupNamePrefix="/every"),
    "logs:DescribeLogStreams": of_logs("describe_log_streams"),
    "logs:FilterLogEvents": of_logs("filter_log_events"),
    "logs:GetQueryResults": lambda caller: caller.client("logs").get_query_results(queryId=query(caller.server)),
    "logs:PutLogEvents": writing_logs,
    "logs:StartQuery": lambda caller: caller.client("logs").start_query(**QUERY),
    "logs:StopQuery": lambda caller: caller.client("logs").stop_query(queryId=query(caller.server)),
    "secretsmanager:DescribeSecret": of_secret("describe_secret"),
    "secretsmanager:GetSecretValue": of_secret("get_secret_value"),
    "sns:Publish": lambda caller: caller.client("sns").publish(TopicArn=caller.name("Topic"), Message="m"),
    "sqs:ChangeMessageVisibility": lambda caller: caller.client("sqs").change_message_visibility(
        **caller.receipt(), VisibilityTimeout=60
    ),
    "sqs:DeleteMessage": lambda caller: caller.client("sqs").delete_message(**caller.receipt()),
    "sqs:GetQueueAttributes": of_queue("get_queue_attributes", AttributeNames=["All"]),
    "sqs:GetQueueUrl": lambda caller: caller.client("sqs").get_queue_url(QueueName=queue_name(caller, "Queue")),
    "sqs:ListMessageMoveTasks": of_dead_letters("list_message_move_tasks"),
    "sqs:ReceiveMessage": of_queue("receive_message"),
    "sqs:SendMessage": of_queue("send_message", MessageBody="m"),
    "sqs:StartMessageMoveTask": of_dead_letters("start_message_move_task"),
    "ssm:CancelCommand": lambda caller: caller.client("ssm").cancel_command(CommandId=caller.command["CommandId"]),
    "ssm:DescribeDocument": ssm("describe_document", Name="every-document"),
    "ssm:DescribeInstanceInformation": ssm("describe_instance_information"),
    "ssm:DescribeParameters": ssm("describe_parameters"),
    "ssm:GetCommandInvocation": lambda caller: caller.client("ssm").get_command_invocation(**caller.command),
    "ssm:GetDocument": ssm("get_document", Name="every-document"),
    "ssm:GetParameter": ssm("get_parameter", Name="/every/one"),
    "ssm:GetParameterHistory": ssm("get_parameter_history", Name="/every/one"),
    "ssm:GetParameters": ssm("get_parameters", Names=["/every/one"]),
    "ssm:GetParametersByPath": ssm("get_parameters_by_path", Path="/every"),
    "ssm:ListCommandInvocations": ssm("list_command_invocations"),
    "ssm:ListCommands": ssm("list_commands"),
    "ssm:PutParameter": ssm("put_parameter", Name="/every/two", Value="2", Type="String", Overwrite=True),
    "ssm:SendCommand": lambda caller: caller.client("ssm").send_command(
        DocumentName="every-document", InstanceIds=[caller.command["InstanceId"]]
    ),
    "states:DescribeExecution": of_execution("describe_execution"),
    "states:DescribeStateMachine": of_machine("describe_state_machine"),
    "states:GetExecutionHistory": of_execution("get_execution_history"),
    "states:ListExecutions": of_machine("list_executions"),
    "states:SendTaskFailure": of_token("send_task_failure"),
    "states:SendTaskHeartbeat": of_token("send_task_heartbeat"),
    "states:SendTaskSuccess": of_token("send_task_success", output="{}"),
    "states:StartExecution": of_machine("start_execution"),
    "states:StartSyncExecution": of_machine("start_sync_execution", "Express"),
    "states:StopExecution": stopping,
    "sts:AssumeRole": lambda caller: caller.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{caller.name('Taken')}", RoleSessionName="every"
    ),
    "wafv2:CreateIPSet": creating_a_set,
    "wafv2:DeleteIPSet": deleting_a_set,
    "wafv2:GetIPSet": lambda caller: caller.client("wafv2").get_ip_set(**caller.ip_set()),
    "wafv2:ListIPSets": lambda caller: caller.client("wafv2").list_ip_sets(Scope="REGIONAL"),
    "wafv2:UpdateIPSet": updating_a_set,
}
PAST_THE_CHECK = {
    "logs:StopQuery": "InvalidParameterException",
    "states:SendTaskFailure": "InvalidToken",
    "states:SendTaskHeartbeat": "InvalidToken",
    "states:SendTaskSuccess": "InvalidToken",
}
"""Let, and then refused: the query is over, nobody waits for the token."""


@API_CALL.allow("{action}")
@pytest.mark.parametrize("action", CALLS)
def test_with_every_right_the_call_succeeds(caller: Caller, action: str):
    if action in PAST_THE_CHECK:
        with pytest.raises(ClientError, match=PAST_THE_CHECK[action]):
            CALLS[action](caller)
        return
    CALLS[action](caller)


@API_CALL.deny("{action}")
@pytest.mark.parametrize("action", CALLS)
def test_without_the_one_right_the_call_is_denied(caller: Caller, action: str):
    caller.without = frozenset({action})
    with pytest.raises(ClientError, match=f"is not authorized to perform: {action} "):
        CALLS[action](caller)


USES_OF_A_KEY = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
]


def put_into_the_locked_table(caller: Caller) -> None:
    caller.client("dynamodb").put_item(TableName=caller.name("Locked"), Item=ITEM)


@TABLE_KEY.allow(*USES_OF_A_KEY)
def test_who_has_the_key_writes_into_the_table(caller: Caller):
    put_into_the_locked_table(caller)


@TABLE_KEY.deny("{action}")
@pytest.mark.parametrize("action", USES_OF_A_KEY)
def test_who_lacks_a_right_to_the_key_does_not(caller: Caller, action: str):
    # The pattern would allow kms:GenerateDataKey as well.
    caller.without = frozenset({action, "kms:GenerateDataKey*"})
    with pytest.raises(ClientError, match=f"is not authorized to perform: {action} "):
        put_into_the_locked_table(caller)
