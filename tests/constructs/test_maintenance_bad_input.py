"""WafMaintenanceSwitch, its page and its plans: what is refused, and with which words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_scheduler as scheduler

from chatops_constructs.waf.ip_set_addresses import IpSetAddresses
from chatops_constructs.waf.ip_set_pair import IpSetPair
from chatops_constructs.waf.maintenance_page import LONGEST_BODY, MaintenancePage
from chatops_constructs.waf.switched_by import MaintenanceWindow, SwitchedBy
from chatops_constructs.waf.waf_scope import WafScope
from tests.constructs.maintenance import TOKYO, WINDOW, new_stack, switch

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '<!doctype html><meta charset="utf-8">'


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"waf_scope": "CLOUDFRONT"}, "waf_scope is 'CLOUDFRONT'; allowed: a WafScope"),
        ({"pass_through": "203.0.113.0/24"}, "pass_through is '203.0.113.0/24'; allowed: a list"),
        ({"pass_through": ["0.0.0.0/0"]}, "cidrs is '0.0.0.0/0'; allowed: prefix lengths from 1"),
        ({"pass_through": ["203.0.113.9/24"]}, "write 203.0.113.0/24"),
        ({"allow": ["203.0.113.0/24"]}, "allow[0] is '203.0.113.0/24'; allowed: an IpSetPair"),
        ({"allow": None}, "allow is None; allowed: a list"),
        ({"switched_by": True}, "switched_by is True; allowed: a SwitchedBy"),
        ({"page": "<p>closed"}, "page is '<p>closed'; allowed: a MaintenancePage"),
        ({"json_body": "closed"}, "json_body is 'closed'; allowed: a dict"),
        ({"json_body": {"a": object}}, "json_body is {'a': <class 'object'>}; allowed: a dict of what JSON has"),
        (
            {"json_body": {"a": "閉" * 1363}},
            "json_body is 'of 4097 bytes'; allowed: 1 to 4096 bytes of UTF-8; leave out 1",
        ),
        ({"json_body": {"a": float("nan")}}, "json_body is {'a': nan}; allowed: a dict of what JSON has"),
        ({"json_paths": "/api/"}, "json_paths is '/api/'; allowed: a list"),
        ({"json_paths": ["api"]}, "json_paths[0] is 'api'; allowed: a beginning of a path: a slash"),
        ({"json_paths": ["/a b"]}, "json_paths[0] is '/a b'"),
        ({"json_paths": [f"/{n}" for n in range(11)]}, "json_paths is '11 beginnings'; allowed: at most 10"),
        ({"retry_after": 300}, "retry_after is 300; allowed: a Duration of 1 second to 24 hours"),
        ({"retry_after": cdk.Duration.hours(25)}, "retry_after is '90000 seconds'"),
        ({"retry_after": cdk.Duration.millis(1500)}, "retry_after is '1.5 seconds'"),
        (
            {"forwarded_ip_header": "X-Real-IP"},
            "forwarded_ip_header is 'X-Real-IP'; allowed: none without pass_through",
        ),
        (
            {"forwarded_ip_header": "X Y", "pass_through": ["203.0.113.0/24"]},
            "header is 'X Y'; allowed: 1 to 255 letters",
        ),
    ],
)
def test_parameters(options: dict[str, Any], text: str) -> None:
    _, stack = new_stack()
    with pytest.raises(ValueError, match=re.escape(text)):
        switch(stack, **options)


def test_all_that_is_wrong_is_told_at_once() -> None:
    _, stack = new_stack()
    with pytest.raises(ValueError, match=r"(?s)WafMaintenanceSwitch 'Edge/Maintenance': .*page.*\n  and .*retry_after"):
        switch(stack, page=1, retry_after=1)


def test_pairs_of_another_scope() -> None:
    _, stack = new_stack()
    addresses = IpSetAddresses.in_template("203.0.113.0/24")
    pairs = [IpSetPair(stack, f"P{n}", waf_scope=WafScope.REGIONAL, addresses=addresses) for n in range(6)]
    with pytest.raises(
        ValueError, match=r"(?s)allow is '6 pairs'; allowed: at most 5.*allow\[0\] is 'a pair of WafScope.R"
    ):
        switch(stack, allow=pairs)


@pytest.mark.parametrize("env", [TOKYO, None])
def test_cloudfront_in_another_region(env: cdk.Environment | None) -> None:
    _, stack = new_stack(env)
    with pytest.raises(ValueError, match=r"the stack's region is .*; allowed: us-east-1"):
        switch(stack)


class TestPage:
    @pytest.mark.parametrize(("extra", "fine"), [(0, True), (1, False)])
    def test_bytes_are_counted_not_characters(self, extra: int, fine: bool) -> None:
        room = LONGEST_BODY - len(HEAD)
        text = HEAD + "閉" * (room // 3) + "x" * (room % 3 + extra)
        assert len(text) < LONGEST_BODY / 2
        if fine:
            assert MaintenancePage.from_html(text).text == text
            return
        words = rf"text is 'of 4097 bytes'.*leave out 1 bytes; it has {room // 3} characters of 3 bytes or more"
        with pytest.raises(ValueError, match=words):
            MaintenancePage.from_html(text)

    @pytest.mark.parametrize(
        "part",
        [
            '<link rel="stylesheet" href="/site.css">',
            "<script src=https://example.com/a.js></script>",
            '<IMG alt="" SRC="logo.png">',
        ],
    )
    def test_it_loads_nothing(self, part: str) -> None:
        with pytest.raises(ValueError, match="a page that loads nothing"):
            MaintenancePage.from_html(HEAD + part)

    def test_what_is_in_it_may_stay(self) -> None:
        text = HEAD + '<a href="https://status.example.com">status</a><img alt="" src="data:image/gif;base64,AA==">'
        assert MaintenancePage.from_html(text).text == text

    @pytest.mark.parametrize("text", ["", "  ", None, 1, pytest.param(cdk.Fn.ref("Page"), id="a parameter")])
    def test_no_text(self, text: Any) -> None:
        with pytest.raises(ValueError, match="text "):
            MaintenancePage.from_html(text)

    def test_it_says_that_it_is_utf_8(self) -> None:
        with pytest.raises(ValueError, match="a page that says that it is UTF-8"):
            MaintenancePage.from_html("<p>閉店")

    def test_a_file(self, tmp_path: Path) -> None:
        page = tmp_path / "page.html"
        page.write_text(HEAD, encoding="utf-8")
        assert MaintenancePage.from_file(page).text == HEAD
        with pytest.raises(ValueError, match=r"path is '.*none.html \(FileNotFoundError\)'"):
            MaintenancePage.from_file(tmp_path / "none.html")
        page.write_bytes(b"\xff")
        with pytest.raises(ValueError, match="UnicodeDecodeError"):
            MaintenancePage.from_file(page)


class TestStandardPage:
    def test_it_is_what_people_and_machines_need(self) -> None:
        text = MaintenancePage.standard(service="Orders & <b>").text
        assert len(text.encode()) <= LONGEST_BODY
        assert "Orders &amp; &lt;b&gt;" in text
        for part in (
            '<html lang="ja">',
            '<section lang="en">',
            '<meta charset="utf-8">',
            '<meta name="robots" content="noindex">',
            'name="viewport"',
            "prefers-color-scheme:dark",
        ):
            assert part in text
        assert "http" not in text
        assert "<script" not in text
        assert "url(" not in text

    @pytest.mark.parametrize("service", [None, "あ" * 60])
    def test_any_name_fits(self, service: str | None) -> None:
        assert MaintenancePage.from_html(MaintenancePage.standard(service=service).text)

    @pytest.mark.parametrize("service", ["", " ", "x" * 61])
    def test_names_that_are_none(self, service: str) -> None:
        with pytest.raises(ValueError, match="allowed: 1 to 60 characters"):
            MaintenancePage.standard(service=service)


class TestSwitchedBy:
    @pytest.mark.parametrize("enabled", [None, "yes", 1])
    def test_deploy(self, enabled: Any) -> None:
        with pytest.raises(ValueError, match="allowed: True or False"):
            SwitchedBy.deploy(enabled=enabled)

    @pytest.mark.parametrize("value", [4, cdk.Duration.minutes(4), cdk.Duration.days(31)])
    def test_longest(self, value: Any) -> None:
        with pytest.raises(
            ValueError, match=r"alarm_if_on_longer_than is .*allowed: a Duration of 5 minutes to 30 days"
        ):
            SwitchedBy.run_time(alarm_if_on_longer_than=value)

    @pytest.mark.parametrize(
        ("changed", "text"),
        [
            ({"name": ""}, "windows[0].name is ''; allowed: a letter"),
            ({"name": "Sunday night"}, "windows[0].name is 'Sunday night'"),
            ({"name": "x" * 41}, "windows[0].name is"),
            (
                {"schedule": "cron(0 2 * * ? *)"},
                "windows[0].schedule is 'cron(0 2 * * ? *)'; allowed: ScheduleExpression",
            ),
            (
                {"schedule": scheduler.ScheduleExpression.rate(cdk.Duration.hours(1))},
                "windows[0].schedule is 'rate(1 hour)'; allowed: ScheduleExpression.cron(…) or .at(…)",
            ),
            ({"duration": 60}, "windows[0].duration is 60; allowed: a Duration of 1 minute to 1 day"),
            ({"duration": cdk.Duration.seconds(59)}, "windows[0].duration is '59 seconds'"),
            ({"duration": cdk.Duration.hours(25)}, "windows[0].duration is '1 day 1 hour'"),
        ],
    )
    def test_windows(self, changed: dict[str, Any], text: str) -> None:
        window = MaintenanceWindow(**{"name": "A", "schedule": WINDOW.schedule, "duration": WINDOW.duration, **changed})
        with pytest.raises(ValueError, match=re.escape(text)):
            SwitchedBy.run_time(windows=[window])

    def test_no_window(self) -> None:
        with pytest.raises(ValueError, match=r"windows\[0\] is 'Sunday'; allowed: a MaintenanceWindow"):
            SwitchedBy.run_time(windows=["Sunday"])  # type: ignore[list-item]

    def test_names_that_differ_in_case_only(self) -> None:
        other = MaintenanceWindow("sundaynight", WINDOW.schedule, WINDOW.duration)
        with pytest.raises(ValueError, match="allowed: names that differ"):
            SwitchedBy.run_time(windows=[WINDOW, other])
