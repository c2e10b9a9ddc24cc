"""CloudWatch alarms: what they say, to whom they may say it, and what they are evaluated on."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.ministack.messaging.alarms.evaluation import state_for
from chatops_local.ministack.messaging.alarms.messages import State, region_name, subject
from tests.local.ministack.callers import ANYBODY_HERE
from tests.local.ministack.messaging_stacks import (
    arn_of,
    deny_insecure,
    from_topic,
    letting_in,
    queue,
    queue_policy,
    subscription,
    topic,
    topic_policy,
    until,
)
from tests.local.ministack.stacks import deploy, machine, role, run
from tests.local.trust.behaviours import SERVICE_KEY, TOPIC_POLICY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server


@pytest.fixture
def deployed(
    server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[dict[str, Any]], DeployedStack]:
    name = "".join(word.title() for word in request.node.name.partition("[")[0].split("_"))
    return lambda resources: deploy(server, tmp_path, name, resources)


def alarm(**properties: Any) -> dict[str, Any]:
    """An alarm on what is in the queue, as CDK writes it."""
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": "Messages that nobody could process",
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["Queue", "QueueName"]}}],
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1,
            "Statistic": "Maximum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "Topic"}],
            **properties,
        },
    }


def resources(**alarm_properties: Any) -> dict[str, Any]:
    return {"Queue": queue(), "Topic": topic(), "Alarm": alarm(**alarm_properties)}


def told(server: Server, stack: DeployedStack) -> list[dict[str, Any]]:
    return [json.loads(publication.text()) for publication in server.published(stack.resource("Topic"))]


def test_an_alarm_tells_its_topic(server: Server, deployed: Any):
    stack = deployed(resources())
    server.set_alarm_state(stack.resource("Alarm"), "ALARM", "because of the test")
    (publication,) = server.published(stack.resource("Topic"))
    name = stack.resource("Alarm")
    assert publication.subject == f'ALARM: "{name}" in US East (N. Virginia)'
    message = json.loads(publication.text())
    configured, changed = message.pop("AlarmConfigurationUpdatedTimestamp"), message.pop("StateChangeTime")
    for timestamp in (configured, changed):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000", timestamp)
    assert message == {
        "AlarmName": name,
        "AlarmDescription": "Messages that nobody could process",
        "AWSAccountId": server.account,
        "NewStateValue": "ALARM",
        "NewStateReason": "because of the test",
        "Region": "US East (N. Virginia)",
        "AlarmArn": f"arn:aws:cloudwatch:us-east-1:{server.account}:alarm:{name}",
        "OldStateValue": "INSUFFICIENT_DATA",
        "OKActions": [],
        "AlarmActions": [stack.resource("Topic")],
        "InsufficientDataActions": [],
        "Trigger": {
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Namespace": "AWS/SQS",
            "StatisticType": "Statistic",
            "Statistic": "MAXIMUM",
            "Unit": None,
            "Dimensions": [{"value": stack.resource("Queue").rpartition("/")[2], "name": "QueueName"}],
            "Period": 60,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1.0,
            "TreatMissingData": "notBreaching",
            "EvaluateLowSampleCountPercentile": "",
        },
    }


def test_an_alarm_is_known_by_its_logical_id(server: Server, deployed: Any):
    given_resources = resources()
    given_resources["ByItsOwnId"] = given_resources.pop("Alarm")
    stack = deployed(given_resources)
    server.set_alarm_state("ByItsOwnId", "ALARM")
    assert len(told(server, stack)) == 1


def test_an_alarm_that_is_not_there_is_named(server: Server):
    with pytest.raises(ValueError, match="'Nowhere' means 0 alarms"):
        server.set_alarm_state("Nowhere", "ALARM")
    with pytest.raises(ValueError, match="state must be one of OK, ALARM, INSUFFICIENT_DATA, not 'RED'"):
        server.set_alarm_state("Nowhere", "RED")


def test_each_state_has_its_own_actions_and_only_a_change_counts(server: Server, deployed: Any):
    stack = deployed(resources(OKActions=[{"Ref": "Topic"}]))
    name = stack.resource("Alarm")
    for state in ("ALARM", "ALARM", "INSUFFICIENT_DATA", "OK"):
        server.set_alarm_state(name, state)
    assert [(each["OldStateValue"], each["NewStateValue"]) for each in told(server, stack)] == [
        ("INSUFFICIENT_DATA", "ALARM"),
        ("INSUFFICIENT_DATA", "OK"),
    ]


def test_actions_that_are_off_tell_nobody(server: Server, deployed: Any):
    stack = deployed(resources(ActionsEnabled=False))
    server.set_alarm_state(stack.resource("Alarm"), "ALARM")
    assert told(server, stack) == []


@TOPIC_POLICY.deny()
def test_a_policy_in_place_of_the_default_one_has_to_let_alarms_in(server: Server, deployed: Any):
    # The trap of `enforce_ssl` and of rules with the topic as their target: either gives it a policy.
    stack = deployed({**resources(), "Policy": topic_policy("Topic", deny_insecure("sns:Publish", {"Ref": "Topic"}))})
    server.set_alarm_state(stack.resource("Alarm"), "ALARM")
    assert told(server, stack) == []
    (refusal,) = [found for found in server.refusals() if found.target == stack.resource("Topic")]
    assert refusal.service == "cloudwatch.amazonaws.com"
    assert refusal.source.endswith(f":alarm:{stack.resource('Alarm')}")
    assert "sns:Publish" in refusal.reason


@TOPIC_POLICY.allow()
def test_a_policy_that_lets_the_alarm_in(server: Server, deployed: Any):
    statement = letting_in("cloudwatch", "sns:Publish", {"Ref": "Topic"}, arn_of("Alarm"))
    stack = deployed({**resources(), "Policy": topic_policy("Topic", statement)})
    server.set_alarm_state(stack.resource("Alarm"), "ALARM")
    assert len(told(server, stack)) == 1


def test_rules_see_the_change(server: Server, deployed: Any):
    pattern = {"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}
    rule_properties = {
        "EventPattern": {**pattern, "resources": [arn_of("Alarm")]},
        "Targets": [{"Id": "queue", "Arn": arn_of("Seen")}],
    }
    stack = deployed(
        {
            **resources(),
            "Seen": queue(),
            "Rule": {"Type": "AWS::Events::Rule", "Properties": rule_properties},
            "Policy": queue_policy("Seen", letting_in("events", "sqs:SendMessage", arn_of("Seen"), arn_of("Rule"))),
        }
    )
    server.set_alarm_state(stack.resource("Alarm"), "ALARM", "first")
    server.set_alarm_state(stack.resource("Alarm"), "OK", "second")
    first, second = (json.loads(message.body) for message in server.messages(stack.resource("Seen")))
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
    assert first["resources"] == [f"arn:aws:cloudwatch:us-east-1:{server.account}:alarm:{stack.resource('Alarm')}"]
    detail = second["detail"]
    assert (detail["alarmName"], detail["state"]["value"]) == (stack.resource("Alarm"), "OK")
    assert (detail["previousState"]["value"], detail["previousState"]["reason"]) == ("ALARM", "first")
    (metric,) = detail["configuration"]["metrics"]
    assert metric["metricStat"] == {
        "metric": {
            "namespace": "AWS/SQS",
            "name": "ApproximateNumberOfMessagesVisible",
            "dimensions": {"QueueName": stack.resource("Queue").rpartition("/")[2]},
        },
        "period": 60,
        "stat": "Maximum",
    }


def test_a_message_in_a_queue_raises_the_queues_alarm(server: Server, deployed: Any):
    stack = deployed(resources(OKActions=[{"Ref": "Topic"}]))
    name = stack.resource("Alarm")
    assert server.evaluate_alarms()[name] == "OK"
    server.client("sqs").send_message(QueueUrl=stack.resource("Queue"), MessageBody="m")
    assert server.evaluate_alarms()[name] == "ALARM"
    assert told(server, stack)[-1]["NewStateReason"] == (
        "Threshold Crossed: 1 datapoint [1.0] was greater than or equal to the threshold (1.0)."
    )
    server.client("sqs").purge_queue(QueueUrl=stack.resource("Queue"))
    assert server.evaluate_alarms()[name] == "OK"


def test_a_machine_that_does_not_succeed_raises_the_dead_mans_alarm(server: Server, deployed: Any):
    dead_man = alarm(
        Namespace="AWS/States",
        MetricName="ExecutionsSucceeded",
        Dimensions=[{"Name": "StateMachineArn", "Value": {"Ref": "Machine"}}],
        Statistic="Sum",
        ComparisonOperator="LessThanThreshold",
        Period=3600,
        EvaluationPeriods=2,
        TreatMissingData="breaching",
    )
    stack = deployed(
        {
            "Topic": topic(),
            "Alarm": dead_man,
            "Machine": machine("States", {"Done": {"Type": "Succeed"}}),
            "States": role("states"),
        }
    )
    name = stack.resource("Alarm")
    run(server, stack.resource("Machine"))
    assert server.evaluate_alarms()[name] == "OK"
    assert server.evaluate_alarms(later=timedelta(hours=1, minutes=30))[name] == "OK"
    assert server.evaluate_alarms(later=timedelta(hours=3))[name] == "ALARM"
    assert "no datapoints were received for 2 periods" in told(server, stack)[-1]["NewStateReason"]


def test_an_old_message_raises_the_alarm_on_age_unless_it_is_poison(server: Server, deployed: Any):
    stack = deployed(resources(MetricName="ApproximateAgeOfOldestMessage", Threshold=720))
    name, url, sqs = stack.resource("Alarm"), stack.resource("Queue"), server.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="m")
    assert server.evaluate_alarms(later=timedelta(minutes=5))[name] == "OK"
    assert server.evaluate_alarms(later=timedelta(minutes=13))[name] == "ALARM"
    for _ in range(4):
        sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    assert server.evaluate_alarms(later=timedelta(minutes=13))[name] == "OK"


@pytest.mark.parametrize(
    "permitted", [pytest.param(True, marks=SERVICE_KEY.allow()), pytest.param(False, marks=SERVICE_KEY.deny())]
)
def test_an_encrypted_topic_takes_alarms_that_its_key_lets_in(server: Server, tmp_path: Path, permitted: bool):
    own = {"Effect": "Allow", "Principal": ANYBODY_HERE, "Action": "kms:*", "Resource": "*"}
    alarms = {**letting_in("cloudwatch", "", "*"), "Action": ["kms:Decrypt", "kms:GenerateDataKey*"]}
    policy = {"Version": "2012-10-17", "Statement": [own, alarms] if permitted else [own]}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}}
    given_resources = {**resources(), "Topic": topic(KmsMasterKeyId=arn_of("Key")), "Key": key}
    stack = deploy(server, tmp_path, f"EncryptedAlarm{permitted}", given_resources)
    server.set_alarm_state(stack.resource("Alarm"), "ALARM")
    assert len(told(server, stack)) == permitted
    reasons = [found.reason for found in server.refusals() if found.target == stack.resource("Topic")]
    assert ["kms:GenerateDataKey" in reason for reason in reasons] == ([] if permitted else [True])


def test_other_metrics_are_what_was_published(server: Server, deployed: Any):
    own = [{"Name": "Command", "Value": "ps"}]
    stack = deployed(
        {
            "Topic": topic(),
            "Alarm": alarm(Namespace="Ops", MetricName="Refused", Dimensions=own, Statistic="Sum", Threshold=3),
        }
    )
    put = server.client("cloudwatch").put_metric_data
    put(Namespace="Ops", MetricData=[{"MetricName": "Refused", "Dimensions": own, "Value": 2}])
    others = [{"Name": "Command", "Value": "another"}]
    put(Namespace="Ops", MetricData=[{"MetricName": "Refused", "Dimensions": others, "Value": 9}])
    name = stack.resource("Alarm")
    assert server.evaluate_alarms()[name] == "OK"
    put(Namespace="Ops", MetricData=[{"MetricName": "Refused", "Dimensions": own, "Value": 1}])
    assert server.evaluate_alarms()[name] == "ALARM"


def test_an_alarm_reaches_a_queue_through_its_topic(server: Server, deployed: Any):
    stack = deployed(
        {
            **resources(),
            "Notices": queue(),
            "Policy": from_topic("Topic", "Notices"),
            "Subscription": subscription("Topic", "sqs", arn_of("Notices"), RawMessageDelivery=True),
        }
    )
    server.set_alarm_state(stack.resource("Alarm"), "ALARM")
    (message,) = until(lambda: server.messages(stack.resource("Notices")))
    assert json.loads(message.body)["NewStateValue"] == "ALARM"


CONFIGURED = {"ComparisonOperator": "GreaterThanThreshold", "Threshold": 1, "TreatMissingData": "missing"}


@pytest.mark.parametrize(
    ("missing", "values", "state"),
    [
        ("missing", [None], "INSUFFICIENT_DATA"),
        ("missing", [None, 2.0], "ALARM"),
        ("missing", [2.0, 1.0], "OK"),
        ("ignore", [None], None),
        ("breaching", [None, 2.0], "ALARM"),
        ("breaching", [None, 1.0], "OK"),
        ("notBreaching", [None, 2.0], "OK"),
        ("notBreaching", [None, None], "OK"),
    ],
)
def test_missing_data(missing: str, values: list[float | None], state: str | None):
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    decided = state_for({**CONFIGURED, "TreatMissingData": missing}, values)
    assert (decided and decided[0]) == state


@given(
    st.lists(st.floats(-5, 5) | st.none(), min_size=1, max_size=5),
    st.integers(1, 5),
    st.sampled_from(["missing", "ignore", "breaching", "notBreaching"]),
)
def test_an_alarm_needs_as_many_datapoints_as_it_says(values: list[float | None], needed: int, missing: str):
    needed = min(needed, len(values))
    decided = state_for({**CONFIGURED, "DatapointsToAlarm": needed, "TreatMissingData": missing}, values)
    breaching = sum(1 for value in values if (missing == "breaching" if value is None else value > 1))
    if breaching >= needed:
        assert decided is not None
        assert decided[0] == "ALARM"
    if breaching == 0:
        assert decided is None or decided[0] != "ALARM"


def test_a_long_name_makes_no_subject_that_sns_would_refuse():
    long = {"AlarmName": "x" * 255, "AlarmArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:x"}
    assert len(subject(long, State("INSUFFICIENT_DATA", "", None))) == 99  # type: ignore[arg-type]


def test_regions_have_their_names():
    assert region_name("ap-northeast-1") == "Asia Pacific (Tokyo)"
    assert region_name("mars-north-1") == "mars-north-1"
