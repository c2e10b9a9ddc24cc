"""One app in two regions: what is regional is in one of them, and functions call from one into the other."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import Server, UnsupportedError
from tests.local.ministack.sites import get_att, ip_set, put, rule, site, web_acl
from tests.local.ministack.stacks import WRITE_LOGS, allow, document, function, machine, role, template, write_assembly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chatops_local.server import DeployedStack

TOKYO, VIRGINIA = "ap-northeast-1", "us-east-1"
SET = "arn:aws:wafv2:us-east-1:123456789012:global/ipset/switch/*"
VIRGINIAN_TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/state"
TOKYO_TABLE = "arn:aws:dynamodb:ap-northeast-1:123456789012:table/state"

CALLER = """
import os, boto3
def handler(event, context):
    client = boto3.client(event["service"], **({"region_name": event["region"]} if "region" in event else {}))
    try:
        answer = getattr(client, event["call"])(**event["request"])
    except client.exceptions.ClientError as error:
        return {"error": error.response["Error"]["Code"]}
    answer.pop("ResponseMetadata")
    answer.pop("Payload", None)
    return {"region": os.environ["AWS_REGION"], "answer": answer, "arn": context.invoked_function_arn}
"""


def table() -> dict[str, Any]:
    key = {"AttributeName": "id", "AttributeType": "S"}
    schema = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [key]}
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {"TableName": "state", "BillingMode": "PAY_PER_REQUEST", **schema},
    }


def queue_and_reader(role_id: str) -> dict[str, Any]:
    """A queue, and a function that writes what it gets from it into the table."""
    code = (
        "import boto3\n"
        "def handler(event, context):\n"
        "    for record in event['Records']:\n"
        "        item = {'id': {'S': record['body']}, 'region': {'S': record['awsRegion']}}\n"
        "        boto3.client('dynamodb').put_item(TableName='state', Item=item)\n"
    )
    source = {"EventSourceArn": get_att("Queue"), "FunctionName": {"Ref": "Reader"}}
    return {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "work", "VisibilityTimeout": 60}},
        "Reader": function(code, role_id),
        "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": source},
    }


def machine_and_rule(region: str) -> dict[str, Any]:
    """A state machine that writes into the table, and a rule that sends a word to the queue when it has ended."""
    item = {"id": {"S": "{% $states.input.id %}"}}
    states = {
        "Write": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Arguments": {"TableName": "state", "Item": item},
            "Output": "{% $states.context.Execution.Id %}",
            "End": True,
        }
    }
    pattern = {"source": ["aws.states"], "detail": {"stateMachineArn": [{"Ref": "Machine"}], "status": ["SUCCEEDED"]}}
    template_of_input = {"InputPathsMap": {}, "InputTemplate": f"ended-{region}"}
    target = {"Id": "queue", "Arn": get_att("Queue"), "InputTransformer": template_of_input}
    sending = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": get_att("Queue"),
    }
    policy = {"Queues": [{"Ref": "Queue"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [sending]}}
    table_arn = f"arn:aws:dynamodb:{region}:123456789012:table/state"
    return {
        "MachineRole": role("states", allow("dynamodb:PutItem", table_arn)),
        "Machine": machine("MachineRole", states),
        "Ended": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern, "Targets": [target]}},
        "QueuePolicy": {"Type": "AWS::SQS::QueuePolicy", "Properties": policy},
    }


def poll(region: str) -> dict[str, Any]:
    actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    return allow(actions, f"arn:aws:sqs:{region}:123456789012:work")


def tokyo() -> dict[str, Any]:
    rights = [
        WRITE_LOGS,
        allow(["wafv2:GetIPSet", "wafv2:UpdateIPSet"], SET),
        allow(["dynamodb:PutItem", "dynamodb:GetItem"], TOKYO_TABLE),
        allow("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:virginian"),
        allow("states:StartExecution", "arn:aws:states:ap-northeast-1:123456789012:stateMachine:*"),
        allow(
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], "arn:aws:sqs:ap-northeast-1:*:work"
        ),
    ]
    return {
        "Role": role("lambda", *rights),
        "Caller": function(CALLER, "Role", FunctionName="caller"),
        "State": table(),
        **machine_and_rule(TOKYO),
        **queue_and_reader("Role"),
    }


def virginia() -> dict[str, Any]:
    blocked = {"Block": {"CustomResponse": {"ResponseCode": 503}}}
    switch = ip_set()
    switch["Properties"]["Name"] = "switch"
    statement = {"IPSetReferenceStatement": {"Arn": get_att("Switch")}}
    acl = web_acl(rule("Switch", statement, blocked))
    return site(
        rule("Switch", statement, blocked),
        WebAcl=acl,
        Switch=switch,
        State=table(),
        Role=role(
            "lambda", WRITE_LOGS, allow(["dynamodb:GetItem", "dynamodb:PutItem"], VIRGINIAN_TABLE), poll(VIRGINIA)
        ),
        **queue_and_reader("Role"),
        **machine_and_rule(VIRGINIA),
        Caller=function(CALLER, "Role", FunctionName="virginian"),
    )


@pytest.fixture(scope="module")
def cloud() -> Iterator[Server]:
    with Server.start(time_scale=0.05, region=TOKYO) as started:
        yield started


@pytest.fixture(scope="module")
def stacks(cloud: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, DeployedStack]:
    directory = tmp_path_factory.mktemp("regions")
    assembly = write_assembly(directory, {"Tokyo": template(tokyo()), "Virginia": template(virginia())})
    manifest = json.loads((assembly / "manifest.json").read_text())
    manifest["artifacts"]["Virginia"]["environment"] = f"aws://123456789012/{VIRGINIA}"
    (assembly / "manifest.json").write_text(json.dumps(manifest))
    deployed = cloud.deploy_all(assembly)
    put(cloud, deployed["Virginia"], index_html="<h1>up</h1>")
    return deployed


def call(cloud: Server, function_name: str, where: str, event: dict[str, Any]) -> dict[str, Any]:
    client = cloud.client("lambda", where)
    answer = client.invoke(FunctionName=function_name, Payload=json.dumps(event))
    found: dict[str, Any] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, found
    return found


def test_each_stack_is_in_its_region(cloud: Server, stacks: dict[str, DeployedStack]):
    assert {name: stack.region for name, stack in stacks.items()} == {"Tokyo": TOKYO, "Virginia": VIRGINIA}
    for region, name in ((TOKYO, "Tokyo"), (VIRGINIA, "Virginia")):
        listed = cloud.client("cloudformation", region).describe_stacks()["Stacks"]
        assert [stack["StackName"] for stack in listed] == [name]
        assert listed[0]["StackId"].split(":")[3] == region


def test_what_is_regional_is_not_seen_from_elsewhere(cloud: Server, stacks: dict[str, DeployedStack]):
    for region, name in ((TOKYO, "caller"), (VIRGINIA, "virginian")):
        functions = cloud.client("lambda", region).list_functions()["Functions"]
        assert name in [each["FunctionName"] for each in functions]
        assert all(each["FunctionArn"].split(":")[3] == region for each in functions)
    assert cloud.client("sqs", TOKYO).list_queues()["QueueUrls"]
    for region in (TOKYO, VIRGINIA):
        (url,) = cloud.client("sqs", region).list_queues()["QueueUrls"]
        attributes = cloud.client("sqs", region).get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        assert attributes["Attributes"]["QueueArn"].split(":")[3] == region
    assert cloud.client("wafv2", VIRGINIA).list_ip_sets(Scope="CLOUDFRONT")["IPSets"]
    assert cloud.client("wafv2", TOKYO).list_ip_sets(Scope="REGIONAL")["IPSets"] == []


def test_tables_of_one_name_are_two_tables(cloud: Server, stacks: dict[str, DeployedStack]):
    key = {"id": {"S": "where"}}
    for region in (TOKYO, VIRGINIA):
        cloud.client("dynamodb", region).put_item(TableName="state", Item={**key, "region": {"S": region}})
    request = {"service": "dynamodb", "call": "get_item", "request": {"TableName": "state", "Key": key}}
    assert call(cloud, "caller", TOKYO, request)["answer"]["Item"]["region"]["S"] == TOKYO
    assert call(cloud, "virginian", VIRGINIA, request)["answer"]["Item"]["region"]["S"] == VIRGINIA


def test_a_function_is_told_its_own_region(cloud: Server, stacks: dict[str, DeployedStack]):
    request = {"service": "dynamodb", "call": "get_item", "request": {"TableName": "state", "Key": {"id": {"S": "x"}}}}
    for region, name in ((TOKYO, "caller"), (VIRGINIA, "virginian")):
        found = call(cloud, name, region, request)
        assert (found["region"], found["arn"].split(":")[3]) == (region, region)


def test_permissions_are_those_of_the_region_that_is_called(cloud: Server, stacks: dict[str, DeployedStack]):
    request = {"service": "dynamodb", "call": "get_item", "request": {"TableName": "state", "Key": {"id": {"S": "x"}}}}
    assert "answer" in call(cloud, "caller", TOKYO, {**request, "region": TOKYO})
    assert call(cloud, "caller", TOKYO, {**request, "region": VIRGINIA})["error"] == "AccessDeniedException"
    assert "answer" in call(cloud, "virginian", VIRGINIA, request)
    assert call(cloud, "virginian", VIRGINIA, {**request, "region": TOKYO})["error"] == "AccessDeniedException"


def test_a_function_invokes_one_in_the_other_region(cloud: Server, stacks: dict[str, DeployedStack]):
    request = {"service": "lambda", "call": "invoke", "request": {"FunctionName": "virginian", "Payload": "{}"}}
    assert call(cloud, "caller", TOKYO, {**request, "region": VIRGINIA})["answer"]["StatusCode"] == 200
    # There is none of that name here, and no permission for it either.
    assert call(cloud, "caller", TOKYO, request)["error"] == "AccessDeniedException"


def test_an_endpoint_in_tokyo_switches_a_site_in_virginia(cloud: Server, stacks: dict[str, DeployedStack]):
    front = cloud.client("cloudfront").get_distribution(Id=stacks["Virginia"].resource("Distribution"))["Distribution"]
    assert cloud.edge.get(front["DomainName"]).text == "<h1>up</h1>"
    name, set_id, scope = stacks["Virginia"].resource("Switch").split("|")
    which = {"Name": name, "Id": set_id, "Scope": scope}
    waf = {"service": "wafv2", "region": VIRGINIA}
    token = call(cloud, "caller", TOKYO, {**waf, "call": "get_ip_set", "request": which})["answer"]["LockToken"]
    change = {**which, "Addresses": ["0.0.0.0/1", "128.0.0.0/1"], "LockToken": token}
    assert "answer" in call(cloud, "caller", TOKYO, {**waf, "call": "update_ip_set", "request": change})
    assert cloud.edge.get(front["DomainName"]).status == 503
    # From its own region's endpoint the set is not to be had.
    here = {**waf, "region": TOKYO, "call": "get_ip_set", "request": which}
    assert call(cloud, "caller", TOKYO, here)["error"] in ("AccessDeniedException", "WAFInvalidParameterException")


@pytest.mark.parametrize(("region", "stack"), [(TOKYO, "Tokyo"), (VIRGINIA, "Virginia")])
def test_a_state_machine_works_in_its_region(cloud: Server, stacks: dict[str, DeployedStack], region: str, stack: str):
    states, arn = cloud.client("stepfunctions", region), stacks[stack].resource("Machine")
    assert arn.split(":")[3] == region
    given = {"id": f"machine-{region}"}
    execution = states.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]
    while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(0.02)
    assert (found["status"], json.loads(found["output"])) == ("SUCCEEDED", execution)
    assert [each.arn for each in cloud.executions(arn)] == [execution]
    # The end of an execution is an event of its region, and a rule of its region sends it to a queue of its region.
    wait_for(cloud, region, f"ended-{region}")
    key, elsewhere = {"id": {"S": given["id"]}}, VIRGINIA if region == TOKYO else TOKYO
    assert "Item" in cloud.client("dynamodb", region).get_item(TableName="state", Key=key)
    assert "Item" not in cloud.client("dynamodb", elsewhere).get_item(TableName="state", Key=key)


def wait_for(cloud: Server, region: str, item_id: str) -> dict[str, Any]:
    """The item, once a function has written it."""
    table, key = cloud.client("dynamodb", region), {"id": {"S": item_id}}
    deadline = time.monotonic() + 20
    while "Item" not in (found := table.get_item(TableName="state", Key=key)) and time.monotonic() < deadline:
        time.sleep(0.05)
    item: dict[str, Any] = found["Item"]
    return item


@pytest.mark.parametrize("region", [TOKYO, VIRGINIA])
def test_queues_are_read_in_their_region(cloud: Server, stacks: dict[str, DeployedStack], region: str):
    sqs, key = cloud.client("sqs", region), {"id": {"S": f"sent-in-{region}"}}
    sqs.send_message(QueueUrl=sqs.list_queues()["QueueUrls"][0], MessageBody=key["id"]["S"])
    assert wait_for(cloud, region, key["id"]["S"])["region"]["S"] == region
    elsewhere = VIRGINIA if region == TOKYO else TOKYO
    assert "Item" not in cloud.client("dynamodb", elsewhere).get_item(TableName="state", Key=key)


def test_logs_are_in_the_region_of_the_function(cloud: Server, stacks: dict[str, DeployedStack]):
    for region, name in ((TOKYO, "caller"), (VIRGINIA, "virginian")):
        groups = cloud.client("logs", region).describe_log_groups()["logGroups"]
        assert f"/aws/lambda/{name}" in [group["logGroupName"] for group in groups]


def test_a_stack_is_deleted_where_it_is(cloud: Server, tmp_path: Path):
    assembly = write_assembly(tmp_path, {"Short": template({"Set": ip_set()})})
    manifest = json.loads((assembly / "manifest.json").read_text())
    manifest["artifacts"]["Short"]["environment"] = f"aws://123456789012/{VIRGINIA}"
    (assembly / "manifest.json").write_text(json.dumps(manifest))
    stack = cloud.deploy(assembly)
    cloud.destroy(stack)
    stacks = cloud.client("cloudformation", VIRGINIA).describe_stacks()["Stacks"]
    assert "Short" not in [each["StackName"] for each in stacks]


def test_run_command_and_schedules_are_in_the_cloud_s_own_region_only(cloud: Server, tmp_path: Path):
    assembly = write_assembly(tmp_path, {"Far": template({"Script": document("true")})})
    manifest = json.loads((assembly / "manifest.json").read_text())
    manifest["artifacts"]["Far"]["environment"] = f"aws://123456789012/{VIRGINIA}"
    (assembly / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UnsupportedError, match=r"Script .*emulated in the local cloud's own region only"):
        cloud.deploy(assembly)
