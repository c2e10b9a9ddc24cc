"""WafMaintenanceSwitch: what the web ACL makes of requests, and the ways to have its rules."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from aws_cdk import aws_wafv2 as wafv2

from chatops_constructs.waf.ip_set_addresses import IpSetAddresses
from chatops_constructs.waf.ip_set_pair import IpSetPair
from chatops_constructs.waf.switched_by import SwitchedBy
from chatops_constructs.waf.waf_scope import WafScope
from chatops_local.edge import Rates, RuleSet, WebRequest, capacity_of
from chatops_local.ministack.waf.template_form import as_request
from tests.constructs.maintenance import PASSING, new_stack, switch, template
from tests.constructs.stacks import Synthesised

DEVELOPER, DEVELOPER_6 = "203.0.113.9", "2001:db8:0:7::9"
OTHER, OTHER_6 = "198.51.100.9", "2001:db8:0:8::9"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Entities:
    """The IP sets and rule groups of a template."""

    def __init__(self, synthesised: Synthesised) -> None:
        self._all = synthesised.template["Resources"]

    def ip_set(self, arn: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._all[arn["Fn::GetAtt"][0]]["Properties"]
        return found

    def rule_group(self, arn: Any) -> dict[str, Any]:
        return self.ip_set(arn)


def answer(
    synthesised: Synthesised, source: str, path: str = "/", *, accept: str = BROWSER, **headers: str
) -> str | None:
    """None if the request goes on to the site, otherwise the type of the page."""
    acl = as_request(synthesised.only("WAFv2::WebACL"))
    acl = {"ARN": "arn", "Name": "Acl", "LabelNamespace": "awswaf:1:webacl:Acl:", **acl}
    sent = (("accept", accept), *((name.replace("_", "-").lower(), value) for name, value in headers.items()))
    request = WebRequest(ipaddress.ip_address(source), path=path, headers=sent)
    decision = RuleSet(acl, Entities(synthesised), Rates()).decide(request)
    if decision.allowed:
        return None
    assert decision.response is not None
    response = decision.response
    assert response.status == 503
    sent_back = {name.lower(): value for name, value in response.headers}
    assert sent_back["retry-after"] == "300"
    assert sent_back["cache-control"] == "no-store"
    return sent_back["content-type"].partition(";")[0]


@pytest.fixture(scope="module")
def closed() -> Synthesised:
    return template(switched_by=SwitchedBy.deploy(enabled=True), pass_through=PASSING, json_paths=["/api/"])


@pytest.fixture(scope="module")
def behind_proxy() -> Synthesised:
    by = SwitchedBy.deploy(enabled=True)
    return template(switched_by=by, pass_through=PASSING, forwarded_ip_header="X-Forwarded-For")


class TestWhoSeesWhat:
    @pytest.mark.parametrize("source", [OTHER, OTHER_6, "0.0.0.1", "255.255.255.255", "::1", "ffff::1"])
    def test_end_users_see_the_page(self, closed: Synthesised, source: str) -> None:
        assert answer(closed, source) == "text/html"

    @pytest.mark.parametrize("source", [DEVELOPER, DEVELOPER_6])
    @pytest.mark.parametrize("path", ["/", "/api/orders"])
    def test_developers_see_the_site(self, closed: Synthesised, source: str, path: str) -> None:
        assert answer(closed, source, path) is None

    @pytest.mark.parametrize(
        ("path", "accept", "expected"),
        [
            ("/api/orders", BROWSER, "application/json"),
            ("/apiary", BROWSER, "text/html"),
            ("/", "application/json", "application/json"),
            ("/", "Application/Problem+JSON", "application/json"),
            ("/", "application/json, text/html", "text/html"),
            ("/", "*/*", "text/html"),
            ("/", "", "text/html"),
        ],
    )
    def test_programs_get_json(self, closed: Synthesised, path: str, accept: str, expected: str) -> None:
        assert answer(closed, OTHER, path, accept=accept) == expected

    @pytest.mark.parametrize("by", [SwitchedBy.deploy(enabled=False), SwitchedBy.run_time()])
    def test_open(self, by: SwitchedBy) -> None:
        opened = template(switched_by=by, pass_through=PASSING)
        assert answer(opened, OTHER) is None
        assert answer(opened, OTHER_6) is None

    @pytest.mark.parametrize(
        ("forwarded", "expected"),
        [
            (DEVELOPER, None),
            (f"{OTHER}, {DEVELOPER_6}", None),
            (OTHER, "text/html"),
            (f"{DEVELOPER}, {OTHER}", "text/html"),
            ("nonsense", "text/html"),
            ("", "text/html"),
            (None, "text/html"),
        ],
    )
    @pytest.mark.parametrize("source", [OTHER, DEVELOPER])
    def test_behind_a_proxy(
        self, behind_proxy: Synthesised, source: str, forwarded: str | None, expected: str | None
    ) -> None:
        """The last address counts, a forged one before it does not, and without the header nobody passes."""
        headers = {} if forwarded is None else {"X_Forwarded_For": forwarded}
        assert answer(behind_proxy, source, **headers) == expected

    def test_behind_a_proxy_nobody_is_blocked_while_it_is_open(self) -> None:
        by = SwitchedBy.deploy(enabled=False)
        opened = template(switched_by=by, pass_through=PASSING, forwarded_ip_header="X-Forwarded-For")
        assert answer(opened, OTHER) is None
        assert answer(opened, OTHER, X_Forwarded_For="nonsense") is None

    def test_further_pairs_pass(self) -> None:
        app, stack = new_stack()
        addresses = IpSetAddresses.in_template(f"{OTHER}/32")
        pair = IpSetPair(stack, "More", waf_scope=WafScope.CLOUDFRONT, addresses=addresses)
        _ = switch(stack, switched_by=SwitchedBy.deploy(enabled=True), allow=[pair]).web_acl
        synthesised = Synthesised.of(app, stack)
        assert answer(synthesised, OTHER) is None
        assert answer(synthesised, DEVELOPER) == "text/html"


class TestRules:
    def test_in_a_web_acl_of_yours(self) -> None:
        app, stack = new_stack()
        maintenance = switch(stack, pass_through=PASSING)
        wafv2.CfnWebACL(
            stack,
            "Mine",
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[*maintenance.rules(priority=7)],
            custom_response_bodies=maintenance.custom_response_bodies,
            visibility_config=wafv2.CfnWebACL.VisibilityConfigProperty(
                cloud_watch_metrics_enabled=True, metric_name="Mine", sampled_requests_enabled=True
            ),
        )
        acl = Synthesised.of(app, stack).only("WAFv2::WebACL")
        assert [rule["Priority"] for rule in acl["Rules"]] == [7, 8]
        keys = {rule["Action"]["Block"]["CustomResponse"]["CustomResponseBodyKey"] for rule in acl["Rules"]}
        assert keys == set(acl["CustomResponseBodies"])

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"pass_through": PASSING},
            {"pass_through": PASSING, "json_paths": ["/api/", "/v1/"]},
            {"pass_through": PASSING, "forwarded_ip_header": "X-Real-IP"},
        ],
    )
    def test_a_rule_group_is_the_same_and_has_the_capacity(self, options: dict[str, Any]) -> None:
        app, stack = new_stack()
        maintenance = switch(stack, **options)
        assert maintenance.rule_group is maintenance.rule_group
        assert maintenance.web_acl is maintenance.web_acl
        synthesised = Synthesised.of(app, stack)
        group, acl = (synthesised.only(f"WAFv2::{kind}") for kind in ("RuleGroup", "WebACL"))
        assert group["Rules"] == acl["Rules"]
        assert group["CustomResponseBodies"] == acl["CustomResponseBodies"]
        needed = capacity_of(group["Rules"], lambda _: 0)
        assert maintenance._rules.capacity == needed
        assert group["Capacity"] == 100 >= needed

    def test_a_priority_that_is_none(self) -> None:
        _, stack = new_stack()
        with pytest.raises(ValueError, match="priority is -1; allowed: an integer from 0"):
            switch(stack).rules(priority=-1)
