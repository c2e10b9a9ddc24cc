"""Instances that are not well, events that do not arrive well, and scripts of many hours."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.run_command import Delivery, EventDelivery, SimulatedScript
from tests.local.trust.behaviours import COMMAND_EVENTS

if TYPE_CHECKING:
    from chatops_local.run_command import Instance
    from tests.local.run_command.conftest import Cloud

SHORT = {"TimeoutSeconds": 60, "Parameters": {"executionTimeout": ["5"]}}
"""Such a command expires after 65 seconds, which are 0.65 here."""


def ended_on(cloud: Cloud, command_id: str, instance: Instance) -> tuple[str, str, str]:
    """(the command's StatusDetails, the invocation's, and when the script began)."""
    command = cloud.ended(command_id)
    invocation = cloud.invocation(command_id, instance)
    return command["StatusDetails"], invocation["StatusDetails"], invocation["ExecutionStartDateTime"]


def test_what_comes_online_too_late_does_not_run(cloud, web):
    """TimeoutSeconds: "If this time is reached and the command hasn't already started running, it won't run"."""
    cloud.fleet.set_online(web.instance_id, online=False)
    command_id = cloud.send(
        "touch ran", InstanceIds=[web.instance_id], TimeoutSeconds=30, Parameters={"executionTimeout": ["60"]}
    )
    time.sleep(0.4)
    cloud.fleet.set_online(web.instance_id, online=True)
    assert ended_on(cloud, command_id, web) == ("DeliveryTimedOut", "DeliveryTimedOut", "")
    assert not (web.directory / "ran").exists()


def test_undeliverable_at_once(cloud, web):
    other = cloud.fleet.add("web-2", {"Role": "web"})
    cloud.service.set_conditions(web.instance_id, delivery=Delivery.UNDELIVERABLE)
    command_id = cloud.send("true", Targets=[{"Key": "tag:Role", "Values": ["web"]}])
    assert ended_on(cloud, command_id, web) == ("Success", "Undeliverable", "")
    assert cloud.invocation(command_id, other)["Status"] == "Success"
    (listed,) = cloud.call(
        "DescribeInstanceInformation", Filters=[{"Key": "InstanceIds", "Values": [web.instance_id]}]
    )["InstanceInformationList"]
    assert listed["PingStatus"] == "Online"


def test_undeliverable_while_it_waits(cloud, web):
    cloud.fleet.set_online(web.instance_id, online=False)
    command_id = cloud.send("true", InstanceIds=[web.instance_id])
    cloud.service.set_conditions(web.instance_id, delivery=Delivery.UNDELIVERABLE)
    assert ended_on(cloud, command_id, web) == ("Success", "Undeliverable", "")


def test_never_picked_up(cloud, web):
    cloud.service.set_conditions(web.instance_id, delivery=Delivery.NEVER_PICKED_UP)
    command_id = cloud.send("true", InstanceIds=[web.instance_id], **SHORT)
    assert ended_on(cloud, command_id, web) == ("DeliveryTimedOut", "DeliveryTimedOut", "")
    cloud.service.set_conditions(web.instance_id, delivery=Delivery.WORKS)
    assert cloud.run("true", on=web)["Status"] == "Success"


def running(cloud: Cloud, instance: Instance, **request: Any) -> tuple[str, int]:
    """A command whose script has begun and does not end, and the id of its process."""
    pipe = instance.directory / "pipe"
    os.mkfifo(pipe)
    script = "trap '' TERM; echo $$ > pipe; sleep 1000; touch survived"
    command_id = cloud.send(script, InstanceIds=[instance.instance_id], **request)
    return command_id, int(pipe.read_text())


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(pid, 0)
        except (ProcessLookupError, PermissionError):
            return True
        time.sleep(0.01)
    return False


def test_a_dead_agent_never_reports(cloud, web):
    """DeliveryTimedOut after the total timeout.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html#monitor-about-status-timeouts
    """
    command_id, pid = running(cloud, web, **SHORT)
    cloud.service.kill_agent(web.instance_id)
    assert cloud.invocation(command_id, web)["Status"] == "InProgress"
    assert web.ping_status == "ConnectionLost"
    assert ended_on(cloud, command_id, web)[:2] == ("DeliveryTimedOut", "DeliveryTimedOut")
    assert is_gone(pid)


def test_an_agent_that_is_started_again_knows_nothing_of_what_it_ran(cloud, web):
    command_id, _ = running(cloud, web, **SHORT)
    cloud.service.kill_agent(web.instance_id)
    cloud.fleet.set_online(web.instance_id, online=True)
    assert ended_on(cloud, command_id, web)[1] == "DeliveryTimedOut"
    assert cloud.run("true", on=web)["Status"] == "Success"


def test_what_a_dead_agent_has_is_cancelled_when_it_expires(cloud, web):
    command_id, _ = running(cloud, web, **SHORT)
    cloud.service.kill_agent(web.instance_id)
    cloud.call("CancelCommand", CommandId=command_id)
    assert cloud.command(command_id)["Status"] == "Cancelling"
    assert ended_on(cloud, command_id, web)[:2] == ("Cancelled", "Cancelled")


def test_a_dead_agent_leaves_others_alone(cloud, web):
    other = cloud.fleet.add("web-2")
    cloud.service.kill_agent(web.instance_id)
    assert cloud.run("true", on=other)["Status"] == "Success"


def test_a_slow_agent_picks_up_and_reports_late(cloud, web):
    cloud.service.set_conditions(web.instance_id, pickup_seconds=10, report_seconds=20)
    begun = time.monotonic()
    command_id = cloud.send("true", InstanceIds=[web.instance_id])
    cloud.wait_for(command_id, "InProgress", instance=web)
    assert time.monotonic() - begun >= 0.1
    assert cloud.ended(command_id)["Status"] == "Success"
    assert time.monotonic() - begun >= 0.3


def test_an_agent_that_is_too_slow_gets_nothing(cloud, web):
    cloud.service.set_conditions(web.instance_id, pickup_seconds=100)
    command_id = cloud.send("true", InstanceIds=[web.instance_id], **SHORT)
    assert ended_on(cloud, command_id, web) == ("DeliveryTimedOut", "DeliveryTimedOut", "")


# --- Scripts that only pretend


def simulate(cloud: Cloud, instance: Instance, seconds: float, **outcome: Any) -> None:
    cloud.service.set_conditions(instance.instance_id, script=SimulatedScript(seconds, **outcome))


@pytest.mark.parametrize(("exit_code", "status"), [(0, "Success"), (3, "Failed")])
def test_a_simulated_script_takes_its_time(cloud, web, exit_code, status):
    simulate(cloud, web, 20, exit_code=exit_code, stdout="pretended", stderr="nothing")
    begun = time.monotonic()
    done = cloud.run("touch ran", on=web)
    assert time.monotonic() - begun >= 0.2
    assert (done["Status"], done["ResponseCode"], done["StandardOutputContent"]) == (status, exit_code, "pretended")
    assert done["StandardErrorContent"].startswith("nothing")
    assert not (web.directory / "ran").exists()


def test_a_day_passes_in_a_moment(clouds):
    cloud = clouds(time_scale=0.000_002)
    batch = cloud.fleet.add("batch")
    simulate(cloud, batch, 24 * 3600, stdout="a day later")
    limits = {"executionTimeout": ["172800"]}
    assert cloud.run("true", on=batch, Parameters=limits)["StandardOutputContent"] == "a day later"
    # Without it, the limit is an hour.
    assert cloud.run("true", on=batch)["StatusDetails"] == "ExecutionTimedOut"


def test_a_simulated_script_can_be_cancelled_and_killed(cloud, web):
    simulate(cloud, web, 100_000)
    cancelled = cloud.send("true", InstanceIds=[web.instance_id])
    cloud.wait_for(cancelled, "InProgress", instance=web)
    cloud.call("CancelCommand", CommandId=cancelled)
    assert ended_on(cloud, cancelled, web)[:2] == ("Cancelled", "Cancelled")
    killed = cloud.send("true", InstanceIds=[web.instance_id], **SHORT)
    cloud.wait_for(killed, "InProgress", instance=web)
    cloud.service.kill_agent(web.instance_id)
    assert ended_on(cloud, killed, web)[1] == "DeliveryTimedOut"


def test_scripts_run_again(cloud, web):
    simulate(cloud, web, 0)
    cloud.run("touch ran", on=web)
    cloud.service.set_conditions(web.instance_id, script=None)
    cloud.run("touch ran", on=web)
    assert (web.directory / "ran").exists()


@pytest.mark.parametrize(("seconds", "exit_code"), [(-1, 0), (1, 256), (1, -1)])
def test_what_no_script_does(seconds, exit_code):
    with pytest.raises(ValueError, match="allowed"):
        SimulatedScript(seconds, exit_code)


# --- Events


def statuses(cloud: Cloud, seconds: float) -> list[str]:
    """The statuses of command events that arrive within real seconds."""
    time.sleep(seconds)
    found: list[str] = []
    while not cloud._arrived.empty():
        event = cloud._arrived.get()
        if event["detail-type"] == "EC2 Command Status-change Notification":
            found.append(event["detail"]["status"])
    return found


def wait_until_over(cloud: Cloud, command_id: str) -> None:
    while cloud.command(command_id)["Status"] in ("Pending", "InProgress"):
        time.sleep(0.01)


@COMMAND_EVENTS.allow()
def test_late_events(cloud, web):
    cloud.service.deliver_events(EventDelivery(60, 60))
    command_id = cloud.send("true", InstanceIds=[web.instance_id])
    wait_until_over(cloud, command_id)
    assert "Success" not in statuses(cloud, 0)
    assert statuses(cloud, 0.7)[-1] == "Success"


@COMMAND_EVENTS.deny()
def test_doubled_and_lost_events(cloud, web):
    cloud.service.deliver_events(EventDelivery(copies=2))
    wait_until_over(cloud, cloud.send("true", InstanceIds=[web.instance_id]))
    assert statuses(cloud, 0.1).count("Success") == 2
    cloud.service.deliver_events(EventDelivery(lose=True))
    wait_until_over(cloud, cloud.send("true", InstanceIds=[web.instance_id]))
    assert statuses(cloud, 0.1) == []


@given(st.integers(), st.floats(0, 5), st.floats(0, 5))
def test_delays_are_drawn_from_their_range_and_repeatable(seed, one, other):
    shortest, longest = sorted((one, other))
    drawn = [EventDelivery(shortest, longest, copies=20, seed=seed).delays() for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert all(shortest <= delay <= longest for delay in drawn[0])


@pytest.mark.parametrize(("shortest", "longest", "copies"), [(-1, 0, 1), (2, 1, 1), (0, 0, 0)])
def test_a_delivery_that_cannot_be(shortest, longest, copies):
    with pytest.raises(ValueError, match="allowed"):
        EventDelivery(shortest, longest, copies=copies)
