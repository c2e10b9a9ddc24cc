"""The off-switch of an endpoint: the parameter, who may read it, and who shares it."""

from __future__ import annotations

import re

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_ssm as ssm

from chatops_constructs import SlackCredentials
from chatops_runtime.contracts import off_switch, template_metadata
from tests.constructs.stacks import Synthesised, endpoint, new_stack, text_of

PARAMETERS = "arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter"


def name_for(synthesised: Synthesised, part_of_id: str = "") -> str:
    """The parameter that a dispatch function reads."""
    function = synthesised.only("Lambda::Function", f"{part_of_id}Dispatch")
    name: str = function["Environment"]["Variables"]["CHATOPS_OFF_SWITCH_PARAMETER"]
    return name


def test_is_on_and_takes_nothing_else_than_it_means(minimal: Synthesised) -> None:
    """All that the resource has.

    CloudFormation writes the value when it updates the resource, and it updates it when one of these changes: what
    changes here switches the commands of every deployed endpoint on again.
    """
    (name,) = (one["Name"] for one in minimal.resources("SSM::Parameter").values())
    assert minimal.only("SSM::Parameter") == {
        "Name": name,
        "Type": "String",
        "Value": "on",
        "AllowedPattern": "^(on|off( .+)?)$",
    }
    assert re.fullmatch(r"/chatops/Ops_Slack_[0-9A-F]{8}/off-switch", name)
    assert off_switch.reason_of("on") is None


def test_another_deployment_leaves_it_as_somebody_set_it() -> None:
    """The same resource to the letter, whatever else changes: CloudFormation has no reason to write it."""
    switches = []
    for options in ({}, {"encryption_key": True}):
        app, stack = new_stack()
        endpoint(stack, encryption_key=kms.Key(stack, "Key") if options else None)
        switches.append(Synthesised.of(app, stack).resources("SSM::Parameter"))
    assert switches[0] == switches[1]


def test_an_output_says_how_to_switch_it(minimal: Synthesised) -> None:
    (output,) = (one for id, one in minimal.template["Outputs"].items() if id.startswith("SlackSwitchOff"))
    assert output["Value"] == f"aws ssm put-parameter --overwrite --name {name_for(minimal)} --value 'off REASON'"


def test_dispatch_reads_it_and_the_secret_and_no_other_parameter(minimal: Synthesised) -> None:
    statements = [one for one in minimal.statements("DispatchRole") if "ssm:" in str(one["Action"])]
    (switch,) = minimal.resources("SSM::Parameter")
    assert {(one["Action"], text_of(one["Resource"])) for one in statements} == {
        ("ssm:GetParameters", f"{PARAMETERS}/ops/prod/slack-signing-secret"),
        ("ssm:GetParameters", f"{PARAMETERS}<{switch}>"),
    }
    assert not [one for one in minimal.statements("ReportRole") if "off-switch" in str(one)]


def test_a_key_is_for_the_secret_alone() -> None:
    app, stack = new_stack()
    key = kms.Key(stack, "Key")
    endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod", encryption_key=key))
    (decrypt,) = (
        one for one in Synthesised.of(app, stack).statements("DispatchRole") if one["Action"] == "kms:Decrypt"
    )
    (condition,) = decrypt["Condition"]["StringEquals"].values()
    assert text_of(condition) == f"{PARAMETERS}/ops/prod/slack-signing-secret"


def test_it_is_there_before_the_function(minimal: Synthesised) -> None:
    """By the policy, which refers to it: without it the first request would find the commands switched off."""
    (function,) = (
        one
        for id, one in minimal.template["Resources"].items()
        if one["Type"] == "AWS::Lambda::Function" and "Dispatch" in id
    )
    (switch,) = minimal.resources("SSM::Parameter")
    policies = [id for id in function["DependsOn"] if f"'{switch}'" in str(minimal.template["Resources"][id])]
    assert policies


def test_the_mark_by_which_tools_find_it(minimal: Synthesised) -> None:
    (mark,) = (
        one["Metadata"][template_metadata.ENDPOINT]
        for one in minimal.template["Resources"].values()
        if template_metadata.ENDPOINT in one.get("Metadata", {})
    )
    assert mark["off_switch_parameter"] == name_for(minimal)


def test_two_endpoints_share_one() -> None:
    app, stack = new_stack()
    one = endpoint(stack, "One")
    two = endpoint(stack, "Two", off_switch=one.off_switch)
    synthesised = Synthesised.of(app, stack)
    assert two.off_switch is one.off_switch
    assert synthesised.count("SSM::Parameter") == 1
    assert name_for(synthesised, "One") == name_for(synthesised, "Two")
    assert f"{PARAMETERS}{name_for(synthesised, 'One')}" in [
        text_of(one["Resource"]) for one in synthesised.statements("TwoDispatchRole") if "ssm" in str(one["Action"])
    ]


def test_two_stacks_share_one_without_an_export() -> None:
    app, stack = new_stack()
    one = endpoint(stack)
    other = cdk.Stack(app, "Other")
    endpoint(other, off_switch=one.off_switch)
    synthesised = Synthesised.of(app, other)
    assert synthesised.count("SSM::Parameter") == 0
    assert re.fullmatch(r"/chatops/Ops_Slack_[0-9A-F]{8}/off-switch", name_for(synthesised))
    assert "Fn::ImportValue" not in str(synthesised.template)


@pytest.mark.parametrize("name", ["/ops/stop", "stop"])
def test_an_imported_one(name: str) -> None:
    app, stack = new_stack()
    arn = f"arn:aws:ssm:us-east-1:123456789012:parameter/{name.lstrip('/')}"
    imported = ssm.StringParameter.from_string_parameter_arn(stack, "Stop", arn)
    endpoint(stack, off_switch=imported)
    synthesised = Synthesised.of(app, stack)
    assert synthesised.count("SSM::Parameter") == 0
    assert name_for(synthesised).lstrip("/") == name.lstrip("/")
    resources = [text_of(one["Resource"]) for one in synthesised.statements("DispatchRole")[1:3]]
    assert resources[1] == f"{PARAMETERS}/{name.lstrip('/')}"


def test_one_whose_name_is_known_at_deploy_time_only(stack: cdk.Stack) -> None:
    unnamed = ssm.StringParameter(stack, "Stop", string_value="on")
    with pytest.raises(ValueError, match=r"SlackCommandEndpoint 'Ops/Slack': off_switch is known at deploy time only"):
        endpoint(stack, off_switch=unnamed)
