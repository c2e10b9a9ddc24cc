"""Branches that race: the first failure ends the state, and the other branches do nothing more.

"If any branch fails, because of an unhandled error or by transitioning to a Fail state, the entire Parallel state is
considered to have failed and all its branches are stopped."
https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.stacks import allow, deploy, finish, machine, output_of, role, run, start

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_local.server import DeployedStack, Server

State = dict[str, Any]

TOKEN = "{% $states.context.Task.Token %}"
WAITS_FOR_EVER = {"Type": "Wait", "Seconds": 100_000}
FAILS = {"Type": "Fail", "Error": "Race.Over", "Cause": "{% 'won by ' & $name %}"}
CAUGHT = [{"ErrorEquals": ["Race.Over"], "Output": "{% $states.errorOutput.Cause %}", "Next": "End"}]


def branch(**states: State) -> State:
    return {"StartAt": next(iter(states)), "States": states}


def tell(text: str, **fields: Any) -> State:
    arguments = {"QueueUrl": "${Queue}", "MessageBody": text}
    return {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Arguments": arguments, **fields}


def wait_for_token(**fields: Any) -> State:
    resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    return {**tell(TOKEN, **fields), "Resource": resource}


def race(*branches: State, **fields: Any) -> dict[str, State]:
    return {
        "Name": {"Type": "Pass", "Assign": {"name": "outside"}, "Next": "Race"},
        "Race": {"Type": "Parallel", "Branches": list(branches), "Catch": CAUGHT, "Next": "End", **fields},
        "End": {"Type": "Succeed"},
    }


@pytest.fixture(scope="module")
def deploy_race(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., DeployedStack]:
    """Deploys one state machine, `Machine`, which may send to a queue of its own, `Queue`."""

    def deployed(states: dict[str, State], **fields: Any) -> DeployedStack:
        name = f"Race{time.monotonic_ns()}"
        made = machine("Role", states, **fields)
        made["Properties"]["DefinitionString"] = {"Fn::Sub": made["Properties"]["DefinitionString"]}
        resources = {
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
            "Role": role("states", allow("sqs:SendMessage", {"Fn::GetAtt": ["Queue", "Arn"]})),
            "Machine": made,
        }
        return deploy(server, tmp_path_factory.mktemp(name), name, resources)

    return deployed


def told(server: Server, stack: DeployedStack, seconds: int = 0) -> list[str]:
    found = server.client("sqs").receive_message(
        QueueUrl=stack.resource("Queue"), WaitTimeSeconds=seconds, MaxNumberOfMessages=10
    )
    return [message["Body"] for message in found.get("Messages", [])]


def test_the_first_failure_ends_the_state_and_its_cause_can_be_read(server: Server, deploy_race: Any):
    stack = deploy_race(race(branch(Over=FAILS), branch(Sleep={**WAITS_FOR_EVER, "End": True})))
    assert output_of(run(server, stack.resource("Machine"))) == "won by outside"


def test_a_branch_that_sleeps_makes_no_further_call(server: Server, deploy_race: Any):
    sleeps = branch(Sleep={"Type": "Wait", "Seconds": 16, "Next": "Tell"}, Tell=tell("still here", End=True))
    stack = deploy_race(race(branch(Over=FAILS), sleeps))
    run(server, stack.resource("Machine"))
    time.sleep(1)  # the Wait would take 0.8
    assert told(server, stack) == []


def test_a_signal_for_a_branch_that_was_stopped_comes_too_late(server: Server, deploy_race: Any):
    waits = branch(Ask=wait_for_token(Next="Over"), Over=FAILS)
    polls = branch(Sleep={"Type": "Wait", "Seconds": 6, "Next": "Won"}, Won={**FAILS, "Cause": "polled"})
    stack = deploy_race(race(waits, polls))
    execution = start(server, stack.resource("Machine"))
    (token,) = told(server, stack, seconds=5)
    assert output_of(finish(server, execution)) == "polled"
    # "The task token has either expired or the task associated with the token has already been closed."
    # https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
    with pytest.raises(ClientError) as refused:
        server.client("stepfunctions").send_task_success(taskToken=token, output="{}")
    assert refused.value.response["Error"]["Code"] == "TaskTimedOut"


def test_a_signal_in_time_wins(server: Server, deploy_race: Any):
    waits = branch(Ask=wait_for_token(Next="Over"), Over={**FAILS, "Cause": "{% $states.input.kind %}"})
    polls = branch(Sleep={**WAITS_FOR_EVER, "Next": "Again"}, Again={"Type": "Pass", "Next": "Sleep"})
    stack = deploy_race(race(waits, polls))
    execution = start(server, stack.resource("Machine"))
    (token,) = told(server, stack, seconds=5)
    server.client("stepfunctions").send_task_success(taskToken=token, output=json.dumps({"kind": "signal"}))
    assert output_of(finish(server, execution)) == "signal"


def test_a_token_is_good_for_one_answer(server: Server, deploy_race: Any):
    stack = deploy_race({"Ask": wait_for_token(Next="Sleep"), "Sleep": {**WAITS_FOR_EVER, "End": True}})
    execution = start(server, stack.resource("Machine"))
    (token,) = told(server, stack, seconds=5)
    stepfunctions = server.client("stepfunctions")
    stepfunctions.send_task_success(taskToken=token, output="1")
    with pytest.raises(stepfunctions.exceptions.TaskTimedOut):
        stepfunctions.send_task_success(taskToken=token, output="2")
    with pytest.raises(stepfunctions.exceptions.TaskTimedOut):
        stepfunctions.send_task_failure(taskToken=token)
    with pytest.raises(stepfunctions.exceptions.TaskTimedOut):
        stepfunctions.send_task_heartbeat(taskToken=token)
    stepfunctions.stop_execution(executionArn=execution)


def test_what_is_no_token_or_no_json_is_refused(server: Server, deploy_race: Any):
    stack = deploy_race({"Ask": wait_for_token(End=True)})
    execution = start(server, stack.resource("Machine"))
    (token,) = told(server, stack, seconds=5)
    stepfunctions = server.client("stepfunctions")
    with pytest.raises(stepfunctions.exceptions.InvalidToken):
        stepfunctions.send_task_success(taskToken="never given", output="{}")
    with pytest.raises(stepfunctions.exceptions.InvalidOutput):
        stepfunctions.send_task_success(taskToken=token, output="{no json")
    stepfunctions.send_task_success(taskToken=token, output='"the token is still good"')
    assert output_of(finish(server, execution)) == "the token is still good"


def test_every_attempt_of_a_task_has_a_token_of_its_own(server: Server, deploy_race: Any):
    retry = [{"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    stack = deploy_race({"Ask": wait_for_token(Retry=retry, End=True)})
    execution = start(server, stack.resource("Machine"))
    (first,) = told(server, stack, seconds=5)
    server.client("stepfunctions").send_task_failure(taskToken=first, error="Again")
    (second,) = set(told(server, stack, seconds=5)) - {first}
    server.client("stepfunctions").send_task_success(taskToken=second, output="2")
    assert output_of(finish(server, execution)) == 2


def test_another_error_fails_the_state_with_that_error(server: Server, deploy_race: Any):
    # The role may send to one queue only.
    forbidden = {
        **tell("no", End=True),
        "Arguments": {"QueueUrl": "http://sqs/123456789012/other", "MessageBody": "no"},
    }
    stack = deploy_race(race(branch(Tell=forbidden), branch(Sleep={**WAITS_FOR_EVER, "End": True})))
    described = run(server, stack.resource("Machine"))
    assert (described["status"], described["error"]) == ("FAILED", "SQS.AmazonSQSException")
    assert "not authorized to perform: sqs:SendMessage" in described["cause"]


def test_an_error_that_its_branch_handles_does_not_end_the_race(server: Server, deploy_race: Any):
    handles = branch(
        Inner={
            "Type": "Parallel",
            "Branches": [branch(Over=FAILS), branch(Sleep={**WAITS_FOR_EVER, "End": True})],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "handled", "Next": "Done"}],
            "End": True,
        },
        Done={"Type": "Pass", "End": True},
    )
    stack = deploy_race(race(handles, branch(Pass={"Type": "Pass", "Output": "too", "End": True})))
    assert output_of(run(server, stack.resource("Machine"))) == ["handled", "too"]


def test_branches_read_outer_variables_and_keep_their_own(server: Server, deploy_race: Any):
    # https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    assigns = branch(
        Assign={"Type": "Pass", "Assign": {"inner": "{% $name & ', inside' %}"}, "Next": "Tell"},
        Tell={"Type": "Pass", "Output": "{% $inner %}", "End": True},
    )
    states = race(assigns)
    states["End"]["Output"] = "{% [$states.input[0], $exists($inner), $name] %}"
    stack = deploy_race(states)
    assert output_of(run(server, stack.resource("Machine"))) == ["outside, inside", False, "outside"]


def test_a_stopped_execution_ends_in_all_its_branches(server: Server, deploy_race: Any):
    sleeps = branch(Sleep={"Type": "Wait", "Seconds": 16, "Next": "Tell"}, Tell=tell("still here", End=True))
    stack = deploy_race(race(sleeps, branch(Ask=wait_for_token(Next="Over"), Over=FAILS)))
    execution = start(server, stack.resource("Machine"))
    (token,) = told(server, stack, seconds=5)
    server.client("stepfunctions").stop_execution(executionArn=execution, error="Enough", cause="by hand")
    time.sleep(1)
    assert set(told(server, stack)) <= {token}
    with pytest.raises(server.client("stepfunctions").exceptions.TaskTimedOut):
        server.client("stepfunctions").send_task_success(taskToken=token, output="{}")
    described = finish(server, execution)
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Enough", "by hand")
    assert server.execution_history(execution)[-1]["type"] == "ExecutionAborted"


def test_an_execution_out_of_time_ends_in_all_its_branches(server: Server, deploy_race: Any):
    stack = deploy_race(
        race(branch(Ask=wait_for_token(End=True)), branch(Sleep={**WAITS_FOR_EVER, "End": True})), TimeoutSeconds=10
    )
    execution = start(server, stack.resource("Machine"))
    (token,) = told(server, stack, seconds=5)
    assert finish(server, execution)["status"] == "TIMED_OUT"
    with pytest.raises(server.client("stepfunctions").exceptions.TaskTimedOut):
        server.client("stepfunctions").send_task_success(taskToken=token, output="{}")


def test_the_history_has_the_states_of_branches_and_a_number_for_each_event(server: Server, deploy_race: Any):
    stack = deploy_race(race(*[branch(Pass={"Type": "Pass", "End": True}) for _ in range(8)]))
    described = run(server, stack.resource("Machine"))
    history = server.execution_history(described["executionArn"])
    assert [event["id"] for event in history] == list(range(1, len(history) + 1))
    entered = [event for event in history if event["type"] == "PassStateEntered"]
    assert len(entered) == 1 + 8


def test_a_failed_iteration_ends_the_others(server: Server, deploy_race: Any):
    # https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
    choose = {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input = 2 %}", "Next": "Over"}],
        "Default": "Sleep",
    }
    iteration = branch(Choose=choose, Over={**FAILS, "Cause": "the second"}, Sleep={**WAITS_FOR_EVER, "End": True})
    stack = deploy_race(
        {
            "Map": {
                "Type": "Map",
                "Items": [1, 2, 3],
                "ItemProcessor": iteration,
                "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Error %}", "Next": "End"}],
                "Next": "End",
            },
            "End": {"Type": "Succeed"},
        }
    )
    assert output_of(run(server, stack.resource("Machine"))) == "Race.Over"


def test_iterations_run_in_order_and_no_more_at_once_than_allowed(server: Server, deploy_race: Any):
    iteration = branch(Wait={"Type": "Wait", "Seconds": 1, "Output": "{% $states.input * 2 %}", "End": True})
    states = {
        "Map": {
            "Type": "Map",
            "Items": "{% $states.input.items %}",
            "MaxConcurrency": 2,
            "ItemSelector": "{% $states.context.Map.Item.Value + $states.context.Map.Item.Index %}",
            "ItemProcessor": iteration,
            "End": True,
        }
    }
    stack = deploy_race(states)
    begun = time.monotonic()
    assert output_of(run(server, stack.resource("Machine"), {"items": [1, 2, 3, 4, 5]})) == [2, 6, 10, 14, 18]
    assert time.monotonic() - begun > 3 * 0.05
