"""Sixty commands in one stack, against the limits of the services."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from chatops_constructs import (
    Action,
    ActionContext,
    Allow,
    BoundAction,
    Ec2Targets,
    RunScript,
    SlackCredentials,
)
from chatops_runtime.contracts import commands_table
from tests.constructs.longest_values import LongestValues
from tests.constructs.stacks import Synthesised, add, endpoint, new_stack, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

FIFTY_IDS = [f"i-{number:017x}" for number in range(50)]


def actions() -> Iterator[Action]:
    tagged = Ec2Targets.by_tag("Role", "web", "application").and_tag("Stage", "production")
    yield from (RunScript("ps aux --sort=-%cpu | head -20", targets=tagged) for _ in range(50))
    three = Ec2Targets.by_ids(*FIFTY_IDS[:3])
    yield from (RunScript("ps aux", targets=three, accepts_text=True) for _ in range(10))


# What the CDK command line sets: every resource gets its path as metadata.
COMMAND_LINE = {"aws:cdk:enable-path-metadata": True}
MINIMISED = {**COMMAND_LINE, "@aws-cdk/aws-iam:minimizePolicies": True}


@pytest.fixture(scope="module", params=[COMMAND_LINE, MINIMISED], ids=["statements as they are", "statements merged"])
def sixty(request: pytest.FixtureRequest) -> Synthesised:
    app = cdk.App(context=request.param, analytics_reporting=False)
    stack = cdk.Stack(app, "OperationsOfTheWholeCompanyInTheProductionAccount")
    slack = endpoint(
        stack,
        "SlackOfTheOperationsTeam",
        encryption_key=kms.Key(stack, "Key"),
        credentials=SlackCredentials.from_parameters("/operations/of/the/whole/company", bot_token=True),
    )
    for number, action in enumerate(actions()):
        # Forty slash commands, and twenty sub-commands of five more.
        name = f"/number-{number}" if number < 40 else f"/ops-{number % 5} sub-command-{number}"
        slack.add_command(name, action, description="what it is good for " * 5, allow=Allow.channel("C0123OPS"))
    assert len(slack.commands) == 60
    return Synthesised.of(app, stack)


def test_the_template(sixty: Synthesised) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html."""
    assert len(sixty.template["Resources"]) <= 500
    assert len(sixty.template["Outputs"]) <= 200
    (file,) = sixty.directory.glob("*.template.json")
    assert file.stat().st_size <= 1_000_000


def inline_policies(synthesised: Synthesised) -> dict[str, int]:
    """The characters in each role's inline policies."""
    values = LongestValues(synthesised.template)
    sizes = dict.fromkeys(synthesised.resources("IAM::Role"), 0)
    for policy in synthesised.resources("IAM::Policy").values():
        for role in policy["Roles"]:
            sizes[role["Ref"]] += values.size(policy["PolicyDocument"])
    return sizes


def test_the_inline_policies_of_every_role(sixty: Synthesised) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 10,240 characters, all in all."""
    sizes = inline_policies(sixty)
    assert max(sizes.values()) <= 10_240
    assert min(sizes.values()) > 0, "every role has a policy"
    assert all("Policies" not in role for role in sixty.resources("IAM::Role").values())


def test_the_managed_policies(sixty: Synthesised) -> None:
    """The same place: 6,144 characters each, and ten to a role."""
    values = LongestValues(sixty.template)
    policies = sixty.resources("IAM::ManagedPolicy")
    assert max(values.size(policy["PolicyDocument"]) for policy in policies.values()) <= 6_144
    for id, role in sixty.resources("IAM::Role").items():
        attached = [policy for policy in policies.values() if {"Ref": id} in policy.get("Roles", [])]
        assert len(role.get("ManagedPolicyArns", [])) + len(attached) <= 10


def test_the_keys_policy(sixty: Synthesised) -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html: 32 KB."""
    policy = sixty.only("KMS::Key")["KeyPolicy"]
    assert LongestValues(sixty.template).size(policy) <= 4_096, "it does not grow with the commands"


def test_dispatch_may_start_all_sixty_and_nothing_else(sixty: Synthesised) -> None:
    allowed = [
        resource
        for statement in sixty.statements("DispatchRole")
        if statement["Action"] == "states:StartExecution"
        for resource in as_list(statement["Resource"])
    ]
    machines = sixty.resources("StepFunctions::StateMachine")
    commands = [id for id in machines if "TeamCommands" in id]
    refusals = sixty.only("StepFunctions::StateMachine", "Refusals")["StateMachineName"]
    assert len(commands) == 60
    assert sorted(one["Ref"] for one in allowed if "Ref" in one) == sorted(commands)
    others = {text_of(one).rpartition(":")[2] for one in allowed if "Ref" not in one}
    assert others == {refusals, sixty.only("StepFunctions::StateMachine", "Decisions")["StateMachineName"]}


def test_decide_may_stop_all_sixty_and_nothing_else(sixty: Synthesised) -> None:
    machines = sixty.resources("StepFunctions::StateMachine")
    names = {machine["StateMachineName"] for id, machine in machines.items() if "TeamCommands" in id}
    stoppable = [
        text_of(resource)
        for statement in sixty.statements("DecisionsPolicies")
        if "states:StopExecution" in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    ]
    assert sorted(arn.split(":")[-2] for arn in stoppable) == sorted(names)
    assert all(arn.endswith(":*") for arn in stoppable)


