"""Lists, their filters and pages, and what cannot be seen yet.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CommandFilter.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from chatops_local.run_command import ServiceError


@pytest.fixture
def fleet(cloud):
    return [
        cloud.fleet.add("web-1", {"Role": "web"}),
        cloud.fleet.add("web-2", {"Role": "web"}),
        cloud.fleet.add("db-1", online=False),
    ]


@pytest.fixture
def history(cloud, fleet):
    """A success on web-1 and web-2, a failure on web-1, and one that waits for db-1; the oldest first."""
    cloud.create_document(["exit 1"], name="Fails")
    sent = [
        cloud.send("true", InstanceIds=[fleet[0].instance_id, fleet[1].instance_id]),
        cloud.send(document="Fails", InstanceIds=[fleet[0].instance_id]),
        cloud.send("true", InstanceIds=[fleet[2].instance_id]),
    ]
    cloud.ended(sent[0])
    cloud.ended(sent[1])
    return sent


def filters(**wanted: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in wanted.items()]


def listed(cloud: Any, **request: Any) -> list[str]:
    return [command["CommandId"] for command in cloud.call("ListCommands", **request)["Commands"]]


def test_commands_the_newest_first(cloud, history):
    assert listed(cloud) == history[::-1]


def test_commands_by_filter(cloud, fleet, history):
    success, failure, waiting = history
    assert listed(cloud, CommandId=success) == [success]
    assert listed(cloud, InstanceId=fleet[0].instance_id) == [failure, success]
    assert listed(cloud, Filters=filters(Status="Failed")) == [failure]
    assert listed(cloud, Filters=filters(Status="NoInstancesInTag")) == []
    assert listed(cloud, Filters=filters(DocumentName="Fails")) == [failure]
    assert listed(cloud, Filters=filters(ExecutionStage="Executing")) == [waiting]
    assert listed(cloud, Filters=filters(ExecutionStage="Complete", DocumentName="AWS-RunShellScript")) == [success]


def test_commands_by_time(cloud, history):
    first, second = (cloud.command(command_id)["RequestedDateTime"] for command_id in history[:2])
    between = datetime.fromtimestamp((first + second) / 2, tz=timezone.utc)
    iso = between.isoformat()
    for text in (iso, iso.replace("+00:00", "Z"), between.replace(tzinfo=None).isoformat()):
        assert listed(cloud, Filters=filters(InvokedAfter=text)) == [history[2], history[1]]
        assert listed(cloud, Filters=filters(InvokedBefore=text)) == [history[0]]


def test_invocations_by_filter(cloud, fleet, history):
    def found(**request: Any) -> list[tuple[str, str]]:
        invocations = cloud.call("ListCommandInvocations", **request)["CommandInvocations"]
        return [(invocation["CommandId"], invocation["InstanceName"]) for invocation in invocations]

    success, failure, waiting = history
    everything = [(waiting, "db-1"), (failure, "web-1"), (success, "web-1"), (success, "web-2")]
    assert found() == everything
    assert found(CommandId=success) == everything[2:]
    assert found(InstanceId=fleet[0].instance_id) == everything[1:3]
    assert found(Filters=filters(Status="Pending")) == everything[:1]
    assert found(Filters=filters(Status="Failed")) == everything[1:2]
    with pytest.raises(ServiceError, match="InvalidFilterKey: filter key ExecutionStage is for ListCommands only"):
        found(Filters=filters(ExecutionStage="Complete"))


def test_details_on_demand(cloud, history):
    def plugins(**request: Any) -> Any:
        return cloud.call("ListCommandInvocations", CommandId=history[1], **request)["CommandInvocations"][0][
            "CommandPlugins"
        ]

    assert plugins() == []
    (plugin,) = plugins(Details=True)
    assert (plugin["Name"], plugin["Status"], plugin["ResponseCode"]) == ("step1", "Failed", 1)
    assert plugin["Output"] == "\n----------ERROR-------\nfailed to run commands: exit status 1"
    assert plugin["ResponseStartDateTime"] <= plugin["ResponseFinishDateTime"]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"Filters": filters(Status="Done")}, "ValidationException: filter Status=Done: AccessDenied, "),
        ({"Filters": filters(Status="Undeliverable")}, "ValidationException: filter Status=Undeliverable"),
        ({"Filters": filters(ExecutionStage="Started")}, "Complete, Executing are allowed"),
        ({"Filters": filters(InvokedAfter="yesterday")}, "filter InvokedAfter=yesterday: a timestamp such as"),
        ({"Filters": filters(Name="x")}, "ValidationException.*key 'Name' is none of InvokedAfter"),
        ({"Filters": []}, "Filters has a length of 0, 1 to 5"),
        ({"CommandId": "x"}, "CommandId 'x' has a length of 1, 36 to 36"),
        ({"CommandId": "0" * 36}, "InvalidCommandId"),
        ({"MaxResults": 51}, "MaxResults 51 has a value of 51, 1 to 50"),
        ({"NextToken": "x"}, "InvalidNextToken"),
        ({"NextToken": "eA=="}, "InvalidNextToken"),
        ({"InstanceId": "i-0123456789abcdef0", "Filters": filters(Status="Pending")}, "exclude each other"),
    ],
)  # fmt: skip
def test_lists_refuse(cloud, history, request_, message):
    with pytest.raises(ServiceError, match=message):
        cloud.call("ListCommands", **request_)


def test_pages_do_not_move_when_commands_come_in(cloud, fleet, history):
    first = cloud.call("ListCommands", MaxResults=2)
    assert [command["CommandId"] for command in first["Commands"]] == [history[2], history[1]]
    cloud.send("true", InstanceIds=[fleet[2].instance_id])
    second = cloud.call("ListCommands", MaxResults=2, NextToken=first["NextToken"])
    assert [command["CommandId"] for command in second["Commands"]] == [history[0]]
    assert "NextToken" not in second


def test_pages_of_invocations(cloud, history):
    seen, request = [], {"MaxResults": 1}
    while True:
        page = cloud.call("ListCommandInvocations", **request)
        seen += page["CommandInvocations"]
        if "NextToken" not in page:
            break
        request["NextToken"] = page["NextToken"]
    assert seen == cloud.call("ListCommandInvocations")["CommandInvocations"]


def test_a_command_is_not_seen_at_once(clouds):
    """The Run Command API is eventually consistent; see GetCommandInvocation in the API reference and aws-cli#3546."""
    cloud = clouds(visibility_lag=1e6)
    web = cloud.fleet.add("web-1")
    command_id = cloud.send("true", InstanceIds=[web.instance_id])
    cloud.wait_for(command_id, "Success")
    assert listed(cloud, CommandId=command_id) == []
    assert cloud.call("ListCommandInvocations", CommandId=command_id)["CommandInvocations"] == []
    with pytest.raises(ServiceError, match="InvocationDoesNotExist"):
        cloud.invocation(command_id, web)


