"""What the local cloud reads from a template: endpoints, and the instances that an app expects."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_local.cloud.endpoints import Endpoint, endpoints_of
from chatops_local.cloud.instances import InstanceGroup, InstanceSpec, groups_for, named, specs_by_id

MARK = {
    "version": 1,
    "url_output": "SlackUrl",
    "team_id": "T012",
    "app_id": "A012",
    "signing_secret_parameter": "/ops/slack-signing-secret",
}


def template(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": {f"Resource{number}": resource for number, resource in enumerate(resources)}}


def function(mark: dict[str, Any], **metadata: str) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Function", "Metadata": {"chatops:endpoint": mark, **metadata}}


def machine(definition: Any) -> dict[str, Any]:
    return {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": definition}}


def looks_for(**tags: list[str]) -> dict[str, Any]:
    filters = [{"Key": "ResourceType", "Values": ["EC2Instance"]}]
    filters += [{"Key": f"tag:{key}", "Values": values} for key, values in tags.items()]
    return {"Find": {"Type": "Task", "Arguments": {"Filters": filters, "MaxResults": 50}}}


class TestEndpoints:
    def test_named_after_the_construct(self):
        found = endpoints_of(template(function(MARK, **{"aws:cdk:path": "Ops/Slack/Dispatch/Resource"})))
        assert found == [
            Endpoint("Ops/Slack", "Resource0", "SlackUrl", "T012", "A012", "/ops/slack-signing-secret", None)
        ]

    def test_without_path_named_after_the_function(self):
        mark = MARK | {"bot_token_parameter": "/ops/slack-bot-token"}
        (endpoint,) = endpoints_of(template({"Type": "X"}, function(mark)))
        assert (endpoint.name, endpoint.function) == ("Resource1", "Resource1")
        assert endpoint.bot_token_parameter == "/ops/slack-bot-token"

    def test_none(self):
        assert endpoints_of(template({"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "x"}})) == []
        assert endpoints_of({}) == []

    def test_another_version(self):
        with pytest.raises(
            ValueError, match=r"Resource0: its chatops:endpoint metadata has version 2.* reads version 1"
        ):
            endpoints_of(template(function(MARK | {"version": 2})))


class TestGroups:
    def test_of_filters(self):
        assert groups_for(template(machine(json.dumps({"States": looks_for(Role=["web"])})))) == [
            InstanceGroup({"Role": "web"}, 2)
        ]

    def test_in_a_join_with_tokens(self):
        text = json.dumps({"States": {"Map": {"ItemProcessor": looks_for(Role=["web"])}, "Arn": "<token>"}})
        before, after = text.split("<token>")
        joined = {"Fn::Join": ["", [before, {"Fn::GetAtt": ["Function", "Arn"]}, after]]}
        assert [group.tags for group in groups_for(template(machine(joined)))] == [{"Role": "web"}]

    def test_each_value_and_each_combination_once(self):
        definitions = [
            looks_for(Role=["web", "batch"]),
            looks_for(Role=["web"]),
            looks_for(Role=["web"], Stage=["prod", "test"]),
        ]
        groups = groups_for(template(*(machine(json.dumps(each)) for each in definitions)))
        assert [group.tags for group in groups] == [
            {"Role": "web"},
            {"Role": "batch"},
            {"Role": "web", "Stage": "prod"},
            {"Role": "web", "Stage": "test"},
        ]

    @pytest.mark.parametrize(
        "definition",
        [
            {"Ref": "Parameter"},
            "{",
            json.dumps(looks_for()),
            json.dumps({"Targets": "{% $targets %}"}),
            json.dumps({"Targets": [{"Key": "tag:Role", "Values": ["{% $role %}"]}]}),
            json.dumps({"Targets": [{"Key": "InstanceIds", "Values": ["i-1"]}, "x"]}),
            {"Fn::Join": ["", ['{"Targets":[{"Key":"tag:Role","Values":["', {"Ref": "Role"}, '"]}]}']]},
        ],
    )
    def test_nothing_to_read(self, definition):
        assert groups_for(template(machine(definition))) == []

    def test_a_definition_as_an_object(self):
        resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": looks_for(Role=["web"])}}
        assert [group.tags for group in groups_for(template(resource))] == [{"Role": "web"}]


class TestNames:
    def test_numbered_over_all_groups(self):
        groups = [
            InstanceGroup({"Role": "web"}, 2),
            InstanceGroup({"App": "web"}, 1),
            InstanceGroup({"a": "b", "c": "d"}, 1),
        ]
        assert named(groups) == [
            InstanceSpec("web-1", {"Role": "web"}),
            InstanceSpec("web-2", {"Role": "web"}),
            InstanceSpec("web-3", {"App": "web"}),
            InstanceSpec("b-d-1", {"a": "b", "c": "d"}),
        ]


class TestParse:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Role=web:3", InstanceGroup({"Role": "web"}, 3)),
            ("Role=web", InstanceGroup({"Role": "web"}, 1)),
            ("Role=web, Stage=prod:1", InstanceGroup({"Role": "web", "Stage": "prod"}, 1)),
            ("aws:autoscaling:groupName=web:2", InstanceGroup({"aws:autoscaling:groupName": "web"}, 2)),
        ],
    )
    def test_good(self, text, expected):
        assert InstanceGroup.parse(text) == expected

    @pytest.mark.parametrize(
        "text", ["", "web", "Role=:3", "=web:3", "Role=web:0", "Role=web:51", "Role=web:x", "Role=web,:2", "Role=web:٣"]
    )
    def test_bad(self, text):
        with pytest.raises(ValueError, match=r"KEY=VALUE:COUNT is expected"):
            InstanceGroup.parse(text)

    @given(st.text(max_size=30))
    def test_any_text_is_read_or_refused(self, text):
        try:
            group = InstanceGroup.parse(text)
        except ValueError as error:
            assert repr(text) in str(error)  # noqa: PT017
        else:
            assert group.tags
            assert 1 <= group.count <= 50


class TestSpecsById:
    """Instances that an app names by their ids."""

    def test_each_once_under_its_own_id(self):
        filters = [{"Key": "InstanceIds", "Values": ["i-0123456789abcdef0", "i-0123456789abcdef1"]}]
        definition = {
            "States": {"Find": {"Arguments": {"Filters": filters}}, "Send": {"Arguments": {"Targets": filters}}}
        }
        assert specs_by_id(template(machine(json.dumps(definition)))) == [
            InstanceSpec("i-0123456789abcdef0", instance_id="i-0123456789abcdef0"),
            InstanceSpec("i-0123456789abcdef1", instance_id="i-0123456789abcdef1"),
        ]

    def test_none_for_tags(self):
        assert specs_by_id(template(machine(json.dumps({"States": looks_for(Role=["web"])})))) == []
