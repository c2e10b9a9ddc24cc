"""What a state machine writes into a log and a queue by itself, and what a template keeps for the console.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError
from tests.local.ministack.stacks import allow, deploy, machine, output_of, role, run

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

STREAM = "arn:aws:logs:us-east-1:123456789012:log-group:${Group}:log-stream:${Stream}"
PUT = {
    "LogGroupName": "${Group}",
    "LogStreamName": "${Stream}",
    "LogEvents": [{"Timestamp": "{% $millis() %}", "Message": "{% $string({'typed': $states.input.typed}) %}"}],
}
SEND = {
    "QueueUrl": "${Queue}",
    "MessageBody": {"parsed": "{% $parse($states.input.typed) %}", "as": "it is"},
    "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "report"}},
}


def task(role_id: str, resource: str, arguments: dict[str, Any]) -> dict[str, Any]:
    state = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{resource}",
        "Arguments": arguments,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Error %}", "Next": "End"}],
        "Output": "done",
        "Next": "End",
    }
    made = machine(role_id, {"Task": state, "End": {"Type": "Succeed"}})
    made["Properties"]["DefinitionString"] = {"Fn::Sub": made["Properties"]["DefinitionString"]}
    return made


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    send = allow("sqs:SendMessage", {"Fn::GetAtt": ["Queue", "Arn"]})
    group = {"Ref": "Group"}
    resources = {
        "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 365}},
        "Stream": {"Type": "AWS::Logs::LogStream", "Properties": {"LogGroupName": group}},
        "Query": {
            "Type": "AWS::Logs::QueryDefinition",
            "Properties": {"Name": "a/query", "QueryString": "fields @message", "LogGroupNames": [group]},
        },
        "Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardBody": '{"widgets": []}'}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Writer": role("states", allow("logs:PutLogEvents", {"Fn::Sub": STREAM}), send),
        "Other": role("states", allow("logs:PutLogEvents", {"Fn::Sub": f"{STREAM}-another"})),
        "Put": task("Writer", "aws-sdk:cloudwatchlogs:putLogEvents", PUT),
        "PutDenied": task("Other", "aws-sdk:cloudwatchlogs:putLogEvents", PUT),
        "Send": task("Writer", "sqs:sendMessage", SEND),
        "SendDenied": task("Other", "sqs:sendMessage", SEND),
    }
    return deploy(server, tmp_path_factory.mktemp("audit"), "AuditServices", resources)


def lines(server: Server, stack: DeployedStack) -> list[str]:
    group, stream = stack.resource("Group"), stack.resource("Stream")
    events = server.client("logs").get_log_events(logGroupName=group, logStreamName=stream)["events"]
    return [event["message"] for event in events]


def test_a_line_is_written_to_the_stream_that_the_role_names(server: Server, stack: DeployedStack):
    assert output_of(run(server, stack.resource("Put"), {"typed": 'a "line"'})) == "done"
    assert lines(server, stack) == ['{"typed":"a \\"line\\""}']


def test_with_a_right_to_another_stream_none_is(server: Server, stack: DeployedStack):
    before = lines(server, stack)
    error = output_of(run(server, stack.resource("PutDenied"), {"typed": "no"}))
    assert error == "CloudWatchLogs.AccessDeniedException"
    assert lines(server, stack) == before


def test_an_object_is_sent_as_json_with_its_attributes(server: Server, stack: DeployedStack):
    assert output_of(run(server, stack.resource("Send"), {"typed": '{"a": [1]}'})) == "done"
    (message,) = server.messages(stack.resource("Queue"))
    assert json.loads(message.body) == {"parsed": {"a": [1]}, "as": "it is"}
    assert message.attributes == {"kind": "report"}


def test_without_the_right_nothing_is_sent(server: Server, stack: DeployedStack):
    assert output_of(run(server, stack.resource("SendDenied"), {"typed": "{}"})) == "SQS.AmazonSQSException"


def test_what_the_console_shows_is_deployed_and_updated(server: Server, stack: DeployedStack, tmp_path: Path):
    assert stack.resource("Query")
    dashboards = server.client("cloudwatch").list_dashboards()["DashboardEntries"]
    assert stack.resource("Dashboard") in {one["DashboardName"] for one in dashboards}
    made = deploy(server, tmp_path / "one", "AQuery", query("fields @message"))
    assert deploy(server, tmp_path / "two", "AQuery", query("fields @log")).resource("Query") == made.resource("Query")


@pytest.mark.parametrize("text", ["", "f" * 10_001])
def test_a_query_that_the_service_would_not_take_fails(server: Server, tmp_path: Path, text: str):
    with pytest.raises(DeploymentFailedError, match="QueryString has to have 1 to 10000 characters"):
        deploy(server, tmp_path, f"BadQuery{len(text)}", query(text))


def query(text: str) -> dict[str, Any]:
    return {"Query": {"Type": "AWS::Logs::QueryDefinition", "Properties": {"Name": "a/query", "QueryString": text}}}
