"""Documents in templates, instances with roles, and calls that are held."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError, EmulatorError
from tests.local.ministack.stacks import allow, arn, deploy, document, machine, role
from tests.local.trust.behaviours import INSTANCE_OUTPUT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.server import Server

AGENT = allow(
    [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ]
)
LOGGED = {"CloudWatchOutputEnabled": True, "CloudWatchLogGroupName": "/systems-manager/output"}


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def send(server: Server, instance: str, script: str, **options: Any) -> dict[str, Any]:
    ssm = server.client("ssm")
    sent = ssm.send_command(
        DocumentName="AWS-RunShellScript", InstanceIds=[instance], Parameters={"commands": [script]}, **options
    )
    command = sent["Command"]["CommandId"]
    until(lambda: ssm.list_commands(CommandId=command)["Commands"][0]["Status"] in ("Success", "Failed"))
    found: dict[str, Any] = ssm.get_command_invocation(CommandId=command, InstanceId=instance)
    return found


# --- AWS::SSM::Document: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-document.html


def test_new_version_becomes_the_default_and_keeps_the_name(server: Server, tmp_path: Path):
    ssm = server.client("ssm")
    names = set()
    for number in (1, 2, 3):
        stack = deploy(server, tmp_path, "Versions", {"Document": document(f"echo {number}")})
        name = stack.resource("Document")
        names.add(name)
        described = ssm.describe_document(Name=name)["Document"]
        assert (described["DefaultVersion"], described["LatestVersion"]) == (str(number), str(number))
    assert len(names) == 1
    assert name.startswith("Versions-Document-")
    content = json.loads(ssm.get_document(Name=name, DocumentVersion="1")["Content"])
    assert content["mainSteps"][0]["inputs"]["runCommand"] == ["echo 1"], "earlier versions stay"


def test_replace_makes_another_document(server: Server, tmp_path: Path):
    replaced = [
        deploy(server, tmp_path, "Replaced", {"Document": document(f"echo {number}", UpdateMethod="Replace")})
        for number in (1, 2)
    ]
    former, present = (stack.resource("Document") for stack in replaced)
    assert former != present
    names = {found["Name"] for found in server.client("ssm").list_documents()["DocumentIdentifiers"]}
    assert present in names
    assert former not in names


def test_a_named_document_cannot_be_replaced(server: Server, tmp_path: Path):
    def resources(number: int) -> dict[str, Any]:
        return {"Document": document(f"echo {number}", Name="named", UpdateMethod="Replace")}

    deploy(server, tmp_path, "Named", resources(1))
    with pytest.raises(DeploymentFailedError, match="custom-named resource requires replacing"):
        deploy(server, tmp_path, "Named", resources(2))


def test_an_invalid_document_fails_the_deployment_with_its_reason(server: Server, tmp_path: Path):
    broken = document("true")
    broken["Properties"]["Content"]["schemaVersion"] = "9.9"
    with pytest.raises(DeploymentFailedError, match=r"Document \(AWS::SSM::Document\): InvalidDocument"):
        deploy(server, tmp_path, "Invalid", {"Document": broken})


def test_a_deleted_stack_takes_its_document_along(server: Server, tmp_path: Path):
    stack = deploy(server, tmp_path, "Gone", {"Document": document("true")})
    server.destroy(stack)
    with pytest.raises(server.client("ssm").exceptions.InvalidDocument):
        server.client("ssm").describe_document(Name=stack.resource("Document"))


# --- Instances and what their roles let them do


@pytest.fixture(scope="module")
def roles(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    server.client("ssm").put_parameter(Name="/sm/value", Value="from the store", Type="String")
    server.put_secret("/sm/secret", "hidden")
    write = allow(["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                  {"Fn::GetAtt": ["Logs", "Arn"]})  # fmt: skip
    read = allow("ssm:GetParameters", arn("ssm", "parameter/sm/*"))
    resources = {
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/systems-manager/output"}},
        "Able": role("ec2", AGENT, write, allow("logs:DescribeLogGroups"), read),
        "OnlyAgent": role("ec2", AGENT),
        "NoAgent": role("ec2", write, read),
    }
    stack = deploy(server, tmp_path_factory.mktemp("roles"), "InstanceRoles", resources)
    return {name: f"arn:aws:iam::123456789012:role/{stack.resource(name)}" for name in ("Able", "OnlyAgent", "NoAgent")}


def test_an_agent_that_may_not_register_stays_offline(server: Server, roles: dict[str, str]):
    added = {name: server.add_instance(name.lower(), role_arn=role_arn) for name, role_arn in roles.items()}
    online = {instance.instance_id: instance.online for instance in server.instances()}
    assert [online[added[name]] for name in ("Able", "OnlyAgent", "NoAgent")] == [True, True, False]
    server.set_online(added["NoAgent"], online=True)
    assert not next(one for one in server.instances() if one.instance_id == added["NoAgent"]).online


def test_an_instance_can_be_cut_off_and_come_back(server: Server):
    instance = server.add_instance("comes-and-goes", {"Role": "sm"})

    def ping() -> str:
        listed = server.client("ssm").describe_instance_information(
            Filters=[{"Key": "InstanceIds", "Values": [instance]}]
        )
        status: str = listed["InstanceInformationList"][0]["PingStatus"]
        return status

    assert ping() == "Online"
    server.set_online(instance, online=False)
    assert ping() == "ConnectionLost"
    server.set_online(instance, online=True)
    assert ping() == "Online"


@INSTANCE_OUTPUT.allow()
@INSTANCE_OUTPUT.deny()
def test_output_reaches_cloudwatch_with_the_instances_rights_only(server: Server, roles: dict[str, str]):
    able = server.add_instance("writes", role_arn=roles["Able"])
    unable = server.add_instance("cannot-write", role_arn=roles["OnlyAgent"])
    for instance in (able, unable):
        assert (
            send(server, instance, f"echo output of {instance}", CloudWatchOutputConfig=LOGGED)["Status"] == "Success"
        )

    def written() -> list[str]:
        return [line.message for line in server.function_logs() if line.group == "/systems-manager/output"]

    until(lambda: f"output of {able}" in written())
    assert f"output of {unable}" not in written()


@INSTANCE_OUTPUT.allow()
@INSTANCE_OUTPUT.deny()
def test_a_stored_value_is_read_with_the_instances_rights(server: Server, roles: dict[str, str]):
    able = server.add_instance("reads", role_arn=roles["Able"])
    unable = server.add_instance("cannot-read", role_arn=roles["OnlyAgent"])
    answer = send(server, able, "echo {{ssm:/sm/value}}")
    assert (answer["Status"], answer["StandardOutputContent"]) == ("Success", "from the store\n")
    assert send(server, unable, "echo {{ssm:/sm/value}}")["Status"] == "Failed"


def test_a_secret_is_never_put_into_a_script(server: Server, roles: dict[str, str]):
    able = server.add_instance("reads-no-secret", role_arn=roles["Able"])
    answer = send(server, able, "echo {{ssm:/sm/secret}}")
    assert answer["Status"] == "Failed"
    assert "hidden" not in json.dumps(answer, default=str)


def test_a_status_change_is_an_event(server: Server, tmp_path: Path):
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
    pattern = {
        "source": ["aws.ssm"],
        "detail-type": ["EC2 Command Status-change Notification"],
        "detail": {"status": ["Success"]},
    }
    target = {"Id": "machine", "Arn": {"Ref": "Machine"}, "RoleArn": {"Fn::GetAtt": ["Starter", "Arn"]}}
    resources = {
        "Idle": role("states"),
        "Machine": machine("Idle", {"Done": {"Type": "Pass", "End": True}}),
        "Starter": role("events", allow("states:StartExecution", {"Ref": "Machine"})),
        "Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern, "Targets": [target]}},
    }
    stack = deploy(server, tmp_path, "Events", resources)
    answer = send(server, server.add_instance("emits"), "true")
    until(lambda: len(server.executions(stack.resource("Machine"))) > 0)
    event = json.loads(server.executions(stack.resource("Machine"))[0].input)
    assert event["detail"]["command-id"] == answer["CommandId"]


# --- Holding


def test_a_held_call_waits_until_it_is_released(server: Server):
    listed = threading.Event()

    def list_commands() -> None:
        server.client("ssm").list_commands()
        listed.set()

    server.client("ssm")
    with server.hold("ListCommands"):
        caller = threading.Thread(target=list_commands)
        caller.start()
        server.wait_until_held("ListCommands")
        server.client("ssm").list_documents()
        assert not listed.is_set()
    caller.join(timeout=5)
    assert listed.is_set()


def test_waiting_for_a_call_that_does_not_come_is_an_error(server: Server):
    with server.hold("CancelCommand"), pytest.raises(EmulatorError, match=r"no call of CancelCommand was held"):
        server.wait_until_held("CancelCommand", seconds=0.05)
