"""Definitions as files, and what CloudFormation fills in."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from hypothesis import given
from hypothesis import strategies as st

from chatops_constructs import InvokeFunction
from chatops_constructs.workflow.definition import Definition
from tests.constructs.stacks import Synthesised, add, endpoint

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["${Name}", "${Partition}", "$${x", "${!y}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=3))
def test_what_has_no_tokens_stays_as_it_is_and_is_never_filled_in(definition: dict[str, Any]) -> None:
    made = Definition(definition)
    assert made.substitutions == {}
    assert "${" not in made.text
    assert json.loads(made.text) == definition


def test_each_token_has_one_name_after_its_first_field() -> None:
    stack = cdk.Stack(cdk.App(), "Ops")
    arn = f"arn:{cdk.Aws.PARTITION}:states:::lambda:invoke"
    made = Definition(
        {
            "States": {
                "A": {
                    "Resource": arn,
                    "Arguments": {"FunctionName": stack.region, "Payload": {"log-group": stack.account}},
                },
                "B": {"Resource": arn, "Arguments": {"FunctionName": stack.stack_id, "Again": [stack.region]}},
            }
        }
    )
    assert made.substitutions == {
        "Partition": cdk.Aws.PARTITION,
        "FunctionName": stack.region,
        "loggroup": stack.account,
        "FunctionName2": stack.stack_id,
    }
    states = json.loads(made.text)["States"]
    assert states["A"] == {
        "Resource": "arn:${Partition}:states:::lambda:invoke",
        "Arguments": {"FunctionName": "${FunctionName}", "Payload": {"log-group": "${loggroup}"}},
    }
    assert states["B"]["Arguments"] == {"FunctionName": "${FunctionName2}", "Again": ["${FunctionName}"]}


def test_a_function_of_another_stack_is_imported() -> None:
    app = cdk.App(analytics_reporting=False)
    functions = cdk.Stack(app, "Functions")
    function = lambda_.Function(
        functions,
        "Seed",
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): return 'done'"),
    )
    stack = cdk.Stack(app, "Ops")
    add(endpoint(stack), "/seed", InvokeFunction(function))
    machine = Synthesised.of(app, stack).only("StepFunctions::StateMachine", "CommandsSeed")
    assert "Fn::ImportValue" in machine["DefinitionSubstitutions"]["FunctionName"]


def test_the_same_definition_is_one_file() -> None:
    definition = {"Comment": "the same", "States": {"A": {"Type": "Succeed"}}}
    assert Definition(definition).text == Definition(dict(definition)).text
