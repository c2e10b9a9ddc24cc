"""A CloudWatch alarm's notification as it is said."""

from typing import Any

import pytest

from chatops_runtime.notifier.reading import read
from tests.runtime.notifier.notices import REASON, alarm, record

LINK = "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/orders-5xx"


def full(published: dict[str, Any]) -> str:
    return read(record(published)).full(4_000)


def test_everything_that_one_wants_to_know():
    assert full(alarm()).splitlines() == [
        f":red_circle: *ALARM* *<{LINK}|orders-5xx>*",
        "Too many 5xx answers.",
        "Runbook: https://wiki.example.com/orders",
        "since <!date^1795309430^{date_short_pretty} {time_secs}|2026-11-22 01:03:50 UTC> (was OK)",
        REASON,
        "AWS/ApiGateway 5XXError ApiName=orders · US East (N. Virginia), account 123456789012",
    ]


@pytest.mark.parametrize(
    ("state", "beginning"),
    [
        ("ALARM", ":red_circle: *ALARM*"),
        ("OK", ":white_check_mark: *OK*"),
        ("INSUFFICIENT_DATA", ":grey_question: *INSUFFICIENT_DATA*"),
        ("MAYBE", ":grey_question: *MAYBE*"),
    ],
)
def test_a_state_has_a_mark_and_a_word(state, beginning):
    assert full(alarm(state)).startswith(beginning)


def test_with_nothing_but_a_name_and_a_state():
    assert full({"AlarmName": "orders-5xx", "NewStateValue": "OK"}) == ":white_check_mark: *OK* *orders-5xx*"


def test_a_composite_alarm_shows_its_rule():
    changed = alarm(AlarmRule="ALARM(a) OR ALARM(b)")
    del changed["Trigger"]
    assert "\nALARM(a) OR ALARM(b) · US East" in full(changed)


def test_metric_math_has_no_one_metric():
    last = full(alarm(Trigger={"Metrics": [{"Id": "e1", "Expression": "m1/m2"}]})).splitlines()[-1]
    assert last == "US East (N. Virginia), account 123456789012"


def test_nothing_in_it_pings_or_links():
    said = full(alarm(name="<!channel>", AlarmDescription="<!here> <@U012AB3CD>", NewStateReason="<https://x|y>"))
    assert "<!channel>" not in said
    assert "<!here>" not in said
    assert "<@U012AB3CD>" not in said
    assert "&lt;https://x|y&gt;" in said


@pytest.mark.parametrize("arn", [None, 7, "orders", "arn:aws-iso:cloudwatch:us-iso-east-1:123456789012:alarm:a"])
def test_no_link_where_the_console_is_not_known(arn):
    assert full(alarm(AlarmArn=arn)).startswith(":red_circle: *ALARM* *orders-5xx*\n")


def test_the_line_of_a_digest():
    assert read(record(alarm())).line == f":red_circle: *ALARM* *<{LINK}|orders-5xx>*: {REASON}"
