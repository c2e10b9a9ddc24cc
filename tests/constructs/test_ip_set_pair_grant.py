"""Who may change the IP sets of a pair, and how a function is told of them."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks

from chatops_constructs.waf.waf_scope import WafScope
from chatops_runtime.contracts import ip_sets as contract
from tests.constructs.ip_set_pairs import (
    ACCOUNT,
    TOKYO,
    US,
    at_run_time,
    in_template,
    new_stack,
    plain,
    role,
    statements,
)


class TestGrant:
    def test_reads_and_updates_the_two_sets_and_finds_them(self) -> None:
        app = cdk.App()
        pair = at_run_time(new_stack(app=app, env=cdk.Environment(region="us-east-1", account=ACCOUNT)))
        ops = new_stack("Ops", cdk.Environment(region="ap-northeast-1", account=ACCOUNT), app)
        pair.grant_update(role(ops))
        found, updated = statements(ops)
        assert (found["Action"], found["Resource"]) == ("wafv2:ListIPSets", "*")
        assert updated["Action"] == ["wafv2:GetIPSet", "wafv2:UpdateIPSet"]
        arn = f"arn:<AWS::Partition>:wafv2:us-east-1:{ACCOUNT}:global/ipset/"
        assert [plain(resource) for resource in updated["Resource"]] == [
            f"{arn}{name}/*" for name in (pair.ipv4_name, pair.ipv6_name)
        ]

    def test_of_a_regional_pair(self) -> None:
        stack = new_stack(env=None)
        pair = at_run_time(stack, waf_scope=WafScope.REGIONAL)
        pair.grant_update(role(stack))
        arn = "arn:<AWS::Partition>:wafv2:<AWS::Region>:<AWS::AccountId>:regional/ipset/"
        assert plain(statements(stack)[1]["Resource"][0]) == f"{arn}{pair.ipv4_name}/*"

    def test_crosses_regions_without_references(self) -> None:
        app = cdk.App()
        edge, ops = new_stack(app=app), new_stack("Ops", TOKYO, app)
        at_run_time(edge).grant_update(role(ops))
        app.synth()
        assert edge.dependencies == ops.dependencies == []
        assert "Outputs" not in Template.from_stack(edge).to_json()

    def test_of_several_pairs_to_a_role_makes_one_policy(self) -> None:
        stack = new_stack()
        one = role(stack)
        for pair in (at_run_time(stack), at_run_time(stack, "Registered")):
            pair.grant_update(one)
            pair.grant_update(one)
        Template.from_stack(stack).resource_count_is("AWS::IAM::Policy", 1)
        found, *updated = statements(stack)
        assert found["Action"] == "wafv2:ListIPSets"
        assert len(updated) == 2, "one for each pair, however often it was granted"
        names = {plain(resource).split("/")[-2] for one in updated for resource in one["Resource"]}
        assert len(names) == 4

    def test_nothing_is_found_by_cdk_nag(self) -> None:
        app = cdk.App()
        for id, env in (("Edge", US), ("Full", cdk.Environment(region="us-east-1", account=ACCOUNT))):
            stack = new_stack(id, env, app)
            at_run_time(stack).grant_update(role(stack))
            assert AwsSolutionsChecks(app).validate_scope(stack).violations == []

    def test_another_wildcard_on_the_role_is_found(self) -> None:
        app = cdk.App()
        stack = new_stack(app=app)
        one = role(stack)
        at_run_time(stack).grant_update(one)
        one.add_to_policy(iam.PolicyStatement(actions=["wafv2:UpdateIPSet"], resources=["*"]))
        found = AwsSolutionsChecks(app).validate_scope(stack).violations
        assert [violation.rule_name for violation in found] == ["AwsSolutions-IAM5[Resource::*]"]

    def test_of_addresses_in_the_template_is_refused(self) -> None:
        stack = new_stack()
        with pytest.raises(ValueError, match=r"addresses is 'in_template'; allowed: at_run_time; .* would undo"):
            in_template(stack, "8.8.8.8/32").grant_update(role(stack))

    def test_from_another_account_is_refused(self) -> None:
        app = cdk.App()
        pair = at_run_time(new_stack(app=app, env=cdk.Environment(region="us-east-1", account=ACCOUNT)))
        other = new_stack("Ops", cdk.Environment(region="us-east-1", account="210987654321"), app)
        with pytest.raises(ValueError, match="the other stack's account is '210987654321'; allowed: 123456789012"):
            pair.grant_update(role(other))

    def test_where_the_region_is_not_known_is_refused(self) -> None:
        app = cdk.App()
        pair = at_run_time(new_stack(app=app, env=None), waf_scope=WafScope.REGIONAL)
        with pytest.raises(ValueError, match="a region, since Ops is in ap-northeast-1; give the pair's stack an env"):
            pair.names_for(new_stack("Ops", TOKYO, app))


class TestNames:
    def test_a_function_is_told_of_them(self) -> None:
        app = cdk.App()
        pair = at_run_time(new_stack(app=app))
        assert contract.read(pair.names_for(new_stack("Ops", TOKYO, app))) == {
            "version": 1,
            "scope": "CLOUDFRONT",
            "region": "us-east-1",
            "ipv4": pair.ipv4_name,
            "ipv6": pair.ipv6_name,
        }

    def test_with_a_region_that_the_deployment_knows(self) -> None:
        stack = new_stack(env=None)
        pair = at_run_time(stack, waf_scope=WafScope.REGIONAL)
        text = plain(stack.resolve(pair.names_for(stack)))
        assert contract.read(text)["region"] == "<AWS::Region>"
