"""Metrics of a function that a schedule invokes every minute, in simulated time, and the alarm that goes by them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from chatops_local.cloud import LocalCloud
from tests.local.ministack.stacks import WRITE_LOGS, allow, function, role, template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

VIRGINIA = "us-east-1"
CODE = """
import json, time
def handler(event, context):
    definition = {"Namespace": "Site", "Dimensions": [[]], "Metrics": [{"Name": "Overdue"}]}
    metadata = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [definition]}
    print(json.dumps({"_aws": metadata, "Overdue": 1}))
"""


def arn_of(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def app(directory: Path) -> Path:
    """In us-east-1, whatever the region of the local cloud is."""
    target = {"Arn": arn_of("Function"), "RoleArn": arn_of("Invoker"), "Input": "{}"}
    schedule = {"ScheduleExpression": "rate(1 minute)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    alarm = {
        "AlarmName": "overdue",
        "Namespace": "Site",
        "MetricName": "Overdue",
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 1,
        "Statistic": "Maximum",
        "Period": 60,
        "EvaluationPeriods": 3,
        "TreatMissingData": "notBreaching",
    }
    resources = {
        "Timer": {
            "Type": "AWS::Scheduler::Schedule",
            "Properties": schedule,
            "Metadata": {"aws:cdk:path": "Far/Timer/Resource"},
        },
        "Invoker": role("scheduler", allow("lambda:InvokeFunction", arn_of("Function"))),
        "Function": function(CODE, "Role"),
        "Role": role("lambda", WRITE_LOGS),
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
    }
    assembly = write_assembly(directory / "cdk.out", {"Far": template(resources)})
    manifest = json.loads((assembly / "manifest.json").read_text())
    manifest["artifacts"]["Far"]["environment"] = f"aws://123456789012/{VIRGINIA}"
    (assembly / "manifest.json").write_text(json.dumps(manifest))
    return assembly


def test_minutes_of_simulated_time_are_minutes_of_the_alarm(tmp_path: Path):
    begins = datetime(2026, 3, 7, tzinfo=timezone.utc)
    with LocalCloud.start(time_scale=0.001, region="ap-northeast-1", now=begins) as cloud:
        cloud.deploy(app(tmp_path))
        (schedule,) = cloud.schedules
        assert (schedule.title, schedule.arn.split(":")[3]) == ("Far/Timer", VIRGINIA)

        first, second = cloud.advance(by=timedelta(seconds=90))
        assert [tick.problems() for tick in (first, second)] == [[], []]
        assert cloud.server.evaluate_alarms() == {"overdue": "OK"}

        cloud.advance(by=timedelta(minutes=1))
        assert cloud.server.evaluate_alarms() == {"overdue": "ALARM"}
        assert cloud.server.evaluate_alarms(later=timedelta(minutes=1)) == {"overdue": "OK"}

        points = cloud.server.client("cloudwatch", VIRGINIA).get_metric_statistics(
            Namespace="Site",
            MetricName="Overdue",
            StartTime=begins,
            EndTime=begins + timedelta(minutes=5),
            Period=60,
            Statistics=["Maximum"],
        )["Datapoints"]
        assert sorted(f"{point['Timestamp']:%H:%M}" for point in points) == ["00:00", "00:01", "00:02"]
