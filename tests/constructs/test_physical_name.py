"""Names that a rule, a policy and a table of commands rely on."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
from constructs import Construct
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_constructs._physical_name import name_prefix, physical_name
from tests.constructs.stacks import Synthesised, add, endpoint, scheduled, text_of

# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
DOCUMENT = re.compile(r"[a-zA-Z0-9_\-.]{3,128}")
RESERVED = re.compile("aws|amazon|amzn", re.IGNORECASE)
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
MACHINE = re.compile(r"[A-Za-z0-9_-]{1,80}")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
# The constructs library keeps children in a JavaScript object, which has something of that name already.
PROTOTYPE = "__proto__"
STACK_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,127}", fullmatch=True)
IDS = st.lists(
    st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1, max_size=60),
    min_size=1,
    max_size=4,
).filter(lambda ids: not any("${Token" in id or id == PROTOTYPE for id in ids))


def construct(stack_name: str, *ids: str) -> Construct:
    scope: Construct = cdk.Stack(cdk.App(), "Stack", stack_name=stack_name)
    for id in ids:
        scope = Construct(scope, id)
    return scope


@settings(max_examples=25, deadline=None)
@given(stack_name=STACK_NAMES, ids=IDS, longest=st.sampled_from([80, 128]))
def test_any_construct_of_any_stack_has_a_name_that_the_services_take(
    stack_name: str, ids: list[str], longest: int
) -> None:
    made = construct(stack_name, *ids)
    name = physical_name(made, longest=longest)
    assert MACHINE.fullmatch(name) if longest == 80 else DOCUMENT.fullmatch(name)
    assert not RESERVED.match(name)
    assert name.startswith(name_prefix(made))
    assert len(name_prefix(made)) <= 40


@settings(max_examples=15, deadline=None)
@given(names=st.lists(STACK_NAMES, min_size=2, max_size=2, unique=True))
def test_no_stacks_prefix_begins_the_names_of_another(names: list[str]) -> None:
    one, other = (construct(name, "Task") for name in names)
    assert not physical_name(one, longest=80).startswith(name_prefix(other))


def test_stacks_whose_names_begin_alike() -> None:
    prefixes = {name_prefix(construct(name, "x")) for name in ("Ops", "Ops-Eu", "Ops2", "Op", "O" * 60, "O" * 61)}
    assert len(prefixes) == 6
    for one in prefixes:
        assert not any(other.startswith(one) for other in prefixes - {one})


def test_names_depend_on_the_whole_path() -> None:
    paths = [("A", "B"), ("AB",), ("A", "B", "C"), ("A-B",), ("A B",), ("夜",), ("間",), ("A",)]
    assert len({physical_name(construct("Ops", *path), longest=80) for path in paths}) == len(paths)


def test_ids_that_say_nothing_count_in_the_hash_alone() -> None:
    name = physical_name(construct("Ops", "Task", "Resource"), longest=80)
    assert re.fullmatch(r"Ops_Task_[0-9A-F]{8}", name)


def scene(stack: cdk.Stack) -> None:
    add(endpoint(stack), "/ps")
    scheduled(stack, "Task")


def nested(app: cdk.App) -> cdk.Stack:
    return cdk.NestedStack(cdk.Stack(app, "Parent"), "Nested")


def of_a_stage(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(cdk.Stage(app, "Production"), "Ops")


STACKS: dict[str, Any] = {
    "plain": lambda app: cdk.Stack(app, "Ops"),
    "long": lambda app: cdk.Stack(app, "OperationsOfTheWholeCompanyInTheProductionAccountOfTheWholeWorld"),
    "of a stage": of_a_stage,
    "begins with aws": lambda app: cdk.Stack(app, "aws-operations"),
    "begins with Amazon": lambda app: cdk.Stack(app, "AmazonOps"),
    "with an environment": lambda app: cdk.Stack(
        app, "Ops", env=cdk.Environment(account="123456789012", region="eu-central-1")
    ),
}


def check_names(template: dict[str, Any]) -> None:
    """What the signal is for: the rule matches every document, the policy every machine that waits."""
    resources = template["Resources"].values()

    def of_type(kind: str) -> list[dict[str, Any]]:
        return [each["Properties"] for each in resources if each["Type"] == f"AWS::{kind}"]

    (rule,) = (one for one in of_type("Events::Rule") if "aws.ssm" in one["EventPattern"]["source"])
    (prefix,) = (one["prefix"] for one in rule["EventPattern"]["detail"]["document-name"])
    documents = [document["Name"] for document in of_type("SSM::Document")]
    machines = [machine["StateMachineName"] for machine in of_type("StepFunctions::StateMachine")]
    assert len(documents) == 2
    assert len(machines) == 7
    assert all(name.startswith(prefix) for name in documents + machines)
    (resume,) = (
        statement
        for policy in of_type("IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "states:SendTaskSuccess"
    )
    assert text_of(resume["Resource"]).endswith(f":stateMachine:{prefix}*")
    assert not any(RESERVED.match(name) for name in documents)


@pytest.mark.parametrize("make", STACKS.values(), ids=STACKS.keys())
def test_rule_and_policy_match_the_names(make: Any) -> None:
    app = cdk.App(analytics_reporting=False)
    stack = make(app)
    scene(stack)
    stage = cdk.Stage.of(stack)
    assert stage is not None
    check_names(stage.synth().get_stack_artifact(stack.artifact_id).template)


def test_in_a_nested_stack() -> None:
    app = cdk.App(analytics_reporting=False)
    stack = nested(app)
    scene(stack)
    check_names(dict(Template.from_stack(stack).to_json()))


def test_two_stacks_do_not_wake_each_others_machines() -> None:
    app = cdk.App(analytics_reporting=False)
    patterns = []
    for name in ("Ops", "Ops-Eu"):
        stack = cdk.Stack(app, name)
        scheduled(stack)
        patterns.append(name_prefix(stack))
    first, second = (
        Synthesised(app.synth().directory, app.synth().get_stack_by_name(name).template)  # type: ignore[arg-type]
        for name in ("Ops", "Ops-Eu")
    )
    for document in first.resources("SSM::Document").values():
        assert not document["Name"].startswith(patterns[1])
    for document in second.resources("SSM::Document").values():
        assert not document["Name"].startswith(patterns[0])
