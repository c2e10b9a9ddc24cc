"""What deployments, agents and their output need; what a stolen role can do; and that no permission is left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chatops_local.server.deployment import DeploymentFailedError
from tests.end_to_end.scheduled.effects import notice_of
from tests.end_to_end.scheduled.needed import (
    AT_CREATION,
    CHANNELS,
    MESSAGES,
    TESTED,
    TO_REGISTER,
    TO_WRITE_OUTPUT,
    label,
)
from tests.end_to_end.scheduled.permissions import Permission, actions_in, permissions_in
from tests.end_to_end.scheduled.restricted import INSTANCE, STACK, Restricted

if TYPE_CHECKING:
    from pathlib import Path


def test_every_permission_of_the_template_is_tested(scheduled_assembly: Path):
    template = json.loads((scheduled_assembly / f"{STACK}.template.json").read_text("utf-8"))
    assert sorted(permissions_in(template)) == sorted(TESTED)


@pytest.mark.parametrize("stack", ["Scheduled", "Neighbour", "Durations", "Clocks", "Migrated"])
def test_no_other_stack_takes_more_than_what_is_tested(scheduled_assembly: Path, stack: str):
    template = json.loads((scheduled_assembly / f"{stack}.template.json").read_text("utf-8"))
    # But for what is no scheduled task.
    others = actions_in(template, ignoring=("Slack", "Notifier", "Approval"))
    assert others <= {permission.action for permission in TESTED}


def touch_machines(template: dict[str, Any]) -> None:
    """Change something about each state machine, so that it is updated."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            resource["Properties"]["Tags"] = [{"Key": "touched", "Value": "yes"}]


@pytest.mark.parametrize("permission", AT_CREATION, ids=label)
def test_a_machine_is_refused_without_it(restricted: Restricted, permission: Permission):
    with pytest.raises(DeploymentFailedError) as refused:
        restricted.deploy(permission, edit=touch_machines)
    assert f"is not authorized to perform: {permission.action} " in str(refused.value)


def comes_online(restricted: Restricted) -> bool:
    """Whether an agent that starts now can be sent commands."""
    instance_id = restricted.instances.id("web-1")
    restricted.cloud.server.set_online(instance_id, False)
    restricted.cloud.server.set_online(instance_id, True)
    (online,) = [one.online for one in restricted.cloud.server.instances() if one.name == "web-1"]
    return online


@pytest.mark.parametrize(
    ("permission", "others"),
    [(TO_REGISTER, []), *((one, MESSAGES) for one in CHANNELS), *((one, CHANNELS) for one in MESSAGES)],
    ids=label,
)
def test_an_agent_stays_offline_without_it(restricted: Restricted, permission: Permission, others: list[Permission]):
    restricted.deploy(*others)
    assert comes_online(restricted)
    restricted.deploy(permission, *others)
    assert not comes_online(restricted)
    # With neither of the two services the first that it asks for is named.
    named = CHANNELS[0] if permission in MESSAGES else permission
    assert f"is not authorized to perform: {named.action} " in restricted.cloud.server.emulator_log()
    restricted.deploy()


@pytest.mark.parametrize(("task", "permission"), TO_WRITE_OUTPUT, ids=label)
def test_the_whole_output_is_not_kept_without_it(restricted: Restricted, task: str, permission: Permission):
    restricted.instances.say("what the script says", INSTANCE[task])
    restricted.deploy(permission)
    tick = restricted.tick(task)
    assert restricted.effects(tick).ended == "SUCCEEDED"
    command_id = notice_of(tick)["result"]["command_id"]
    lines = [line for line in restricted.cloud.server.emulator_log().splitlines() if command_id in line]
    assert any(f"is not authorized to perform: {permission.action} " in line for line in lines)
    assert not [line for line in restricted.cloud.server.function_logs() if command_id in line.stream]


def test_a_stolen_role_can_run_nothing_else(restricted: Restricted):
    server = restricted.cloud.server

    def steal(template: dict[str, Any]) -> None:
        (role,) = [one for id, one in template["Resources"].items() if id[:-8] == "PlainMachineRole"]
        thief = {"Effect": "Allow", "Principal": {"AWS": server.account}, "Action": "sts:AssumeRole"}
        role["Properties"]["AssumeRolePolicyDocument"]["Statement"].append(thief)

    restricted.deploy(edit=steal)
    role = f"arn:aws:iam::{server.account}:role/{restricted.physical_id('PlainMachineRole')}"
    stolen = server.client("sts").assume_role(RoleArn=role, RoleSessionName="thief")["Credentials"]
    ssm = boto3.client(
        "ssm",
        endpoint_url=server.endpoint_url,
        region_name=server.region,
        aws_access_key_id=stolen["AccessKeyId"],
        aws_secret_access_key=stolen["SecretAccessKey"],
        aws_session_token=stolen["SessionToken"],
    )
    own, other = restricted.physical_id("PlainDocument"), restricted.physical_id("KeyedDocument")
    tagged, untagged = (restricted.cloud.instances[name] for name in ("web-1", "by-id-1"))
    assert ssm.send_command(DocumentName=own, InstanceIds=[tagged])["Command"]["Status"] == "Pending"
    for document, instance, refused in (
        (other, tagged, f"document/{other}"),
        ("AWS-RunShellScript", tagged, "document/AWS-RunShellScript"),
        (own, untagged, f"instance/{untagged}"),
    ):
        with pytest.raises(ClientError) as denied:
            ssm.send_command(DocumentName=document, InstanceIds=[instance])
        assert denied.value.response["Error"]["Code"] == "AccessDeniedException"
        assert "ssm:SendCommand" in str(denied.value)
        assert refused in str(denied.value)