def test_an_invocation_that_does_not_exist(cloud, fleet, history):
    for command_id, instance in (("0" * 36, fleet[0]), (history[2], fleet[0])):
        with pytest.raises(ServiceError, match="InvocationDoesNotExist"):
            cloud.invocation(command_id, instance)


def test_output_is_empty_until_the_end(cloud, fleet):
    command_id = cloud.send("echo out; sleep 1000", InstanceIds=[fleet[0].instance_id])
    cloud.wait_for(command_id, "InProgress", instance=fleet[0])
    running = cloud.invocation(command_id, fleet[0])
    assert (running["Status"], running["ResponseCode"], running["StandardOutputContent"]) == ("InProgress", -1, "")
    assert running["ExecutionStartDateTime"].endswith("Z")
    assert (running["ExecutionEndDateTime"], running["ExecutionElapsedTime"]) == ("", "")


def test_times_of_an_ended_run(cloud, fleet, history):
    done = cloud.invocation(history[0], fleet[0])
    start, end = (
        datetime.fromisoformat(done[f"Execution{which}DateTime"].replace("Z", "+00:00")) for which in ("Start", "End")
    )
    assert start <= end
    assert done["ExecutionElapsedTime"].startswith("PT0.")
    assert done["ExecutionElapsedTime"].endswith("S")


def names(cloud: Any, **request: Any) -> list[str]:
    return [
        one["ComputerName"] for one in cloud.call("DescribeInstanceInformation", **request)["InstanceInformationList"]
    ]


def by(**wanted: list[str]) -> list[dict[str, Any]]:
    return [{"Key": key.replace("__", ":").replace("_", "-"), "Values": values} for key, values in wanted.items()]


def test_instances_by_filter(cloud, fleet):
    assert names(cloud) == ["web-1", "web-2", "db-1"]
    assert names(cloud, Filters=by(PingStatus=["Online"])) == ["web-1", "web-2"]
    assert names(cloud, Filters=by(InstanceIds=[fleet[1].instance_id], PingStatus=["Online", "ConnectionLost"])) == [
        "web-2"
    ]
    assert names(cloud, Filters=by(tag__Role=["web"], tag__Name=["web-2", "db-1"])) == ["web-2"]
    assert names(cloud, Filters=by(tag_key=["Role"])) == ["web-1", "web-2"]
    assert names(cloud, Filters=by(PlatformTypes=["Linux"], ResourceType=["EC2Instance"])) == names(cloud)
    assert names(cloud, Filters=by(PlatformTypes=["Windows"])) == []


def test_what_is_said_of_an_instance(cloud, fleet):
    online, _, offline = cloud.call("DescribeInstanceInformation")["InstanceInformationList"]
    assert (online["InstanceId"], online["PingStatus"], online["PlatformType"]) == (
        fleet[0].instance_id,
        "Online",
        "Linux",
    )
    assert offline["PingStatus"] == "ConnectionLost"
    assert offline["LastPingDateTime"] <= online["LastPingDateTime"]
    cloud.fleet.remove(fleet[0].instance_id)
    assert names(cloud) == ["web-2", "db-1"]


def test_pages_of_instances(cloud, fleet):
    more = [cloud.fleet.add(f"more-{n}").name for n in range(4)]
    first = cloud.call("DescribeInstanceInformation", MaxResults=5)
    assert names(cloud, MaxResults=5, NextToken=first["NextToken"]) == more[2:]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"Filters": by(Name=["x"])}, "InvalidFilterKey: filter key 'Name': InstanceIds, PingStatus"),
        ({"Filters": by(PingStatus=["Lost"])}, "InvalidInstanceInformationFilterValue: .*ConnectionLost"),
        ({"Filters": by(tag__Role=["web"], PingStatus=["Online"])}, "InvalidFilterKey: tag filters cannot be combined"),
        ({"MaxResults": 4}, "MaxResults 4 has a value of 4, 5 to 50"),
        ({"InstanceInformationFilterList": []}, "NotEmulated: .*InstanceInformationFilterList"),
    ],
)
def test_instance_filters_that_are_refused(cloud, request_, message):
    with pytest.raises(ServiceError, match=message):
        cloud.call("DescribeInstanceInformation", **request_)
