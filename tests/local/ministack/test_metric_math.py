"""Alarms on metric math: what expressions give, which are refused, and what such an alarm says."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.ministack.messaging.alarms.metric_math import MetricMathError, evaluate, period_of, problems
from chatops_local.server import DeploymentFailedError, UnsupportedError
from tests.local.ministack.messaging_stacks import queue, topic
from tests.local.ministack.stacks import deploy

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

HERE = {"one": [6.0, None, 0.0, 8.0], "other": [3.0, 1.0, 0.0, None]}


def metric(id: str, period: int = 60, **properties: Any) -> dict[str, Any]:
    measured = {"Namespace": "Ops", "MetricName": id}
    return {
        "Id": id,
        "ReturnData": False,
        "MetricStat": {"Metric": measured, "Period": period, "Stat": "Sum"},
        **properties,
    }


def queries(*expressions: str) -> list[dict[str, Any]]:
    """Two metrics, and expressions of which the first is watched: e1, e2 and so on."""
    made = [
        {"Id": f"e{number}", "Expression": text, "ReturnData": number == 1}
        for number, text in enumerate(expressions, start=1)
    ]
    return [*made, metric("one"), metric("other")]


def value(*expressions: str) -> list[float | None]:
    return evaluate(queries(*expressions), lambda statistic: HERE[statistic["Metric"]["MetricName"]])


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("one", [6.0, None, 0.0, 8.0]),
        ("one + other", [9.0, None, 0.0, None]),
        ("100 * other / one", [50.0, None, None, None]),
        ("-one", [-6.0, None, 0.0, -8.0]),
        ("other ^ 2 - 1", [8.0, 0.0, -1.0, None]),
        ("one > other", [1.0, None, 0.0, None]),
        ("one >= 6 AND other < 5", [1.0, None, 0.0, None]),
        ("one == 0 || one == 8", [0.0, None, 1.0, 1.0]),
        ("one != 0 && one != 6 && one != 7", [0.0, None, 0.0, 1.0]),
        ("FILL(one, 0)", [6.0, 0.0, 0.0, 8.0]),
        ("FILL(other, one)", [3.0, 1.0, 0.0, 8.0]),
        ("IF(one > 5, one)", [6.0, None, None, 8.0]),
        ("IF(one > 5, 1, other)", [1.0, None, 0.0, 1.0]),
        ("one * PERIOD(one)", [360.0, None, 0.0, 480.0]),
        ("SUM(METRICS())", [9.0, 1.0, 0.0, 8.0]),
        ("MAX([one, other])", [6.0, 1.0, 0.0, 8.0]),
        ("MIN([one, other, 2])", [2.0, 1.0, 0.0, 2.0]),
        ("AVG([one, other])", [4.5, 1.0, 0.0, 8.0]),
    ],
)
def test_what_an_expression_gives(expression: str, values: list[float | None]):
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
    assert value(expression) == values


def test_an_expression_may_use_another():
    assert value("e2 / 2", "one + 2") == [4.0, None, 1.0, 5.0]


@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5), st.floats(-9, 9))
def test_what_is_filled_has_every_data_point(series: list[float | None], by: float):
    filled = evaluate(
        [{"Id": "e", "Expression": f"FILL(one, {by!r})"}, metric("one")],
        lambda _: series,
    )
    assert filled == [by if each is None else each for each in series]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("one +", "'one +' is no expression of metric math"),
        ("third", "third is none of the alarm's Metrics, which are e1, one, other"),
        ("1 + 2", "e1 is a number and not a time series"),
        ("SEARCH('{Ops}', 'Sum')", "is not emulated in metric math; its functions here are AVG, FILL, IF, MAX,"),
        ("FILL(one, REPEAT)", "'FILL(one, REPEAT)' is not emulated"),
        ("PERIOD(e1)", "'PERIOD(e1)' is not emulated"),
        ("ANOMALY_DETECTION_BAND(one, 2)", "'ANOMALY_DETECTION_BAND(one, 2)' is not emulated"),
        ("one < other < 3", "'one < other < 3' is not emulated"),
        ("one % 2", "'one % 2' has an operator that metric math does not have"),
        ("one if other else 2", "'one if other else 2' is not emulated"),
        ("__import__('os').system('true')", "is not emulated"),
        ("'text'", "is not emulated"),
        ("e1 + one", "the expressions go round in a circle: e1 -> e1"),
    ],
)
def test_what_is_refused(expression: str, said: str):
    with pytest.raises(MetricMathError) as refused:
        value(expression)
    assert said in str(refused.value)
    assert list(problems(queries(expression))) == [str(refused.value)]


def test_an_alarm_watches_one_thing():
    both = [metric("one", ReturnData=True), metric("other", ReturnData=True)]
    assert list(problems(both)) == ["an alarm watches the one of its Metrics that has ReturnData; here 2 have it"]


def test_its_metrics_have_one_period():
    assert period_of(queries("one + other")) == 60
    different = [{"Id": "e", "Expression": "one + other"}, metric("one"), metric("other", period=300)]
    assert list(problems(different)) == ["an alarm on metrics of one Period is emulated; here it is 60 and 300"]


def watched(metrics: list[dict[str, Any]], **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Metrics": metrics,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 50,
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "Topic"}],
            **properties,
        },
    }


def of_queue(id: str, name: str, statistic: str) -> dict[str, Any]:
    dimensions = [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["Queue", "QueueName"]}}]
    measured = {"Namespace": "AWS/SQS", "MetricName": name, "Dimensions": dimensions}
    return {"Id": id, "ReturnData": False, "MetricStat": {"Metric": measured, "Period": 60, "Stat": statistic}}


WAITING = [
    {"Id": "share", "Expression": "100 * waiting / (waiting + FILL(done, 0))", "Label": "Waiting"},
    of_queue("waiting", "ApproximateNumberOfMessagesVisible", "Maximum"),
    of_queue("done", "NumberOfMessagesDeleted", "Sum"),
]


@pytest.fixture
def stack(server: Server, tmp_path: Path, request: pytest.FixtureRequest) -> DeployedStack:
    resources = {"Queue": queue(), "Topic": topic(), "Alarm": watched(WAITING)}
    return deploy(server, tmp_path, request.node.name.title().replace("_", ""), resources)


def test_an_alarm_goes_by_what_its_expression_gives(server: Server, stack: DeployedStack):
    name, url, sqs = stack.resource("Alarm"), stack.resource("Queue"), server.client("sqs")
    assert server.evaluate_alarms()[name] == "OK"
    for number in range(4):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    assert server.evaluate_alarms()[name] == "ALARM"
    received = [sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"] for _ in range(3)]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received[0])
    others = [{"Id": str(number), "ReceiptHandle": handle} for number, handle in enumerate(received[1:])]
    sqs.delete_message_batch(QueueUrl=url, Entries=others)
    # One of four is left: 25 percent.
    assert server.evaluate_alarms()[name] == "OK"
    # Nothing was deleted in the minute before that one.
    assert server.evaluate_alarms(later=timedelta(minutes=2))[name] == "ALARM"


def test_what_it_says_has_no_one_metric(server: Server, stack: DeployedStack):
    server.set_alarm_state(stack.resource("Alarm"), "ALARM")
    (publication,) = server.published(stack.resource("Topic"))
    trigger = json.loads(publication.text())["Trigger"]
    assert "MetricName" not in trigger
    assert trigger["Period"] == 60
    share, waiting, _ = trigger["Metrics"]
    assert share == {**WAITING[0], "ReturnData": True}
    name = stack.resource("Queue").rpartition("/")[2]
    assert waiting["MetricStat"]["Metric"]["Dimensions"] == [{"value": name, "name": "QueueName"}]


def test_it_is_described_with_its_metrics(server: Server, stack: DeployedStack):
    (described,) = server.client("cloudwatch").describe_alarms(AlarmNames=[stack.resource("Alarm")])["MetricAlarms"]
    assert [query["Id"] for query in described["Metrics"]] == ["share", "waiting", "done"]
    assert "MetricName" not in described


def test_an_expression_that_is_not_emulated_is_refused_before_anything_is_made(server: Server, tmp_path: Path):
    searched = [{"Id": "e1", "Expression": "SUM(SEARCH('{Ops}', 'Sum'))"}, metric("one")]
    with pytest.raises(UnsupportedError, match="SEARCH"):
        deploy(server, tmp_path, "Searched", {"Topic": topic(), "Alarm": watched(searched)})


def test_one_that_is_known_when_it_is_deployed_is_refused_then(server: Server, tmp_path: Path):
    joined = [{"Id": "e1", "Expression": {"Fn::Join": ["", ["RATE", "(one)"]]}}, metric("one")]
    with pytest.raises(DeploymentFailedError, match=r"'RATE\(one\)' is not emulated"):
        deploy(server, tmp_path, "Joined", {"Topic": topic(), "Alarm": watched(joined)})
