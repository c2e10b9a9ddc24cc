"""Where a `DualStackSite` is: always in us-east-1, and nothing crosses regions."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match
from constructs import Construct

from tests.constructs.sites import ACCOUNT, TOKYO, US_EAST_1, new_stack, site, web_acl, zone
from tests.constructs.stacks import Synthesised

IMPORT = "Fn::ImportValue"


def test_in_a_stack_of_us_east_1_it_is_there() -> None:
    app, stack = new_stack()
    assert site(stack).stack is stack
    assert [one.stack_name for one in app.synth().stacks] == ["Web"]


class TestInAnotherRegion:
    @pytest.fixture
    def app(self) -> cdk.App:
        return cdk.App(analytics_reporting=False)

    def test_everything_is_in_a_second_stack(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Web", env=TOKYO)
        made = site(stack, domain_names=["www.example.com"], hosted_zone=zone(stack))
        assert (made.stack.region, made.stack.account) == ("us-east-1", ACCOUNT)
        assembly = app.synth()
        first = assembly.get_stack_by_name("Web")
        assert first.template.get("Resources", {}) == {}
        second = Synthesised.of(app, made.stack)
        assert second.count("CloudFront::Distribution") == second.count("S3::Bucket") == 1
        assert second.count("CertificateManager::Certificate") == 1
        assert second.count("Route53::RecordSet") == 2

    def test_deploying_the_first_deploys_the_second(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Web", env=TOKYO)
        made = site(stack)
        first = app.synth().get_stack_by_name("Web")
        assert made.stack.artifact_id in [one.id for one in first.dependencies]

    def test_the_web_acl_comes_by_an_export_of_its_own_region(self, app: cdk.App) -> None:
        """No custom resource carries it over."""
        edge = cdk.Stack(app, "Edge", env=US_EAST_1)
        stack = cdk.Stack(app, "Web", env=TOKYO)
        made = site(stack, web_acl=web_acl(edge))
        assembly = app.synth()
        second = assembly.get_stack_artifact(made.stack.artifact_id).template
        assert IMPORT in json.dumps(second)
        for one in assembly.stacks:
            types = {resource["Type"] for resource in one.template.get("Resources", {}).values()}
            assert not {kind for kind in types if kind.startswith("Custom::")}
            assert "AWS::CloudFormation::CustomResource" not in types
            assert "AWS::Lambda::Function" not in types

    def test_so_does_its_arn(self, app: cdk.App) -> None:
        edge = cdk.Stack(app, "Edge", env=US_EAST_1)
        made = site(cdk.Stack(app, "Web", env=TOKYO), web_acl=web_acl(edge).attr_arn)
        assert IMPORT in json.dumps(app.synth().get_stack_artifact(made.stack.artifact_id).template)

    def test_an_arn_may_be_a_parameter(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Web", env=US_EAST_1)
        site(stack, web_acl=cdk.CfnParameter(stack, "WebAclArn").value_as_string)
        template = app.synth().get_stack_by_name("Web").template
        assert {"Ref": "WebAclArn"} in [
            resource["Properties"]["DistributionConfig"]["WebACLId"]
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::CloudFront::Distribution"
        ]

    def test_the_sites_of_a_stack_share_one(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Web", env=TOKYO)
        assert site(stack, "One").stack is site(stack, "Two").stack

    def test_sites_whose_paths_read_alike_do_not_meet(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Web", env=TOKYO)
        one = site(Construct(stack, "A"), "B-C")
        two = site(Construct(stack, "A-B"), "C")
        assert one.bucket.node.path != two.bucket.node.path
        app.synth()

    def test_each_stack_has_its_own(self, app: cdk.App) -> None:
        one, two = (site(cdk.Stack(app, id, env=TOKYO)) for id in ("One", "Two"))
        assert (one.stack.stack_name, two.stack.stack_name) == ("One-us-east-1", "Two-us-east-1")
        app.synth()

    def test_a_stage_keeps_it(self, app: cdk.App) -> None:
        stage = cdk.Stage(app, "Prod", env=TOKYO)
        made = site(cdk.Stack(stage, "Web"))
        assert made.stack.stack_name == "Prod-Web-us-east-1"
        assert cdk.Stage.of(made.stack) is stage

    def test_a_nested_stack_has_that_of_the_outermost(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Web", env=TOKYO)
        made = site(cdk.NestedStack(stack, "Nested"))
        assert made.stack.stack_name == "Web-us-east-1"
        app.synth()

    def test_is_protected_as_the_first(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Web", env=TOKYO, termination_protection=True)
        assert site(stack).stack.termination_protection is True

    def test_works_without_a_known_account(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Web", env=cdk.Environment(region="ap-northeast-1"))
        edge = cdk.Stack(app, "Edge", env=cdk.Environment(region="us-east-1"))
        site(stack, web_acl=web_acl(edge))
        app.synth()


class TestInARegionThatIsNotKnown:
    def test_it_is_in_its_own_stack_with_a_warning(self) -> None:
        _, stack = new_stack(env=None)
        assert site(stack).stack is stack
        warning = Match.string_like_regexp("has to be deployed to us-east-1.*chatops-constructs:regionOfSiteUnknown")
        Annotations.from_stack(stack).has_warning("/Web/Site", warning)

    def test_a_web_acl_of_the_same_stack_will_do(self) -> None:
        app, stack = new_stack(env=None)
        site(stack, web_acl=web_acl(stack))
        app.synth()


def test_in_us_east_1_there_is_no_warning() -> None:
    _, stack = new_stack()
    site(stack)
    assert [one.entry.data for one in Annotations.from_stack(stack).find_warning("*", Match.any_value())] == []