class Nothing(Action):
    accepts_text = False

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        states = {"Nothing": {"Type": "Pass", "End": True}}
        return BoundAction(start_at="Nothing", states=states, longest=cdk.Duration.seconds(1), resources={})


def test_more_commands_than_one_policy_holds_go_into_another_one() -> None:
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "OperationsOfTheWholeCompanyInTheProductionAccount")
    slack = endpoint(stack)
    for number in range(120):
        add(slack, f"/ops number-{number}", Nothing())
    synthesised = Synthesised.of(app, stack)
    assert max(inline_policies(synthesised).values()) <= 10_240
    test_the_managed_policies(synthesised)
    statements = [*synthesised.statements("DispatchRole"), *synthesised.statements("OverflowPolicy")]
    allowed = [
        resource["Ref"]
        for statement in statements
        if statement["Action"] == "states:StartExecution"
        for resource in as_list(statement["Resource"])
        if "Ref" in resource
    ]
    assert len(set(allowed)) == 120


def test_the_environments(sixty: Synthesised) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 4 KB, all variables together."""
    values = LongestValues(sixty.template)
    for function in sixty.resources("Lambda::Function").values():
        variables = values.resolve(function["Environment"]["Variables"])
        assert sum(len(f"{name}={value}") + 1 for name, value in variables.items()) <= 4_096


def test_the_state_machines(sixty: Synthesised) -> None:
    """https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: 1 MB, names of 80 characters."""
    values = LongestValues(sixty.template)
    machines = sixty.resources("StepFunctions::StateMachine")
    assert len(machines) == 64, "one each for tokens of all of them, for endings, for refusals and for clicks"
    longest = max(map(len, (json.dumps(values.resolve(machine)) for machine in machines.values())))
    assert longest <= 1_048_576, "with everything around the definition"
    names = [machine["StateMachineName"] for machine in machines.values()]
    assert max(map(len, names)) <= 80
    assert len(set(names)) == 64


def test_the_rules_on_endings(sixty: Synthesised) -> None:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html: patterns of 2,048 characters."""
    values = LongestValues(sixty.template)
    rules = [rule for id, rule in sixty.resources("Events::Rule").items() if "Endings" in id]
    assert len(rules) == 6
    assert max(values.size(rule["EventPattern"]) for rule in rules) <= 2_048
    watched = [arn for rule in rules for arn in rule["EventPattern"]["detail"]["stateMachineArn"]]
    assert len({text_of(arn) for arn in watched}) == 60
    assert max(len(rule["Name"]) for rule in rules) <= 64


def test_the_documents(sixty: Synthesised) -> None:
    """https://docs.aws.amazon.com/general/latest/gr/ssm.html: 64 KB."""
    documents = sixty.resources("SSM::Document")
    assert len(documents) == 60
    values = LongestValues(sixty.template)
    assert max(values.size(document["Content"]) for document in documents.values()) <= 65_536


def test_descriptions(sixty: Synthesised) -> None:
    """Lambda takes 256 characters, IAM 1,000 of a set of its own.

    https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html and
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html.
    """
    for of_lambda in ("Lambda::Function", "Lambda::LayerVersion"):
        assert all(len(one["Description"]) <= 256 for one in sixty.resources(of_lambda).values())
    for role in sixty.resources("IAM::Role").values():
        # CDK's own role for a rule has none.
        description = role.get("Description", "")
        assert len(description) <= 1_000
        assert description.isascii()


def test_the_table_holds_them_all(sixty: Synthesised) -> None:
    layer = sixty.only("Lambda::LayerVersion", "CommandsTable")
    table = commands_table.read([str(sixty.asset(layer["Content"]) / commands_table.LAYER_FOLDER)])
    assert len(table["commands"]) == 60
    machines = sixty.resources("StepFunctions::StateMachine")
    assert {entry["machine"] for entry in table["commands"].values()} == {
        machine["StateMachineName"] for id, machine in machines.items() if "TeamCommands" in id
    }
    assert table["refusals"] == sixty.only("StepFunctions::StateMachine", "Refusals")["StateMachineName"]
    assert len(json.dumps(table)) > 4_096, "which is why it is no environment variable"


def test_the_largest_targets() -> None:
    app, stack = new_stack()
    slack = endpoint(stack)
    add(slack, "/ids", RunScript("ps", targets=Ec2Targets.by_ids(*FIFTY_IDS)))
    values = [f"{number}".rjust(256, "v") for number in range(50)]
    add(slack, "/tag", RunScript("ps", targets=Ec2Targets.by_tag("Role", *values[:30])))
    synthesised = Synthesised.of(app, stack)
    measured = LongestValues(synthesised.template)
    for part_of_id in ("IdsMachineRole", "TagMachineRole"):
        policies = [
            measured.size(policy["PolicyDocument"])
            for id, policy in synthesised.resources("IAM::Policy").items()
            if part_of_id in id
        ]
        assert 0 < sum(policies) <= 10_240


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
