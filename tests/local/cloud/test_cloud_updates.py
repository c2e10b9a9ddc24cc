"""An app that is deployed again to a running cloud: its stack is updated, or rolled back, and its rules hear of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.cloud import LocalCloud
from chatops_local.server import DeploymentFailedError
from tests.local.ministack.messaging_stacks import until
from tests.local.ministack.stacks import WRITE_LOGS, allow, function, role, template, write_assembly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chatops_local.server import DeployedStack

TOKYO, VIRGINIA = "ap-northeast-1", "us-east-1"
CODE = "def handler(event, context):\n    print(event)\n"


def arn_of(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def ip_set(description: str) -> dict[str, Any]:
    properties = {"Scope": "CLOUDFRONT", "IPAddressVersion": "IPV4", "Addresses": ["192.0.2.0/24"]}
    return {"Type": "AWS::WAFv2::IPSet", "Properties": {**properties, "Description": description}}


def schedule(expression: str) -> dict[str, Any]:
    target = {"Arn": arn_of("Function"), "RoleArn": arn_of("Invoker"), "Input": "{}"}
    properties = {"ScheduleExpression": expression, "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    return {"Type": "AWS::Scheduler::Schedule", "Properties": properties, "DependsOn": ["Set"]}


def app(directory: Path, description: str, expression: str) -> Path:
    pattern = {
        "source": ["aws.cloudformation"],
        "detail": {"stack-id": [{"Ref": "AWS::StackId"}], "status-details": {"status": [{"suffix": "_COMPLETE"}]}},
    }
    path = {"status": "$.detail.status-details.status"}
    told = {"InputPathsMap": path, "InputTemplate": '{"status": <status>}'}
    target = {"Id": "function", "Arn": arn_of("Function"), "InputTransformer": told}
    permission = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": arn_of("Function"),
        "Principal": "events.amazonaws.com",
        "SourceArn": arn_of("Rule"),
    }
    resources = {
        "Set": ip_set(description),
        "Timer": schedule(expression),
        "Invoker": role("scheduler", allow("lambda:InvokeFunction", arn_of("Function"))),
        "Function": function(CODE, "Role"),
        "Role": role("lambda", WRITE_LOGS),
        "Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern, "Targets": [target]}},
        "Permission": {"Type": "AWS::Lambda::Permission", "Properties": permission},
    }
    assembly = write_assembly(directory / "cdk.out", {"Edge": template(resources)})
    manifest = json.loads((assembly / "manifest.json").read_text())
    manifest["artifacts"]["Edge"]["environment"] = f"aws://123456789012/{VIRGINIA}"
    (assembly / "manifest.json").write_text(json.dumps(manifest))
    return assembly


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud.start(time_scale=0.001, region=TOKYO) as started:
        yield started


def named(stack: DeployedStack) -> dict[str, str]:
    name, set_id, scope = stack.resource("Set").split("|")
    return {"Name": name, "Id": set_id, "Scope": scope}


def addresses(cloud: LocalCloud, stack: DeployedStack) -> list[str]:
    waf = cloud.server.client("wafv2", VIRGINIA)
    found: list[str] = waf.get_ip_set(**named(stack))["IPSet"]["Addresses"]
    return found


def switch(cloud: LocalCloud, stack: DeployedStack) -> None:
    waf = cloud.server.client("wafv2", VIRGINIA)
    token = waf.get_ip_set(**named(stack))["LockToken"]
    waf.update_ip_set(**named(stack), Addresses=["0.0.0.0/1", "128.0.0.0/1"], LockToken=token)


def told(cloud: LocalCloud, stack: DeployedStack) -> list[str]:
    found = cloud.server.asynchronous_invocations(stack.resource("Function"))
    return [json.loads(each.payload)["status"] for each in found]


def test_an_update_and_one_that_is_rolled_back(cloud: LocalCloud, tmp_path: Path):
    first = cloud.deploy(app(tmp_path, "a set", "rate(1 minute)"))
    assert until(lambda: told(cloud, first)) == ["CREATE_COMPLETE"]
    switch(cloud, first)

    second = cloud.deploy(app(tmp_path, "the set", "rate(2 minutes)"))
    assert second.physical_ids == first.physical_ids
    assert addresses(cloud, second) == ["192.0.2.0/24"]
    assert [schedule.expression for schedule in cloud.schedules] == ["rate(2 minutes)"]
    assert until(lambda: told(cloud, first)[1:]) == ["UPDATE_COMPLETE"]
    switch(cloud, second)

    with pytest.raises(DeploymentFailedError, match=r"(?s)UPDATE_ROLLBACK_COMPLETE.*Timer .*expression 'never'"):
        cloud.deploy(app(tmp_path, "that set", "never"))
    assert addresses(cloud, second) == ["192.0.2.0/24"]
    assert [schedule.expression for schedule in cloud.schedules] == ["rate(2 minutes)"]
    assert until(lambda: told(cloud, first)[2:]) == ["UPDATE_ROLLBACK_COMPLETE"]

    third = cloud.deploy(app(tmp_path, "this set", "rate(3 minutes)"))
    assert third.physical_ids == first.physical_ids
    assert [schedule.expression for schedule in cloud.schedules] == ["rate(3 minutes)"]


def test_what_is_not_changed_is_not_touched(cloud: LocalCloud, tmp_path: Path):
    stack = cloud.deploy(app(tmp_path, "same", "rate(1 minute)"))
    switch(cloud, stack)
    cloud.deploy(app(tmp_path, "same", "rate(1 minute)"))
    assert addresses(cloud, stack) == ["0.0.0.0/1", "128.0.0.0/1"]
