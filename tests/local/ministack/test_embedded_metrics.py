"""Metrics in lines of logs.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.ministack.functions.embedded_metrics import Datum, InvalidMetricError, data_of
from tests.local.ministack.stacks import WRITE_LOGS, deploy_at, function, role

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

TOKYO, VIRGINIA = "ap-northeast-1", "us-east-1"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


def directive(**changed: Any) -> dict[str, Any]:
    return {
        "Namespace": "Site",
        "Dimensions": [["Switch"]],
        "Metrics": [{"Name": "On", "Unit": "Count"}, {"Name": "Took"}],
        **changed,
    }


def line(*directives: Any, timestamp: Any = 1_780_000_000_123, **members: Any) -> str:
    metadata = {"Timestamp": timestamp, "CloudWatchMetrics": list(directives) or [directive()]}
    return json.dumps({"_aws": metadata, "Switch": "edge", "On": 1, "Took": [1.5, 2], "level": "INFO", **members})


class TestReading:
    def test_each_metric_with_its_dimensions(self):
        at = 1_780_000_000.123
        assert data_of(line()) == [
            Datum("Site", "On", {"Switch": "edge"}, "Count", (1.0,), at),
            Datum("Site", "Took", {"Switch": "edge"}, "None", (1.5, 2.0), at),
        ]

    def test_each_set_of_dimensions(self):
        read = data_of(line(directive(Dimensions=[[], ["Switch", "level"]], Metrics=[{"Name": "On"}])))
        assert [each.dimensions for each in read] == [{}, {"Switch": "edge", "level": "INFO"}]

    def test_each_directive(self):
        read = data_of(line(directive(), directive(Namespace="Other", Metrics=[{"Name": "On"}])))
        assert [(each.namespace, each.name) for each in read] == [("Site", "On"), ("Site", "Took"), ("Other", "On")]

    @pytest.mark.parametrize(
        "other",
        ["", "plain text", '{"level": "INFO"}', 'says "_aws"', '{"nested": {"_aws": {}}}', '["_aws"]', '{"_aws": '],
    )
    def test_any_other_line_has_none(self, other: str):
        assert data_of(other) == []

    @pytest.mark.parametrize(
        ("given_line", "text"),
        [
            (json.dumps({"_aws": 1}), "CloudWatchMetrics is not a list"),
            (json.dumps({"_aws": {"Timestamp": 1}}), "CloudWatchMetrics is not a list"),
            (line(timestamp=None), "_aws.Timestamp None is not a number of milliseconds"),
            (line(timestamp="2026-11-22"), "_aws.Timestamp '2026-11-22' is not"),
            (line("Site"), "is not an object"),
            (line(directive(Namespace="")), "Namespace '' is not a text"),
            (line(directive(Dimensions=[])), r"Dimensions \[\] is not a list of lists; without dimensions it is"),
            (line(directive(Dimensions=["Switch"])), "the dimension set 'Switch' is not a list of at most 30 names"),
            (line(directive(Dimensions=[["Region"]])), "the dimension 'Region' is not a text at the top of the line"),
            (line(Switch=7), "the dimension 'Switch' is not a text"),
            (line(directive(Metrics={"Name": "On"})), "is not a list"),
            (line(directive(Metrics=[{"Unit": "Count"}])), "has no Name"),
            (line(directive(Metrics=[{"Name": "Off"}])), "the metric 'Off' is neither a number nor up to 100 of them"),
            (line(On=True), "the metric 'On' is neither a number"),
            (line(On=2**361), "the metric 'On' is neither a number"),
            (line(On=float("nan")), "the metric 'On' is neither a number"),
            (line(On=float("-inf")), "the metric 'On' is neither a number"),
            (line(On="1"), "the metric 'On' is neither a number"),
            (line(On=[]), "the metric 'On' is neither a number"),
            (line(On=[1] * 101), "the metric 'On' is neither a number"),
        ],
    )
    def test_what_is_not_valid_is_said(self, given_line: str, text: str):
        with pytest.raises(InvalidMetricError, match=text):
            data_of(given_line)

    @given(metadata=JSON, members=st.dictionaries(st.sampled_from(["Switch", "On", "Took"]), JSON))
    def test_whatever_a_line_holds_it_is_read_or_refused(self, metadata: Any, members: dict[str, Any]):
        try:
            read = data_of(json.dumps({**members, "_aws": metadata}))
        except InvalidMetricError:
            return
        assert all(each.values for each in read)

    @given(
        members=st.dictionaries(
            st.text(min_size=1).filter(lambda name: name != "_aws"), st.integers(-(2**53), 2**53), min_size=1
        ),
        timestamp=st.integers(0, 2**42),
    )
    def test_every_number_arrives(self, members: dict[str, int], timestamp: int):
        definition = {"Namespace": "n", "Dimensions": [[]], "Metrics": [{"Name": name} for name in members]}
        metadata = {"Timestamp": timestamp, "CloudWatchMetrics": [definition]}
        read = data_of(json.dumps({**members, "_aws": metadata}))
        assert {each.name: each.values for each in read} == {name: (value,) for name, value in members.items()}
        assert {each.timestamp for each in read} == {timestamp / 1000}


def printing(*statements: dict[str, Any], **resources: Any) -> dict[str, Any]:
    """A function that prints the line that it is given."""
    code = "def handler(event, context):\n    print(event['line'])\n"
    return {"Function": function(code, "Role"), "Role": role("lambda", *(statements or (WRITE_LOGS,))), **resources}


def alarm(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": "Site",
            "MetricName": "On",
            "Dimensions": [{"Name": "Switch", "Value": "edge"}],
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1,
            "Statistic": "Maximum",
            # Of real time 60 seconds, at the scale of this cloud.
            "Period": 60_000,
            "EvaluationPeriods": 1,
            **properties,
        },
    }


def say(cloud: Server, stack: DeployedStack, text: str) -> None:
    client = cloud.client("lambda", stack.region)
    client.invoke(FunctionName=stack.resource("Function"), Payload=json.dumps({"line": text}))


def statistics(cloud: Server, region: str, namespace: str) -> list[dict[str, Any]]:
    now = datetime.now(timezone.utc)
    found: list[dict[str, Any]] = cloud.client("cloudwatch", region).get_metric_statistics(
        Namespace=namespace,
        MetricName="On",
        Dimensions=[{"Name": "Switch", "Value": "edge"}],
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=5),
        Period=3600,
        Statistics=["Sum", "Maximum"],
    )["Datapoints"]
    return found


def now_line(namespace: str, **members: Any) -> str:
    return line(directive(Namespace=namespace), timestamp=int(time.time() * 1000), **members)


def test_a_printed_line_is_a_metric_of_the_function_s_region(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "Embedded", printing())
    say(tokyo_cloud, stack, now_line("Embedded", On=3))
    (point,) = statistics(tokyo_cloud, VIRGINIA, "Embedded")
    assert (point["Sum"], point["Maximum"], point["Unit"]) == (3, 3, "Count")
    assert statistics(tokyo_cloud, TOKYO, "Embedded") == []
    query = {
        "Id": "on",
        "MetricStat": {
            "Metric": {
                "Namespace": "Embedded",
                "MetricName": "On",
                "Dimensions": [{"Name": "Switch", "Value": "edge"}],
            },
            "Period": 60,
            "Stat": "Maximum",
        },
    }
    now = datetime.now(timezone.utc)
    answer = tokyo_cloud.client("cloudwatch", VIRGINIA).get_metric_data(
        MetricDataQueries=[query], StartTime=now - timedelta(minutes=5), EndTime=now + timedelta(minutes=5)
    )
    assert answer["MetricDataResults"][0]["Values"] == [3]


def test_an_alarm_goes_by_it(tokyo_cloud: Server, tmp_path: Path):
    watched = {"Namespace": "EmbeddedAlarm", "AlarmName": "embedded"}
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "EmbeddedAlarm", printing(Alarm=alarm(**watched)))
    assert tokyo_cloud.evaluate_alarms()["embedded"] == "INSUFFICIENT_DATA"
    say(tokyo_cloud, stack, now_line("EmbeddedAlarm", On=0))
    assert tokyo_cloud.evaluate_alarms()["embedded"] == "OK"
    say(tokyo_cloud, stack, now_line("EmbeddedAlarm"))
    assert tokyo_cloud.evaluate_alarms()["embedded"] == "ALARM"
    assert tokyo_cloud.evaluate_alarms(later=timedelta(hours=20))["embedded"] == "INSUFFICIENT_DATA"


def test_a_line_that_is_not_valid_is_told_of(tokyo_cloud: Server, tmp_path: Path):
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "EmbeddedWrong", printing())
    say(tokyo_cloud, stack, now_line("EmbeddedWrong", Switch=None))
    assert statistics(tokyo_cloud, VIRGINIA, "EmbeddedWrong") == []
    log = tokyo_cloud.emulator_log()
    assert "the metrics of a log line are lost: the dimension 'Switch' is not a text at the top of the line" in log


def test_lines_that_a_role_may_not_write_are_no_metrics(tokyo_cloud: Server, tmp_path: Path):
    only_queues = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    stack = deploy_at(tokyo_cloud, tmp_path, VIRGINIA, "EmbeddedMute", printing(only_queues))
    say(tokyo_cloud, stack, now_line("EmbeddedMute"))
    assert statistics(tokyo_cloud, VIRGINIA, "EmbeddedMute") == []
