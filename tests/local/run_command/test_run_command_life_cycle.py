"""From Pending to the end: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from chatops_local.run_command import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.run_command import Instance


@pytest.fixture
def fleet_of(cloud) -> Callable[[int], list[Instance]]:
    return lambda count: [cloud.fleet.add(f"web-{n}", {"Role": "web"}) for n in range(count)]


BY_TAG = [{"Key": "tag:Role", "Values": ["web"]}]


def test_success_and_failure(cloud, web):
    done = cloud.run("echo out; echo err >&2", on=web)
    assert (done["Status"], done["StatusDetails"], done["ResponseCode"]) == ("Success", "Success", 0)
    assert (done["StandardOutputContent"], done["StandardErrorContent"]) == ("out\n", "err\n")
    assert done["PluginName"] == "aws:runShellScript"
    failed = cloud.run("exit 3", on=web)
    assert (failed["Status"], failed["StatusDetails"], failed["ResponseCode"]) == ("Failed", "Failed", 3)
    # The agent's own last line, as in every failed run on AWS.
    assert failed["StandardErrorContent"] == "failed to run commands: exit status 3"


def test_a_tag_that_nothing_carries_is_a_success(cloud, web):
    command_id = cloud.send("true", Targets=[{"Key": "tag:Role", "Values": ["none"]}])
    ended = cloud.ended(command_id)
    assert (ended["Status"], ended["StatusDetails"], ended["TargetCount"]) == ("Success", "NoInstancesInTag", 0)
    assert cloud.call("ListCommandInvocations", CommandId=command_id)["CommandInvocations"] == []


def test_events_of_a_run(cloud, web):
    command_id = cloud.send("true", InstanceIds=[web.instance_id])
    last = cloud.wait_for(command_id, "Success")
    assert [(event["detail"].get("instance-id"), event["detail"]["status"]) for event in cloud.events] == [
        (None, "Pending"),
        (web.instance_id, "InProgress"),
        (None, "InProgress"),
        (web.instance_id, "Success"),
        (None, "Success"),
    ]
    assert last["source"] == "aws.ssm"
    assert last["detail-type"] == "EC2 Command Status-change Notification"
    assert last["detail"]["document-name"] == "AWS-RunShellScript"
    assert last["detail"]["parameters"] == {"commands": ["true"]}
    invocation = cloud.wait_for(command_id, "Success", instance=web)
    assert invocation["detail-type"] == "EC2 Command Invocation Status-change Notification"
    assert invocation["resources"] == [f"arn:aws:ec2:eu-west-1:123456789012:instance/{web.instance_id}"]


def test_a_listener_that_fails_harms_nothing(clouds, caplog):
    def listener(event):
        raise RuntimeError("boom")

    cloud = clouds(on_status_change=listener)
    web = cloud.fleet.add("web-1")
    cloud.send("true", InstanceIds=[web.instance_id])
    cloud.service.close()
    assert "the listener failed" in caplog.text


def test_the_time_limit_kills(cloud, web):
    done = cloud.run("sleep 1000", on=web, Parameters={"executionTimeout": ["5"]})
    assert (done["Status"], done["StatusDetails"], done["ResponseCode"]) == ("TimedOut", "ExecutionTimedOut", 137)
    assert done["StandardErrorContent"] == ""
    assert cloud.call("ListCommands")["Commands"][0]["StatusDetails"] == "ExecutionTimedOut"


def test_offline_until_the_command_expires(cloud, web):
    """ExpiresAfter of Command: it expires after both time limits."""
    cloud.fleet.set_online(web.instance_id, online=False)
    command_id = cloud.send(
        "true", InstanceIds=[web.instance_id], TimeoutSeconds=30, Parameters={"executionTimeout": ["5"]}
    )
    waiting = cloud.invocation(command_id, web)
    assert (waiting["Status"], waiting["ResponseCode"], waiting["ExecutionStartDateTime"]) == ("Pending", -1, "")
    ended = cloud.ended(command_id)
    assert (ended["Status"], ended["StatusDetails"], ended["DeliveryTimedOutCount"], ended["ErrorCount"]) == (
        "TimedOut",
        "DeliveryTimedOut",
        1,
        0,
    )
    assert cloud.invocation(command_id, web)["StatusDetails"] == "DeliveryTimedOut"


def test_coming_online_in_time(cloud, web):
    cloud.fleet.set_online(web.instance_id, online=False)
    command_id = cloud.send("echo here", InstanceIds=[web.instance_id])
    cloud.fleet.set_online(web.instance_id, online=True)
    assert cloud.ended(command_id)["Status"] == "Success"
    assert cloud.invocation(command_id, web)["StandardOutputContent"] == "here\n"


def test_offline_while_it_runs(cloud, web):
    """The script goes on; the result comes when the connection does."""
    pipe = web.directory / "pipe"
    os.mkfifo(pipe)
    command_id = cloud.send("echo > pipe; echo done", InstanceIds=[web.instance_id])
    cloud.wait_for(command_id, "InProgress", instance=web)
    cloud.fleet.set_online(web.instance_id, online=False)
    pipe.read_text()
    assert cloud.invocation(command_id, web)["Status"] == "InProgress"
    cloud.fleet.set_online(web.instance_id, online=True)
    assert cloud.ended(command_id)["Status"] == "Success"
    assert cloud.invocation(command_id, web)["StandardOutputContent"] == "done\n"


def test_terminated_before_delivery_is_undeliverable(cloud, web):
    other = cloud.fleet.add("web-2", {"Role": "web"})
    cloud.fleet.set_online(web.instance_id, online=False)
    command_id = cloud.send("true", InstanceIds=[web.instance_id, other.instance_id])
    cloud.fleet.remove(web.instance_id)
    ended = cloud.ended(command_id)
    assert (ended["Status"], ended["TargetCount"], ended["CompletedCount"], ended["ErrorCount"]) == ("Success", 2, 2, 0)
    assert cloud.invocation(command_id, web)["StatusDetails"] == "Undeliverable"


def test_terminated_while_it_runs(cloud, web):
    """The service learns nothing: DeliveryTimedOut once both time limits are over."""
    command_id = cloud.send(
        "sleep 1000", InstanceIds=[web.instance_id], TimeoutSeconds=30, Parameters={"executionTimeout": ["5"]}
    )
    cloud.wait_for(command_id, "InProgress", instance=web)
    cloud.fleet.remove(web.instance_id)
    assert cloud.ended(command_id)["StatusDetails"] == "DeliveryTimedOut"


def test_cancelling_a_run(cloud, web):
    pipe = web.directory / "pipe"
    os.mkfifo(pipe)
    command_id = cloud.send("echo begun; echo > pipe; sleep 1000", InstanceIds=[web.instance_id])
    pipe.read_text()
    cloud.call("CancelCommand", CommandId=command_id)
    ended = cloud.ended(command_id)
    assert (ended["Status"], ended["StatusDetails"]) == ("Cancelled", "Cancelled")
    done = cloud.invocation(command_id, web)
    assert (done["Status"], done["ResponseCode"], done["StandardOutputContent"]) == ("Cancelled", 137, "begun\n")
    assert "Cancelling" in [event["detail"]["status"] for event in cloud.events]
    cloud.call("CancelCommand", CommandId=command_id)
    assert cloud.command(command_id) == ended


def test_cancelling_what_waits(cloud, web):
    cloud.fleet.set_online(web.instance_id, online=False)
    command_id = cloud.send("true", InstanceIds=[web.instance_id])
    cloud.call("CancelCommand", CommandId=command_id)
    assert cloud.ended(command_id)["Status"] == "Cancelled"
    assert cloud.invocation(command_id, web)["StatusDetails"] == "Cancelled"


def test_cancelling_before_the_targets_are_known(cloud, web):
    command_id = cloud.send("true", Targets=BY_TAG)
    cloud.call("CancelCommand", CommandId=command_id)
    ended = cloud.ended(command_id)
    assert ended["Status"] == "Cancelled"


def test_cancelling_on_one_instance(cloud, fleet_of):
    one, two = fleet_of(2)
    cloud.fleet.set_online(one.instance_id, online=False)
    command_id = cloud.send("true", InstanceIds=[one.instance_id, two.instance_id])
    cloud.call("CancelCommand", CommandId=command_id, InstanceIds=[one.instance_id])
    assert cloud.ended(command_id)["StatusDetails"] == "Incomplete"
    assert cloud.invocation(command_id, one)["Status"] == "Cancelled"
    assert cloud.invocation(command_id, two)["Status"] == "Success"


def test_what_cannot_be_cancelled(cloud, web):
    with pytest.raises(ServiceError, match="InvalidCommandId"):
        cloud.call("CancelCommand", CommandId="0" * 36)
    command_id = cloud.send("true", InstanceIds=[web.instance_id])
    with pytest.raises(ServiceError, match=r"InvalidInstanceId: .*i-0123456789abcdef0"):
        cloud.call("CancelCommand", CommandId=command_id, InstanceIds=["i-0123456789abcdef0"])


def test_max_errors_ends_the_rest(cloud, fleet_of):
    """MaxErrors 1 allows one error; after the second one nothing is sent any more."""
    instances = fleet_of(4)
    command_id = cloud.send("exit 1", Targets=BY_TAG, MaxConcurrency="1", MaxErrors="1")
    ended = cloud.ended(command_id)
    assert (ended["Status"], ended["ErrorCount"], ended["CompletedCount"]) == ("Failed", 2, 4)
    assert [cloud.invocation(command_id, one)["StatusDetails"] for one in instances] == [
        "Failed",
        "Failed",
        "Terminated",
        "Terminated",
    ]


def test_no_more_at_a_time_than_max_concurrency(cloud, fleet_of, tmp_path):
    """Each run needs the directory for itself. 33 % of 3 instances is 1."""
    fleet_of(3)
    alone = f"mkdir {tmp_path}/mine && sleep 0.02 && rmdir {tmp_path}/mine"
    assert cloud.ended(cloud.send(alone, Targets=BY_TAG, MaxConcurrency="33%"))["Status"] == "Success"


def test_as_many_at_a_time_as_max_concurrency(cloud, fleet_of, tmp_path):
    """A run waits for a second one. 34 % of 3 instances is 2, rounded up."""
    fleet_of(3)
    together = f"echo >> {tmp_path}/here; until [ $(wc -l < {tmp_path}/here) -ge 2 ]; do sleep 0.01; done"
    assert cloud.ended(cloud.send(together, Targets=BY_TAG, MaxConcurrency="34%"))["Status"] == "Success"


def test_closing_ends_what_is_under_way(cloud, web):
    cloud.fleet.set_online(web.instance_id, online=False)
    running = cloud.fleet.add("web-2")
    cloud.send("true", InstanceIds=[web.instance_id])
    pipe = running.directory / "pipe"
    os.mkfifo(pipe)
    cloud.send("exec 3>pipe; echo begun >&3; sleep 1000 & sleep 1000", InstanceIds=[running.instance_id])
    with pipe.open() as held_by_the_processes:
        assert held_by_the_processes.readline() == "begun\n"
        threads = [thread for thread in threading.enumerate() if thread.name.startswith("run-command")]
        assert len(threads) == 5  # two commands, two invocations, the events
        cloud.service.close()
        assert held_by_the_processes.read() == ""  # which comes to an end when every process has
    assert not any(thread.is_alive() for thread in threads)
