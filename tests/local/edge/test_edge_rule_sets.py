"""Web ACLs as a whole: https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing.html."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_local.edge import capacity_of, problems_of_rules
from tests.local.edge.edge_rules import (
    ACL_PREFIX,
    ALLOW,
    BLOCK,
    COUNT,
    GROUP_PREFIX,
    Entities,
    both,
    in_set,
    path_is,
    request,
    rule,
    rule_set,
)

ANYTHING = path_is("STARTS_WITH", "/")
NOTHING = path_is("EXACTLY", "nothing")
BODIES = {
    "page": {"ContentType": "TEXT_HTML", "Content": "<h1>メンテナンス中</h1>"},
    "json": {"ContentType": "APPLICATION_JSON", "Content": '{"message": "maintenance"}'},
}


def block_with(**response: Any) -> dict[str, Any]:
    return {"Block": {"CustomResponse": response}}


def label(key: str, scope: str = "LABEL") -> dict[str, Any]:
    return {"LabelMatchStatement": {"Scope": scope, "Key": key}}


def reference(override: str = "None", priority: int = 0, **settings: Any) -> dict[str, Any]:
    statement = {"RuleGroupReferenceStatement": {"ARN": "group", **settings}}
    return {"Name": "G", "Priority": priority, "Statement": statement, "OverrideAction": {override: {}}}


def test_the_first_rule_by_priority_decides():
    rules = rule_set([rule("Late", ANYTHING, BLOCK, 2), rule("Early", ANYTHING, ALLOW, 1)])
    decision = rules.decide(request())
    assert (decision.allowed, decision.terminating_rule) == (True, "Early")


def test_rules_that_count_do_not_decide():
    rules = rule_set([rule("Seen", ANYTHING, COUNT, 0), rule("Not", NOTHING, COUNT, 1), rule("R", ANYTHING, BLOCK, 2)])
    decision = rules.decide(request())
    assert (decision.allowed, decision.terminating_rule, decision.counted) == (False, "R", ("Seen",))


@pytest.mark.parametrize("action", [ALLOW, BLOCK])
def test_the_default_action_decides_when_no_rule_does(action: dict[str, Any]):
    decision = rule_set([rule("Not", NOTHING, BLOCK)], DefaultAction=action).decide(request())
    assert (decision.allowed, decision.terminating_rule) == (action is ALLOW, "Default_Action")


def test_a_custom_response_has_its_code_headers_and_body():
    headers = [{"Name": "Retry-After", "Value": "600"}, {"Name": "Cache-Control", "Value": "no-store"}]
    action = block_with(ResponseCode=503, CustomResponseBodyKey="page", ResponseHeaders=headers)
    response = rule_set([rule("R", ANYTHING, action)], CustomResponseBodies=BODIES).decide(request()).response
    assert response is not None
    assert (response.status, response.body.decode()) == (503, "<h1>メンテナンス中</h1>")
    assert dict(response.headers) == {"Retry-After": "600", "Cache-Control": "no-store", "Content-Type": "text/html"}


def test_a_custom_response_may_be_a_code_alone():
    response = rule_set([rule("R", ANYTHING, block_with(ResponseCode=404))]).decide(request()).response
    assert response is not None
    assert (response.status, response.headers, response.body) == (404, (), b"")


def test_a_plain_block_leaves_the_answer_to_the_protected_resource():
    assert rule_set([rule("R", ANYTHING, BLOCK)]).decide(request()).response is None


def test_allowed_requests_get_headers_under_the_prefix_of_waf():
    def insert(value: str) -> dict[str, Any]:
        return {"CustomRequestHandling": {"InsertHeaders": [{"Name": "seen", "Value": value}]}}

    rules = [rule("Seen", ANYTHING, {"Count": insert("counted")}), rule("R", ANYTHING, {"Allow": insert("allowed")}, 1)]
    decision = rule_set(rules).decide(request())
    assert decision.inserted == (("x-amzn-waf-seen", "counted"), ("x-amzn-waf-seen", "allowed"))


@pytest.mark.parametrize(
    ("statement", "is_matched"),
    [
        (label("team:dev"), True),
        (label("dev"), False),
        (label(ACL_PREFIX + "team:dev"), True),
        (label("team:", "NAMESPACE"), True),
        (label(ACL_PREFIX + "team:", "NAMESPACE"), True),
        (label("other:", "NAMESPACE"), False),
    ],
)
def test_labels_of_earlier_rules_can_be_matched(statement: dict[str, Any], is_matched: bool):
    labelling = rule("L", ANYTHING, COUNT, 0, RuleLabels=[{"Name": "team:dev"}])
    decision = rule_set([labelling, rule("R", statement, BLOCK, 1)]).decide(request())
    assert decision.labels == (ACL_PREFIX + "team:dev",)
    assert decision.allowed is not is_matched


def test_a_rule_does_not_see_labels_of_later_ones():
    labelling = rule("L", ANYTHING, COUNT, 1, RuleLabels=[{"Name": "x"}])
    assert rule_set([rule("R", label("x"), BLOCK, 0), labelling]).decide(request()).allowed


def test_a_rule_group_decides_with_its_own_bodies():
    action = block_with(ResponseCode=503, CustomResponseBodyKey="json")
    group = {"Rules": [rule("Inner", ANYTHING, action)], "CustomResponseBodies": BODIES}
    decision = rule_set([reference()], Entities(group)).decide(request())
    assert decision.terminating_rule == "G/Inner"
    assert decision.response is not None
    assert decision.response.body == b'{"message": "maintenance"}'


def test_the_result_of_a_rule_group_can_be_made_to_count():
    group = {"Rules": [rule("One", ANYTHING, BLOCK, 0), rule("Two", ANYTHING, COUNT, 1)]}
    rules = [reference("Count"), rule("After", ANYTHING, ALLOW, 1)]
    decision = rule_set(rules, Entities(group)).decide(request())
    # The evaluation of the group has ended with One.
    assert (decision.terminating_rule, decision.counted) == ("After", ("G/One",))


@pytest.mark.parametrize(
    "settings",
    [
        {"RuleActionOverrides": [{"Name": "One", "ActionToUse": COUNT}]},
        {"ExcludedRules": [{"Name": "One"}]},
    ],
)
def test_actions_in_a_rule_group_can_be_overridden(settings: dict[str, Any]):
    group = {"Rules": [rule("One", ANYTHING, BLOCK, 0), rule("Two", ANYTHING, BLOCK, 1)]}
    decision = rule_set([reference(**settings)], Entities(group)).decide(request())
    assert (decision.terminating_rule, decision.counted) == ("G/Two", ("G/One",))


def test_labels_of_a_rule_group_have_its_prefix():
    group = {"Rules": [rule("One", ANYTHING, COUNT, 0, RuleLabels=[{"Name": "x"}])]}
    rules = [reference(), rule("Own", label("x"), BLOCK, 1), rule("Full", label(GROUP_PREFIX + "x"), BLOCK, 2)]
    assert rule_set(rules, Entities(group)).decide(request()).terminating_rule == "Full"


def test_a_managed_rule_group_that_is_left_out_matches_nothing():
    managed = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    assert rule_set([{"Name": "M", "Priority": 0, "Statement": managed}]).decide(request()).allowed


def test_everything_that_is_not_evaluated_is_named():
    managed = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    rules = [
        rule("One", both(ANYTHING, {"GeoMatchStatement": {"CountryCodes": ["JP"]}}), {"Challenge": {}}),
        rule("Two", managed, {}),
        rule("Three", path_is("EXACTLY", "/", "MD5"), BLOCK),
    ]
    assert list(problems_of_rules(rules)) == [
        "rule 'One': action Challenge is not emulated",
        "rule 'One': GeoMatchStatement is not emulated",
        "rule 'Two': managed rule group AWS/AWSManagedRulesCommonRuleSet is not emulated",
        "rule 'Three': text transformation MD5 is not emulated",
    ]
    assert list(problems_of_rules([rules[1]], ["AWS/AWSManagedRulesCommonRuleSet"])) == []


def test_capacity_is_counted_as_documented():
    rules = [
        rule("Sets", both(in_set("a"), in_set("b", "X-Forwarded-For", position="ANY")), BLOCK),
        rule("Path", path_is("CONTAINS", "x", "LOWERCASE", "NONE"), BLOCK),
        reference(),
    ]
    assert capacity_of(rules, lambda _arn: 100) == (1 + 5) + (10 + 10) + 100
