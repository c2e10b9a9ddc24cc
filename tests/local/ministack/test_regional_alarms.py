"""Alarms of two regions: each goes by the metrics of its own region and tells the topics and rules that are there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.local.ministack.messaging_stacks import arn_of, letting_in, queue, queue_policy, topic, until
from tests.local.ministack.stacks import deploy_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

TOKYO, VIRGINIA = "ap-northeast-1", "us-east-1"


def alarm(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": "too-much",
            "Namespace": "Site",
            "MetricName": "Overdue",
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1,
            "Statistic": "Maximum",
            # Of real time 60 seconds, at the scale of this cloud.
            "Period": 60_000,
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "Topic"}],
            **properties,
        },
    }


def resources(**properties: Any) -> dict[str, Any]:
    pattern = {"source": ["aws.cloudwatch"], "detail": {"alarmName": ["too-much"]}}
    rule = {"EventPattern": pattern, "Targets": [{"Id": "queue", "Arn": arn_of("Queue")}]}
    return {
        "Topic": topic(),
        "Regional": alarm(**properties),
        "Queue": queue(),
        "Rule": {"Type": "AWS::Events::Rule", "Properties": rule},
        "Policy": queue_policy("Queue", letting_in("events", "sqs:SendMessage", arn_of("Queue"), arn_of("Rule"))),
    }


@pytest.fixture
def stacks(tokyo_cloud: Server, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[dict[str, DeployedStack]]:
    name = request.node.name.title().replace("_", "")
    deployed = {region: deploy_at(tokyo_cloud, tmp_path, region, name, resources()) for region in (TOKYO, VIRGINIA)}
    yield deployed
    for stack in deployed.values():
        tokyo_cloud.destroy(stack)


def arn(region: str) -> str:
    return f"arn:aws:cloudwatch:{region}:123456789012:alarm:too-much"


def published(cloud: Server, stack: DeployedStack) -> list[str]:
    return [each.subject for each in cloud.published(stack.resource("Topic"))]


def test_each_goes_by_the_metric_of_its_region(tokyo_cloud: Server, stacks: dict[str, DeployedStack]):
    datum = {"MetricName": "Overdue", "Value": 1}
    tokyo_cloud.client("cloudwatch", VIRGINIA).put_metric_data(Namespace="Site", MetricData=[datum])
    states = tokyo_cloud.evaluate_alarms()
    assert {name: states[name] for name in (arn(TOKYO), arn(VIRGINIA))} == {arn(TOKYO): "OK", arn(VIRGINIA): "ALARM"}
    assert published(tokyo_cloud, stacks[VIRGINIA]) == ['ALARM: "too-much" in US East (N. Virginia)']
    assert published(tokyo_cloud, stacks[TOKYO]) == []
    queue_arn = f"arn:aws:sqs:us-east-1:123456789012:{stacks[VIRGINIA].resource('Queue').rpartition('/')[2]}"
    (message,) = until(lambda: tokyo_cloud.messages(queue_arn))
    assert json.loads(message.body)["region"] == VIRGINIA


def test_one_is_set_by_its_region(tokyo_cloud: Server, stacks: dict[str, DeployedStack]):
    tokyo_cloud.set_alarm_state("Regional", "ALARM", "because", region=VIRGINIA)
    assert published(tokyo_cloud, stacks[VIRGINIA]) == ['ALARM: "too-much" in US East (N. Virginia)']
    assert published(tokyo_cloud, stacks[TOKYO]) == []
    tokyo_cloud.set_alarm_state("too-much", "ALARM")
    assert published(tokyo_cloud, stacks[TOKYO]) == ['ALARM: "too-much" in Asia Pacific (Tokyo)']


def test_an_alarm_that_is_not_there(tokyo_cloud: Server, stacks: dict[str, DeployedStack]):
    with pytest.raises(ValueError, match=r"'none' means 0 alarms; there are .*too-much"):
        tokyo_cloud.set_alarm_state("none", "ALARM", region=VIRGINIA)


def test_one_of_a_name_of_its_own_is_known_by_it(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "AlarmedAlone", resources(AlarmName="alone", Namespace="None"))
    assert tokyo_cloud.evaluate_alarms()["alone"] == "OK"
    tokyo_cloud.destroy(stack)
