"""Rules with pairs of IP sets: whom they match, and whom they let pass through a proxy."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_wafv2 as wafv2
from aws_cdk.assertions import Template

from chatops_runtime.contracts import ip_ranges
from tests.constructs.ip_set_pairs import (
    in_template,
    new_stack,
)
from tests.constructs.web_acl_double import MissingHeader, Request, WebAcl

VISIBILITY = wafv2.CfnWebACL.VisibilityConfigProperty(
    cloud_watch_metrics_enabled=True, metric_name="rule", sampled_requests_enabled=True
)


def blocking(statement: Any, priority: int = 1) -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name="Block",
        priority=priority,
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        statement=statement,
        visibility_config=VISIBILITY,
    )


def negated(statement: Any) -> wafv2.CfnWebACL.StatementProperty:
    return wafv2.CfnWebACL.StatementProperty(not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=statement))


def web_acl(stack: cdk.Stack, *rules: Any, missing: MissingHeader = MissingHeader.RULE_IS_NOT_APPLIED) -> WebAcl:
    wafv2.CfnWebACL(
        stack,
        "WebAcl",
        scope="CLOUDFRONT",
        default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
        visibility_config=VISIBILITY,
        rules=list(rules),
    )
    template = Template.from_stack(stack)
    (acl,) = template.find_resources("AWS::WAFv2::WebACL").values()
    ip_sets = template.find_resources("AWS::WAFv2::IPSet")
    addresses = {id: one["Properties"]["Addresses"] for id, one in ip_sets.items()}
    return WebAcl(acl["Properties"]["Rules"], addresses, missing)


class TestStatement:
    def test_matches_both_families(self) -> None:
        stack = new_stack()
        office = in_template(stack, "8.8.8.0/24", "2a00:1450::/32")
        acl = web_acl(stack, blocking(office.statement()))
        assert [acl.blocks(Request(address)) for address in ("8.8.8.8", "2a00:1450::7", "9.9.9.9", "2a01::7")] == [
            True,
            True,
            False,
            False,
        ]

    def test_within_others(self) -> None:
        stack = new_stack()
        everyone = in_template(stack, *ip_ranges.EVERYONE, id="Everyone")
        office = in_template(stack, "8.8.8.0/24")
        both = wafv2.CfnWebACL.AndStatementProperty(statements=[everyone.statement(), negated(office.statement())])
        acl = web_acl(stack, blocking(wafv2.CfnWebACL.StatementProperty(and_statement=both)))
        assert [acl.blocks(Request(address)) for address in ("8.8.8.8", "9.9.9.9", "2a00::1")] == [False, True, True]

    def test_in_a_rule_group(self) -> None:
        stack = new_stack()
        office = in_template(stack, "8.8.8.0/24")
        group = wafv2.CfnRuleGroup
        visibility = group.VisibilityConfigProperty(
            cloud_watch_metrics_enabled=True, metric_name="rule", sampled_requests_enabled=True
        )
        group(
            stack,
            "Group",
            scope="CLOUDFRONT",
            capacity=10,
            visibility_config=visibility,
            rules=[
                office.forwarded_source("X-Real-IP").label_rule(priority=0),
                group.RuleProperty(
                    name="Block",
                    priority=1,
                    action=group.RuleActionProperty(block={}),
                    visibility_config=visibility,
                    statement=group.StatementProperty(
                        not_statement=group.NotStatementProperty(statement=office.statement())
                    ),
                ),
            ],
        )
        (made,) = Template.from_stack(stack).find_resources("AWS::WAFv2::RuleGroup").values()
        label, block = made["Properties"]["Rules"]
        assert label["RuleLabels"] == [{"Name": f"source-in:{office.ipv4_name.removesuffix('_Ipv4')}:x-real-ip"}]
        references = block["Statement"]["NotStatement"]["Statement"]["OrStatement"]["Statements"]
        assert [one["IPSetReferenceStatement"]["Arn"]["Fn::GetAtt"][1] for one in references] == ["Arn", "Arn"]


@pytest.mark.parametrize("missing", MissingHeader)
class TestForwardedSource:
    """Behind a proxy at 9.9.9.9 which puts the client's address at the end of X-Forwarded-For."""

    @staticmethod
    def acl(missing: MissingHeader) -> WebAcl:
        stack = new_stack()
        office = in_template(stack, "8.8.8.0/24", "2a00:1450::/32").forwarded_source("X-Forwarded-For")
        return web_acl(
            stack, office.label_rule(priority=0), blocking(negated(office.statement()), priority=1), missing=missing
        )

    @pytest.mark.parametrize("header", ["8.8.8.8", "2a00:1450::7", "1.1.1.1, 8.8.8.8", "nonsense, 8.8.8.8"])
    def test_whom_the_proxy_saw_in_the_pair_passes(self, missing: MissingHeader, header: str) -> None:
        assert not self.acl(missing).blocks(Request("9.9.9.9", {"x-forwarded-for": header}))

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"X-Forwarded-For": ""},
            {"X-Forwarded-For": "1.1.1.1"},
            {"X-Forwarded-For": "2a01::7"},
            {"X-Forwarded-For": "8.8.8.8, 1.1.1.1"},
            {"X-Forwarded-For": "8.8.8.8, nonsense"},
            {"X-Forwarded-For": "::ffff:8.8.8.8"},
            {"X-Real-IP": "8.8.8.8"},
        ],
    )
    def test_nobody_else_does(self, missing: MissingHeader, headers: dict[str, str]) -> None:
        assert self.acl(missing).blocks(Request("9.9.9.9", headers))

    def test_the_addresses_of_the_connection_do_not_count(self, missing: MissingHeader) -> None:
        assert self.acl(missing).blocks(Request("8.8.8.8", {"X-Forwarded-For": "1.1.1.1"}))

    def test_in_one_rule_it_would_let_everybody_pass(self, missing: MissingHeader) -> None:
        """What `ForwardedSource` is there for: the rule that blocks looks at the header itself."""
        acl = self.acl(missing)
        label, block = acl.rules
        alone = {**block, "Statement": {"NotStatement": {"Statement": label["Statement"]}}}
        blocked = WebAcl([alone], acl.sets, missing).blocks(Request("9.9.9.9"))
        assert blocked == (missing is MissingHeader.STATEMENT_DOES_NOT_MATCH)

    @pytest.mark.parametrize("header", ["", "X Forwarded", "X_Forwarded", "a" * 256])
    def test_a_header_that_is_none_is_refused(self, missing: MissingHeader, header: str) -> None:
        with pytest.raises(ValueError, match=r"header is .*; allowed: 1 to 255 letters, digits and hyphens"):
            in_template(new_stack(), "8.8.8.8/32").forwarded_source(header)
