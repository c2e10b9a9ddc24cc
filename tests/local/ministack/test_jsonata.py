"""The States Language with JSONata, as the constructs use it.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.local.ministack.stacks import WRITE_LOGS, allow, deploy, finish, function, machine, output_of, role, start

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

DONE: dict[str, Any] = {"Type": "Succeed"}
FAILS = """
class Flaky(Exception): pass
class Fatal(Exception): pass
def handler(event, context):
    if event["retries"] < event["failures"]:
        raise {"Flaky": Flaky, "Fatal": Fatal}[event["error"]]("no")
    return {"retries": event["retries"], "big": "x" * (262_144 if event["name"] == "big" else 0)}
"""


def passing(**fields: Any) -> dict[str, Any]:
    return {"Type": "Pass", "End": True, **fields}


def flaky(name: str, failures: int, error: str = "Flaky", **fields: Any) -> dict[str, Any]:
    retries = "{% $states.context.State.RetryCount %}"
    payload = {"name": name, "failures": failures, "error": error, "retries": retries}
    arguments = {"FunctionName": "${Flaky}", "Payload": payload}
    return {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": arguments, "End": True, **fields}


ON_FLAKY = {
    "ErrorEquals": ["Flaky"],
    "IntervalSeconds": 1,
    "MaxAttempts": 3,
    "BackoffRate": 2,
    "JitterStrategy": "FULL",
}
MACHINES: dict[str, tuple[dict[str, Any], Any]] = {
    # States, and the output for the input {"list": [1, 2, 3], "one": [{"n": 1, "v": "a"}, {"n": 2, "v": "b"}]}
    "Output": ({"P": passing(Output={"sum": "{% $sum($states.input.list) %}", "text": "plain", "n": [1, "{% 2 %}"]})},
               {"sum": 6, "text": "plain", "n": [1, 2]}),
    "WholeOutput": ({"P": passing(Output="{% $states.input.one %}")}, [{"n": 1, "v": "a"}, {"n": 2, "v": "b"}]),
    "OneMatchIsTheItem": ({"P": passing(Output="{% $states.input.one[n = 2] %}")}, {"n": 2, "v": "b"}),
    "OneMatchAsArray": ({"P": passing(Output="{% [$states.input.one[n = 2]] %}")}, [{"n": 2, "v": "b"}]),
    "NoMatchAsArray": ({"P": passing(Output="{% [$states.input.one[n = 9]] %}")}, []),
    "AssignAndRead": ({"A": {"Type": "Pass", "Assign": {"x": "{% $states.input.list[0] %}"}, "Next": "P"},
                       "P": passing(Output="{% $x + 1 %}")}, 2),
    "AssignAtOnce": ({"A": {"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "B"},
                      "B": {"Type": "Pass", "Assign": {"x": "{% $y %}", "y": "{% $x %}"}, "Next": "P"},
                      "P": passing(Output="{% [$x, $y] %}")}, [2, 1]),
    "OutputBeforeAssign": ({"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"},
                            "B": passing(Assign={"x": 2}, Output="{% $x %}")}, 1),
    "SucceedWithOutput": ({"S": {"Type": "Succeed", "Output": "{% $states.input.list[1] %}"}}, 2),
    "Map": ({"M": {"Type": "Map", "Items": "{% $states.input.list %}", "MaxConcurrency": 2, "End": True,
                   "ItemProcessor": {"StartAt": "I", "States": {"I": passing(Output="{% $states.input * 10 %}")}},
                   "Output": "{% $sum($states.result) %}"}}, 60),
    "MapOfNothing": ({"M": {"Type": "Map", "Items": "{% [$states.input.list[$ > 9]] %}", "End": True,
                            "ItemProcessor": {"StartAt": "I", "States": {"I": passing()}}}}, []),
    "MapSelectsItems": ({"M": {"Type": "Map", "Items": "{% $states.input.list %}", "End": True,
                               "ItemSelector": {"n": "{% $states.context.Map.Item.Value %}",
                                                "i": "{% $states.context.Map.Item.Index %}"},
                               "ItemProcessor": {"StartAt": "I", "States": {"I": passing()}}}},
                        [{"n": 1, "i": 0}, {"n": 2, "i": 1}, {"n": 3, "i": 2}]),
    "VariablesOfAnIterationStayInside": (
        {"A": {"Type": "Pass", "Assign": {"outer": "kept"}, "Next": "M"},
         "M": {"Type": "Map", "Items": [1, 2], "Next": "P", "ItemProcessor": {
             "StartAt": "I", "States": {"I": passing(Assign={"inner": 1}, Output="{% $outer %}")}}},
         "P": passing(Output="{% {'results': $states.input, 'leaked': $exists($inner)} %}")},
        {"results": ["kept", "kept"], "leaked": False}),
    "Parallel": ({"P": {"Type": "Parallel", "End": True, "Arguments": {"n": "{% $states.input.list[2] %}"},
                        "Branches": [{"StartAt": "A", "States": {"A": passing(Output="{% $states.input.n %}")}},
                                     {"StartAt": "B", "States": {"B": passing(Assign={"in": 1}, Output="b")}}],
                        "Assign": {"both": "{% $states.result %}"}, "Output": "{% $count($states.result) %}"}}, 2),
    "ParallelAssigns": ({"P": {"Type": "Parallel", "Next": "R", "Branches": [
                             {"StartAt": "A", "States": {"A": passing(Output="a")}},
                             {"StartAt": "B", "States": {"B": passing(Output="b")}}],
                               "Assign": {"both": "{% $states.result %}"}},
                         "R": passing(Output="{% $both %}")}, ["a", "b"]),
    "ParallelCatches": ({"P": {"Type": "Parallel", "Next": "R", "Branches": [
                             {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Boom", "Cause": "c"}}}],
                               "Catch": [{"ErrorEquals": ["Boom"], "Output": "{% $states.errorOutput.Cause %}",
                                          "Next": "R"}]}, "R": passing()}, "c"),
    "Choice": ({"C": {"Type": "Choice", "Default": "No", "Choices": [
                    {"Condition": "{% $count($states.input.list) > 5 %}", "Next": "No"},
                    {"Condition": "{% 'a' in $states.input.one.v %}", "Output": "chosen", "Assign": {"x": 1},
                     "Next": "Yes"}]},
                "No": passing(Output="no"), "Yes": passing(Output="{% $states.input & $string($x) %}")}, "chosen1"),
    "ChoiceDefaultAssigns": ({"C": {"Type": "Choice", "Default": "R", "Assign": {"d": 7}, "Choices": [
                                  {"Condition": "{% false %}", "Next": "R"}]}, "R": passing(Output="{% $d %}")}, 7),
    "WaitAnExpression": ({"W": {"Type": "Wait", "Seconds": "{% $states.input.list[0] %}", "Next": "R"},
                          "R": passing(Output="waited")}, "waited"),
    "ContextOfTheExecution": ({"P": passing(Output={
        "input": "{% $states.context.Execution.Input.list[0] %}",
        "name": "{% $type($states.context.Execution.Name) %}",
        "time": "{% $contains($states.context.Execution.StartTime, /^\\d{4}-\\d\\d-\\d\\dT.*Z$/) %}",
        "machine": "{% $contains($states.context.StateMachine.Id, 'stateMachine:') %}"})},
        {"input": 1, "name": "string", "time": True, "machine": True}),
    "RetryByName": ({"T": flaky("retry", 2, Retry=[ON_FLAKY], Output="{% $states.result.Payload.retries %}")}, 2),
    "CatchByName": ({"T": flaky("catch", 9, "Fatal", Retry=[ON_FLAKY], Catch=[
        {"ErrorEquals": ["Flaky"], "Next": "Wrong"},
        {"ErrorEquals": ["Fatal"], "Assign": {"why": "{% $parse($states.errorOutput.Cause).errorType %}"},
         "Output": "{% $states.errorOutput.Error %}", "Next": "R"}]),
        "Wrong": passing(), "R": passing(Output="{% [$states.input, $why] %}")}, ["Fatal", "Fatal"]),
    "CatchAll": ({"T": flaky("all", 9, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "R"}]),
                  "R": passing(Output="{% $states.input.Error %}")}, "Flaky"),
    "CatchAnUndefined": ({"T": {**flaky("undefined", 0), "Output": "{% $states.result.Payload.nothing %}",
                                "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "R"}]},
                          "R": passing(Output="caught")}, "caught"),
    "FunctionsOfStepFunctions": ({"P": passing(Output=[
        "{% $partition($states.input.list, 2) %}", "{% $range(1, 5, 2) %}", "{% $hash('a', 'SHA-256') %}",
        "{% $length($uuid()) %}", "{% $parse('{\"a\": 1}').a %}"])},
        [[[1, 2], [3]], [1, 3, 5], "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", 36, 1]),
}  # fmt: skip
FAILING: dict[str, tuple[dict[str, Any], str, str]] = {
    "FailWithExpressions": ({"F": {"Type": "Fail", "Error": "{% 'E' & $string($states.input.list[0]) %}",
                                   "Cause": "{% $states.input.one[0].v %}"}}, "E1", "a"),
    "AMissingField": ({"P": passing(Output="{% $states.input.nothing %}")}, "States.QueryEvaluationError", "nothing"),
    "AnUnboundVariable": ({"P": passing(Assign={"a": "{% $nobody %}"})}, "States.QueryEvaluationError", "nobody"),
    "ATypeError": ({"P": passing(Output="{% 1 + 'a' %}")}, "States.QueryEvaluationError", "T2002"),
    "NoChoice": ({"C": {"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "P"}]}, "P": passing()},
                 "States.NoChoiceMatched", ""),
    "NotForEverybody": ({"P": {"Type": "Parallel", "Branches": [{"StartAt": "F", "States": {
        "F": {"Type": "Fail", "Error": "States.Runtime", "Cause": "c"}}}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "R"}], "End": True}, "R": passing()}, "States.Runtime", "c"),
    "TooMuchOutput": ({"P": passing(Output="{% $join($range(1, 999, 1).$pad('', 99, '語')) %}")},
                      "States.DataLimitExceeded", "exceeding the maximum number of bytes"),
    "TooMuchResult": ({"T": flaky("big", 0, Output="{% 1 %}", Catch=[{"ErrorEquals": ["States.ALL"], "Next": "R"}]),
                       "R": passing()}, "States.DataLimitExceeded", "lambda:invoke"),
    "AVariableOfAnOuterScope": ({"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "P"},
                                 "P": {"Type": "Parallel", "End": True, "Branches": [
                                     {"StartAt": "I", "States": {"I": passing(Assign={"x": 2})}}]}},
                                "States.Runtime", "$x belongs to an outer scope"),
    "ItemsMustBeAnArray": ({"M": {"Type": "Map", "Items": "{% $states.input.one[0] %}", "End": True,
                                  "ItemProcessor": {"StartAt": "I", "States": {"I": passing()}}}},
                           "States.QueryEvaluationError", "array"),
}  # fmt: skip
INPUT = {"list": [1, 2, 3], "one": [{"n": 1, "v": "a"}, {"n": 2, "v": "b"}]}


@pytest.fixture(scope="module")
def ended(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every machine, run once; all at the same time, since an execution takes its time to begin."""
    resources = {
        "FunctionRole": role("lambda", WRITE_LOGS),
        "Flaky": function(FAILS, "FunctionRole"),
        "Role": role("states", allow("lambda:InvokeFunction", {"Fn::GetAtt": ["Flaky", "Arn"]})),
    }
    machines: dict[str, Any] = {**MACHINES, **FAILING}
    for name, described in machines.items():
        resources[name] = machine("Role", described[0])
        text = resources[name]["Properties"]["DefinitionString"]
        resources[name]["Properties"]["DefinitionString"] = {"Fn::Sub": text}
    stack: DeployedStack = deploy(server, tmp_path_factory.mktemp("jsonata"), "Jsonata", resources)
    started = {name: start(server, stack.resource(name), INPUT) for name in {**MACHINES, **FAILING}}
    return {name: finish(server, execution) for name, execution in started.items()}


@pytest.mark.parametrize("name", MACHINES)
def test_states(ended: dict[str, dict[str, Any]], name: str):
    assert output_of(ended[name]) == MACHINES[name][1]


@pytest.mark.parametrize("name", FAILING)
def test_failures(ended: dict[str, dict[str, Any]], name: str):
    _, error, cause = FAILING[name]
    assert (ended[name]["status"], ended[name]["error"]) == ("FAILED", error)
    assert cause in ended[name]["cause"]
