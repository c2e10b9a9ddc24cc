"""Alarms and the dashboard: what they look at is what the functions write, and none pages without a cause."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from aws_cdk.aws_cloudwatch_actions import SnsAction

from chatops_constructs import Allow, EndpointAlarms, InvokeFunction, SlackCredentials
from chatops_runtime.contracts import endpoint_metrics, environment, request_log
from chatops_runtime.slack.signature import SIGNATURE_WRONG
from tests.constructs.stacks import Synthesised, add, endpoint, hello_function, new_stack, text_of


@pytest.fixture(scope="module")
def synthesised() -> Synthesised:
    app, stack = new_stack()
    slack = endpoint(stack)
    slack.alarms(actions=[SnsAction(sns.Topic(stack, "Topic"))])
    slack.dashboard()
    add(slack, "/ps")
    return Synthesised.of(app, stack)


def alarms(synthesised: Synthesised) -> dict[str, dict[str, Any]]:
    found = synthesised.resources("CloudWatch::Alarm")
    return {id.removeprefix("SlackAlarms")[:-8]: alarm for id, alarm in found.items()}


def test_each_has_the_action_a_reason_and_one_period(synthesised: Synthesised) -> None:
    found = alarms(synthesised)
    assert len(found) == len(EndpointAlarms.__doc__.partition("Attributes:")[2].strip().splitlines())  # type: ignore[union-attr]
    for alarm in found.values():
        assert [text_of(action)[:6] for action in alarm["AlarmActions"]] == ["<Topic"]
        assert "Ops/Slack" in alarm["AlarmDescription"]
        assert alarm["TreatMissingData"] == "notBreaching", "nobody types a command at night"
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_clicks_have_one_if_there_is_anything_to_click_on_whenever_it_was_added() -> None:
    app, stack = new_stack()
    slack = endpoint(stack)
    watched = slack.alarms()
    add(slack, "/call", InvokeFunction(hello_function(stack)))
    without = endpoint(stack, "Quiet")
    quiet = without.alarms()
    add(without, "/call", InvokeFunction(hello_function(stack, "Again")))
    add(slack, "/sure", confirm=True)
    synthesised = Synthesised.of(app, stack)
    assert quiet.clicks_failed is None
    assert watched.clicks_failed is not None
    alarm = synthesised.only("CloudWatch::Alarm", "ClicksFailed")
    (dimension,) = alarm["Dimensions"]
    assert "Decisions" in text_of(dimension["Value"])
    assert alarm["MetricName"] == "ExecutionsFailed"


def test_thresholds(synthesised: Synthesised) -> None:
    found = alarms(synthesised)
    assert {id: alarm["Threshold"] for id, alarm in found.items() if alarm["Threshold"] != 1} == {
        "StartUnanswered": 2,
        "SignatureWrong": 20,
        "AckTime": 2000,
    }
    assert {alarm["Period"] for alarm in found.values()} == {60, 300}


def test_they_look_at_what_dispatch_writes(synthesised: Synthesised) -> None:
    variables = synthesised.only("Lambda::Function", "Dispatch")["Environment"]["Variables"]
    own = {id: alarm for id, alarm in alarms(synthesised).items() if alarm["Namespace"] == endpoint_metrics.NAMESPACE}
    dimensions = {id: {one["Name"]: one["Value"] for one in alarm["Dimensions"]} for id, alarm in own.items()}
    assert {one["Endpoint"] for one in dimensions.values()} == {variables[environment.ENDPOINT]}
    assert {id: one["Reason"] for id, one in dimensions.items() if "Reason" in one} == {
        "StartRefused": request_log.START_REFUSED,
        "StartUnanswered": request_log.START_UNANSWERED,
        "SecretMissing": request_log.SECRET_MISSING,
        "OffSwitchUnusable": request_log.OFF_SWITCH_UNUSABLE,
        "InternalError": request_log.INTERNAL_ERROR,
        "SignatureWrong": SIGNATURE_WRONG,
    }
    assert own["AckTime"]["ExtendedStatistic"] == "p99"


def test_report_writes_for_the_same_endpoint(synthesised: Synthesised) -> None:
    names = {
        synthesised.only("Lambda::Function", id)["Environment"]["Variables"][environment.ENDPOINT]
        for id in ("Dispatch", "Report")
    }
    assert len(names) == 1


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("ack_time", cdk.Duration.seconds(0), "ack_time is '0 second.*up to 3 seconds"),
        ("ack_time", cdk.Duration.seconds(4), "ack_time is '4 seconds'.*up to 3 seconds"),
        ("wrong_signatures", 0, "wrong_signatures is 0; allowed: a whole number from 1 on"),
    ],
)
def test_limits_that_are_none(stack: cdk.Stack, option: str, value: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        endpoint(stack).alarms(**{option: value})


def test_limits_can_be_set(maximal: Synthesised) -> None:
    found = maximal.resources("CloudWatch::Alarm")
    thresholds = {id[:-8]: alarm["Threshold"] for id, alarm in found.items() if id.startswith("SlackAlarms")}
    assert (thresholds["SlackAlarmsAckTime"], thresholds["SlackAlarmsSignatureWrong"]) == (1000, 100)


def test_metrics_take_what_cdks_own_take(stack: cdk.Stack) -> None:
    slack = endpoint(stack)
    options: dict[str, Any] = {
        "period": cdk.Duration.minutes(1),
        "statistic": cloudwatch.Stats.AVERAGE,
        "label": "a label",
        "color": cloudwatch.Color.RED,
    }
    names = ("received", "refused", "started", "ack_time", "succeeded", "failed", "not_audited", "undelivered")
    for name in names:
        metric: cloudwatch.Metric = getattr(slack, f"metric_{name}")(**options)
        assert metric.period.to_seconds() == 60
        assert (metric.statistic, metric.label, metric.color) == ("Average", "a label", "#d62728")


def test_the_dashboard_has_a_row_for_each_command_whenever_it_was_added(synthesised: Synthesised) -> None:
    body = json.loads(text_of(synthesised.only("CloudWatch::Dashboard")["DashboardBody"]))
    titles = [widget["properties"]["title"] for widget in body["widgets"]]
    assert titles == [
        "Requests",
        "Refused, by reason",
        "Milliseconds to the answer",
        "Results",
        "Not delivered, not audited",
        "The last commands",
        "/ps",
        "/ps: milliseconds",
    ]
    assert all(widget["x"] + widget["width"] <= 24 for widget in body["widgets"])


def test_the_saved_query_looks_into_every_log_of_the_endpoint(synthesised: Synthesised) -> None:
    query = synthesised.only("Logs::QueryDefinition")
    groups = {text_of(name)[1:-9] for name in query["LogGroupNames"]}
    own = {"SlackDispatchLogs", "SlackReportLogs", "SlackLogs", "SlackAuditLog"}
    assert groups == own | {"SlackDecisionsDecideLogs"}, "a script can be cancelled"
    assert "0123456789" in query["QueryString"]


def test_the_saved_query_looks_into_the_logs_of_what_clicks_and_rules_need() -> None:
    app, stack = new_stack()
    slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True))
    add(slack, "/one", allow=Allow.user_group("S0ADMINS"))
    add(slack, "/two", allow=Allow.user_group("S0ADMINS"), confirm=True)
    groups = [text_of(name) for name in Synthesised.of(app, stack).only("Logs::QueryDefinition")["LogGroupNames"]]
    assert len(groups) == 6
    assert sum("Authorize" in name for name in groups) == 1
    assert sum("Decide" in name for name in groups) == 1
