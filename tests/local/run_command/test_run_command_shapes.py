"""Every answer has the shape that AWS's service model states, and passes botocore's parser."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import botocore.session
import pytest
from botocore.parsers import create_parser
from botocore.validate import ParamValidator

from chatops_local.run_command import statuses

MODEL: Any = botocore.session.get_session().get_service_model("ssm")


@pytest.fixture
def parsed(cloud):
    """Call an action and parse its answer as boto3 does."""

    def call(action: str, **request):
        answer = cloud.call(action, **request)
        shape = MODEL.operation_model(action).output_shape
        report = ParamValidator().validate(answer, shape)  # also refuses members that the shape lacks
        assert not report.has_errors(), report.generate_report()
        body = json.dumps(answer).encode()
        return create_parser("json").parse({"body": body, "headers": {}, "status_code": 200}, shape)

    return call


def test_answers(cloud, web, parsed, document_content):
    content = document_content(["echo {{ a }}"], parameters={"a": {"type": "StringList", "default": ["x"]}})
    created = parsed(
        "CreateDocument",
        Name="Doc",
        Content=content,
        DisplayName="doc",
        TargetType="/AWS::EC2::Instance",
        Tags=[{"Key": "k", "Value": "v"}],
    )
    assert isinstance(created["DocumentDescription"]["CreatedDate"], datetime)
    parsed("UpdateDocument", Name="Doc", Content=document_content(["true"]), VersionName="two")
    parsed("UpdateDocumentDefaultVersion", Name="Doc", DocumentVersion="2")
    for action in ("DescribeDocument", "GetDocument", "ListDocumentVersions"):
        parsed(action, Name="Doc")
    parsed("ListDocuments", MaxResults=1)

    target = {"Targets": [{"Key": "tag:Role", "Values": ["web"]}], "DocumentName": "Doc"}
    sent = parsed("SendCommand", **target, CloudWatchOutputConfig={"CloudWatchOutputEnabled": True}, Comment="c")
    assert isinstance(sent["Command"]["RequestedDateTime"], datetime)
    command_id = sent["Command"]["CommandId"]
    cloud.ended(command_id)
    assert parsed("ListCommands")["Commands"][0]["TargetCount"] == 1
    listed = parsed("ListCommandInvocations", CommandId=command_id, Details=True)["CommandInvocations"][0]
    assert isinstance(listed["CommandPlugins"][0]["ResponseStartDateTime"], datetime)
    assert parsed("GetCommandInvocation", CommandId=command_id, InstanceId=web.instance_id)["Status"] == "Success"
    parsed("CancelCommand", CommandId=command_id)
    assert parsed("DescribeInstanceInformation")["InstanceInformationList"][0]["InstanceId"] == web.instance_id
    parsed("DeleteDocument", Name="Doc", DocumentVersion="1")
    parsed("DeleteDocument", Name="Doc")


def test_answers_before_the_end(cloud, web, parsed):
    cloud.fleet.set_online(web.instance_id, online=False)
    command_id = cloud.send("true", InstanceIds=[web.instance_id])
    parsed("ListCommandInvocations", CommandId=command_id, Details=True)
    assert parsed("GetCommandInvocation", CommandId=command_id, InstanceId=web.instance_id)["ResponseCode"] == -1


def test_every_action_is_in_awss_model_and_every_emulated_member_too(cloud):
    for action, known in cloud.service._actions.items():
        shape = MODEL.operation_model(action).input_shape
        assert known.members <= set(shape.members), action
        assert set(shape.required_members) <= known.members, action


def test_statuses_are_awss_own():
    used = {value.status for value in vars(statuses).values() if isinstance(value, statuses.Status)}
    assert used <= set(MODEL.shape_for("CommandInvocationStatus").enum)
    assert used <= set(MODEL.shape_for("CommandStatus").enum)
