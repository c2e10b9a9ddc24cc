"""What agents and their output need, and what a stolen role can do."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.end_to_end.scheduled.effects import notice_of
from tests.end_to_end.scheduled.needed import TO_REGISTER, TO_WRITE_OUTPUT
from tests.end_to_end.scheduled.restricted import INSTANCE, Restricted


def comes_online(restricted: Restricted) -> bool:
    """Whether an agent that starts now can be sent commands."""
    instance_id = restricted.instances.id("web-1")
    restricted.cloud.server.set_online(instance_id, False)
    restricted.cloud.server.set_online(instance_id, True)
    (online,) = [one.online for one in restricted.cloud.server.instances() if one.name == "web-1"]
    return online


def test_an_agent_stays_offline_without_it(restricted: Restricted):
    restricted.deploy()
    assert comes_online(restricted)
    restricted.deploy(TO_REGISTER)
    assert not comes_online(restricted)
    assert TO_REGISTER.denial in restricted.cloud.server.emulator_log()
    restricted.deploy()


def test_the_whole_output_is_not_kept_without_it(restricted: Restricted):
    restricted.instances.say("what the script says", INSTANCE["Plain"])
    restricted.deploy(TO_WRITE_OUTPUT)
    tick = restricted.tick("Plain")
    assert restricted.effects(tick).ended == "SUCCEEDED"
    command_id = notice_of(tick)["result"]["command_id"]
    lines = [line for line in restricted.cloud.server.emulator_log().splitlines() if command_id in line]
    assert any(TO_WRITE_OUTPUT.denial in line for line in lines)
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
