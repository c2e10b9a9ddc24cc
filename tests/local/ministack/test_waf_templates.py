"""AWS::WAFv2 in templates: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_WAFv2.html."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server import DeploymentFailedError, UnsupportedError
from tests.local.ministack.stacks import deploy, template, write_assembly

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
PAGE = {"ContentType": "TEXT_HTML", "Content": "<h1>maintenance</h1>"}


def ip_set(addresses: list[str], **properties: Any) -> dict[str, Any]:
    own = {"Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": addresses, **properties}
    return {"Type": "AWS::WAFv2::IPSet", "Properties": own}


def rule(name: str, statement: dict[str, Any], action: dict[str, Any], priority: int = 0) -> dict[str, Any]:
    return {"Name": name, "Priority": priority, "Statement": statement, "Action": action, "VisibilityConfig": SEEN}


def web_acl(rules: list[dict[str, Any]], **properties: Any) -> dict[str, Any]:
    own = {"Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "Rules": rules, "VisibilityConfig": SEEN, **properties}
    return {"Type": "AWS::WAFv2::WebACL", "Properties": own}


def group(rules: list[dict[str, Any]], capacity: int = 10, **properties: Any) -> dict[str, Any]:
    own = {"Scope": "REGIONAL", "Capacity": capacity, "Rules": rules, "VisibilityConfig": SEEN, **properties}
    return {"Type": "AWS::WAFv2::RuleGroup", "Properties": own}


IN_SET = {"IPSetReferenceStatement": {"Arn": {"Fn::GetAtt": ["Set", "Arn"]}}}
BLOCK = {"Block": {"CustomResponse": {"ResponseCode": 503, "CustomResponseBodyKey": "page"}}}


def named(deployed: DeployedStack, logical_id: str = "Set") -> dict[str, str]:
    name, entity_id, scope = deployed.resource(logical_id).split("|")
    return {"Name": name, "Id": entity_id, "Scope": scope}


def switch_on(server: Server, deployed: DeployedStack) -> None:
    waf = server.client("wafv2")
    token = waf.get_ip_set(**named(deployed))["LockToken"]
    waf.update_ip_set(**named(deployed), Addresses=["0.0.0.0/1"], LockToken=token)


def addresses_of(server: Server, deployed: DeployedStack) -> list[str]:
    addresses: list[str] = server.client("wafv2").get_ip_set(**named(deployed))["IPSet"]["Addresses"]
    return addresses


def test_a_web_acl_with_its_sets_and_bodies(server: Server, tmp_path: Path):
    acl = web_acl([rule("Switch", IN_SET, BLOCK)], CustomResponseBodies={"page": PAGE})
    outputs = {name: {"Fn::GetAtt": ["Acl", name]} for name in ("Arn", "Id", "Capacity", "LabelNamespace")}
    deployed = deploy(server, tmp_path, "WafAcl", {"Set": ip_set([]), "Acl": acl}, **outputs)
    named_acl = named(deployed, "Acl")
    got = server.client("wafv2").get_web_acl(**named_acl)["WebACL"]
    assert got["CustomResponseBodies"] == {"page": PAGE}
    assert got["Rules"][0]["Statement"]["IPSetReferenceStatement"]["ARN"].endswith(named(deployed)["Id"])
    assert deployed.outputs == {
        "Arn": f"arn:aws:wafv2:us-east-1:123456789012:regional/webacl/{named_acl['Name']}/{named_acl['Id']}",
        "Id": named_acl["Id"],
        "Capacity": "1",
        "LabelNamespace": f"awswaf:123456789012:webacl:{named_acl['Name']}:",
    }
    server.destroy(deployed)


@pytest.mark.parametrize("change", [{"Description": "another one"}, {"Addresses": ["198.51.100.0/24"]}])
def test_an_update_in_place_writes_the_addresses_of_the_template(
    server: Server, tmp_path: Path, change: dict[str, Any]
):
    properties = {"Description": "the first one", **change}
    first = deploy(server, tmp_path, "WafReset", {"Set": ip_set(["192.0.2.0/24"], Description="the first one")})
    switch_on(server, first)
    addresses = properties.pop("Addresses", ["192.0.2.0/24"])
    second = deploy(server, tmp_path, "WafReset", {"Set": ip_set(addresses, **properties)})
    assert second.resource("Set") == first.resource("Set")
    assert addresses_of(server, second) == addresses
    server.destroy(second)


def test_a_changed_tag_of_the_stack_resets_the_addresses_as_well(server: Server, tmp_path: Path):
    first = deploy(server, tmp_path, "WafTags", {"Set": ip_set([])})
    switch_on(server, first)
    tagged = write_assembly(tmp_path / "tagged", {"WafTags": template({"Set": ip_set([])})}, tags={"Cost": "Ops"})
    assert addresses_of(server, server.deploy(tagged)) == []
    server.destroy(first)


def test_an_update_that_leaves_the_set_alone_leaves_its_addresses_alone(server: Server, tmp_path: Path):
    first = deploy(server, tmp_path, "WafSame", {"Set": ip_set([])})
    switch_on(server, first)
    second = deploy(server, tmp_path, "WafSame", {"Set": ip_set([]), "More": ip_set(["192.0.2.0/24"])})
    assert addresses_of(server, second) == ["0.0.0.0/1"]
    server.destroy(second)


def test_a_rollback_resets_the_addresses(server: Server, tmp_path: Path):
    first = deploy(server, tmp_path, "WafRollback", {"Set": ip_set([], Description="the first one")})
    switch_on(server, first)
    broken = {"Set": ip_set([], Description="the second one"), "Bad": {**ip_set(["10.0.0.1/8"]), "DependsOn": "Set"}}
    with pytest.raises(DeploymentFailedError, match=r"field: IP_ADDRESS, parameter: 10\.0\.0\.1/8"):
        deploy(server, tmp_path, "WafRollback", broken)
    assert addresses_of(server, first) == []
    server.destroy(first)


def test_another_name_is_another_set(server: Server, tmp_path: Path):
    first = deploy(server, tmp_path, "WafName", {"Set": ip_set([], Name="one")})
    switch_on(server, first)
    second = deploy(server, tmp_path, "WafName", {"Set": ip_set([], Name="two")})
    assert (named(second)["Name"], addresses_of(server, second)) == ("two", [])
    names = [each["Name"] for each in server.client("wafv2").list_ip_sets(Scope="REGIONAL")["IPSets"]]
    assert "one" not in names
    server.destroy(second)


def test_another_scope_is_another_set_unless_its_name_was_chosen(server: Server, tmp_path: Path):
    first = deploy(server, tmp_path, "WafScope", {"Set": ip_set([])})
    second = deploy(server, tmp_path, "WafScope", {"Set": ip_set([], Scope="CLOUDFRONT")})
    assert named(second)["Scope"] == "CLOUDFRONT" != named(first)["Scope"]
    server.destroy(second)
    deploy(server, tmp_path, "WafScope", {"Set": ip_set([], Name="chosen")})
    with pytest.raises(DeploymentFailedError, match="custom-named resource requires replacing"):
        deploy(server, tmp_path, "WafScope", {"Set": ip_set([], Name="chosen", Scope="CLOUDFRONT")})
    server.destroy("WafScope")


@pytest.mark.parametrize(
    ("acl", "reason"),
    [
        (web_acl([rule("R", IN_SET, BLOCK)]), "There is no such custom response body"),
        (
            web_acl([], CustomResponseBodies={"page": {**PAGE, "Content": "あ" * 1366}}),
            "custom response body page has 4098 bytes, at most 4096 allowed",
        ),
        (
            web_acl([], CustomResponseBodies={f"p{n}": {**PAGE, "Content": "x" * 4000} for n in range(13)}),
            "13 custom response bodies with 52000 bytes",
        ),
        (web_acl([], DefaultAction={"Block": {"CustomResponse": {"ResponseCode": 418}}}), "not supported"),
        (
            web_acl(
                [],
                DefaultAction={
                    "Block": {
                        "CustomResponse": {
                            "ResponseCode": 503,
                            "ResponseHeaders": [{"Name": "Content-Type", "Value": "text/html"}],
                        }
                    }
                },
            ),
            "CUSTOM_RESPONSE_HEADER, parameter: content-type",
        ),
        (web_acl([rule("R", IN_SET, {"Allow": {}}), rule("S", IN_SET, {"Allow": {}})]), "priority is used by another"),
        (web_acl([rule("bad name", IN_SET, {"Allow": {}})]), "regular expression pattern"),
        (web_acl([], Scope="CLOUDFRONT", Rules=[rule("R", IN_SET, {"Allow": {}})]), "The scope of the entity"),
    ],
)
def test_what_aws_waf_refuses_fails_the_deployment(server: Server, tmp_path: Path, acl: dict[str, Any], reason: str):
    with pytest.raises(DeploymentFailedError, match=reason):
        deploy(server, tmp_path, "WafBad", {"Set": ip_set([]), "Acl": acl})


def test_a_rule_group_takes_its_capacity(server: Server, tmp_path: Path):
    match = {
        "ByteMatchStatement": {
            "FieldToMatch": {"UriPath": {}},
            "PositionalConstraint": "STARTS_WITH",
            "SearchString": "/api",
            "TextTransformations": [{"Priority": 0, "Type": "LOWERCASE"}],
        }
    }
    rules = [rule("Api", match, {"Count": {}})]
    with pytest.raises(DeploymentFailedError, match="the rules need 12 capacity units, 11 are there"):
        deploy(server, tmp_path, "WafGroup", {"Group": group(rules, capacity=11)})
    reference = {
        "Name": "Group",
        "Priority": 0,
        "OverrideAction": {"None": {}},
        "Statement": {"RuleGroupReferenceStatement": {"Arn": {"Fn::GetAtt": ["Group", "Arn"]}}},
        "VisibilityConfig": SEEN,
    }
    resources = {"Group": group(rules, capacity=12), "Acl": web_acl([reference])}
    deployed = deploy(server, tmp_path, "WafGroup", resources, Capacity={"Fn::GetAtt": ["Acl", "Capacity"]})
    assert deployed.outputs["Capacity"] == "12"
    waf = server.client("wafv2")
    token = waf.get_rule_group(**named(deployed, "Group"))["LockToken"]
    with pytest.raises(waf.exceptions.WAFAssociatedItemException):
        waf.delete_rule_group(**named(deployed, "Group"), LockToken=token)
    server.destroy(deployed)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ({"GeoMatchStatement": {"CountryCodes": ["JP"]}}, "GeoMatchStatement is not emulated"),
        ({"NotStatement": {"Statement": {"XssMatchStatement": {}}}}, "XssMatchStatement is not emulated"),
        (
            {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}},
            "managed rule group AWS/AWSManagedRulesCommonRuleSet is not emulated; to leave it out",
        ),
        (
            {"RateBasedStatement": {"Limit": 10, "AggregateKeyType": "CUSTOM_KEYS"}},
            "aggregation on CUSTOM_KEYS is not emulated",
        ),
        (
            {
                "SizeConstraintStatement": {
                    "FieldToMatch": {"JsonBody": {}},
                    "TextTransformations": [{"Priority": 0, "Type": "SQL_HEX_DECODE"}],
                }
            },
            r"field to match JsonBody is not emulated[^$]*text transformation SQL_HEX_DECODE is not emulated",
        ),
    ],
)
def test_what_is_not_evaluated_is_refused_by_its_name(
    server: Server, tmp_path: Path, statement: dict[str, Any], problem: str
):
    acl = web_acl([rule("Own", statement, {"Block": {}})])
    with pytest.raises(UnsupportedError, match=f"Acl .*: rule 'Own': {problem}"):
        deploy(server, tmp_path, "WafRefused", {"Acl": acl})


def test_actions_and_properties_that_do_nothing_are_refused(server: Server, tmp_path: Path):
    acl = web_acl([rule("Own", IN_SET, {"Captcha": {}})], CaptchaConfig={})
    with pytest.raises(UnsupportedError, match=r"property CaptchaConfig[^$]*action Captcha is not emulated"):
        deploy(server, tmp_path, "WafRefused", {"Set": ip_set([]), "Acl": acl})


def test_a_managed_rule_group_is_left_out_when_the_template_says_so(server: Server, tmp_path: Path):
    managed = {
        "Name": "Common",
        "Priority": 0,
        "OverrideAction": {"None": {}},
        "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}},
        "VisibilityConfig": SEEN,
    }
    metadata = {"chatops-local:ignored-managed-rule-groups": ["AWS/AWSManagedRulesCommonRuleSet"]}
    server.destroy(deploy(server, tmp_path, "WafManaged", {"Acl": {**web_acl([managed]), "Metadata": metadata}}))


def test_http_apis_have_no_web_acl(server: Server, tmp_path: Path):
    """https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html."""
    stage = "arn:aws:apigateway:us-east-1::/apis/abc123/stages/$default"
    properties = {"ResourceArn": stage, "WebACLArn": {"Fn::GetAtt": ["Acl", "Arn"]}}
    association = {"Type": "AWS::WAFv2::WebACLAssociation", "Properties": properties}
    with pytest.raises(UnsupportedError, match="AWS WAF protects REST APIs here"):
        deploy(server, tmp_path, "WafHttp", {"Acl": web_acl([]), "Association": association})
    waf = server.client("wafv2")
    deployed = deploy(server, tmp_path, "WafHttp", {"Acl": web_acl([])}, Arn={"Fn::GetAtt": ["Acl", "Arn"]})
    with pytest.raises(waf.exceptions.WAFInvalidParameterException, match="RESOURCE_ARN"):
        waf.associate_web_acl(WebACLArn=deployed.outputs["Arn"], ResourceArn=stage)
    server.destroy(deployed)


def test_a_stage_of_a_rest_api_has_a_web_acl(server: Server, tmp_path: Path):
    stage = "arn:aws:apigateway:us-east-1::/restapis/abc123/stages/prod"
    properties = {"ResourceArn": stage, "WebACLArn": {"Fn::GetAtt": ["Acl", "Arn"]}}
    association = {"Type": "AWS::WAFv2::WebACLAssociation", "Properties": properties}
    deployed = deploy(server, tmp_path, "WafRest", {"Acl": web_acl([]), "Association": association})
    waf = server.client("wafv2")
    assert waf.get_web_acl_for_resource(ResourceArn=stage)["WebACL"]["Id"] == named(deployed, "Acl")["Id"]
    server.destroy(deployed)
    assert "WebACL" not in waf.get_web_acl_for_resource(ResourceArn=stage)
