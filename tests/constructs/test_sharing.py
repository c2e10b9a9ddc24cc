"""Two endpoints in one stack, one action twice, and what is passed in instead of being created."""

from __future__ import annotations

import pytest
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from chatops_constructs import EndpointAccess, InvokeFunction, RunCommandInstancePolicy, RunScript
from tests.constructs.stacks import COMMANDS, WEB, Synthesised, add, endpoint, new_stack, text_of


def test_two_endpoints_share_what_a_stack_has_once() -> None:
    app, stack = new_stack()
    for id in ("One", "Two"):
        add(endpoint(stack, id), "/ps")
    synthesised = Synthesised.of(app, stack)

    assert synthesised.count("ApiGatewayV2::Api") == 2
    assert synthesised.count("Lambda::Function") == 6
    machines = sorted(id[:10] for id in synthesised.resources("StepFunctions::StateMachine"))
    own = ("Command", "Decisio", "Endings", "Refusal")
    assert [machine[:10] for machine in machines] == [
        "Completion",
        *(f"{id}{one}" for id in ("One", "Two") for one in own),
    ]
    # Once: the signal that commands are over; telemetry, following commands, instances; and the log group for output.
    # What telling, stopping and cancelling take is each endpoint's own.
    assert synthesised.count("IAM::ManagedPolicy") == 3 + 2 * 3
    assert len([id for id in synthesised.resources("Logs::LogGroup") if id.startswith("RunCommandOutput")]) == 1
    # Each dispatch starts its own machine only.
    for id in ("One", "Two"):
        refusals, decisions, command = (
            text_of(one["Resource"])
            for one in synthesised.statements(f"{id}DispatchRole")
            if one["Action"] == "states:StartExecution"
        )
        assert f":stateMachine:Ops_{id}_Refusals_" in refusals
        assert f":stateMachine:Ops_{id}_Decisions_" in decisions
        assert command.startswith(f"<{id}CommandsPs")
    assert {api["Name"][:7] for api in synthesised.resources("ApiGatewayV2::Api").values()} == {"Ops-One", "Ops-Two"}


def test_one_action_for_two_commands_is_two_documents() -> None:
    app, stack = new_stack()
    action = RunScript("ps", targets=WEB)
    slack = endpoint(stack)
    one, two = add(slack, "/ps", action), add(slack, "/top", action)
    synthesised = Synthesised.of(app, stack)

    assert one.action.resources["document"] is not two.action.resources["document"]
    assert synthesised.count("SSM::Document") == 2
    for id, name in (("PsMachineRoleDefault", "SlackCommandsPs"), ("TopMachineRoleDefault", "SlackCommandsTop")):
        (send,) = (one for one in synthesised.statements(id) if one.get("Sid") == "SendThisScript")
        assert f"document/<{name}Document" in text_of(send["Resource"])


def test_one_action_for_two_endpoints() -> None:
    app, stack = new_stack()
    action = RunScript("ps", targets=WEB)
    for id in ("One", "Two"):
        add(endpoint(stack, id), "/ps", action)
    assert Synthesised.of(app, stack).count("SSM::Document") == 2


def test_one_function_for_two_commands_is_one_function() -> None:
    app, stack = new_stack()
    function = lambda_.Function(
        stack,
        "Seed",
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="seed.handler",
        code=lambda_.Code.from_asset(str(COMMANDS)),
    )
    action = InvokeFunction(function)
    slack = endpoint(stack)
    add(slack, "/seed", action)
    add(slack, "/ops seed", action)
    synthesised = Synthesised.of(app, stack)
    assert synthesised.count("Lambda::Function") == 3
    assert synthesised.count("SSM::Document") == 0
    assert "RunCommandFollowPolicy" not in " ".join(synthesised.resources("IAM::ManagedPolicy"))


def test_an_imported_key_is_used_and_its_policy_left_alone() -> None:
    app, stack = new_stack()
    arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    add(endpoint(stack, encryption_key=kms.Key.from_key_arn(stack, "Key", arn)), "/ps")
    synthesised = Synthesised.of(app, stack)
    assert synthesised.count("KMS::Key") == 0
    assert {log_group["KmsKeyId"] for log_group in synthesised.resources("Logs::LogGroup").values()} == {arn}
    for machine in synthesised.resources("StepFunctions::StateMachine").values():
        assert machine["EncryptionConfiguration"]["KmsKeyId"] == arn
    statements = {one.get("Sid"): one for one in synthesised.statements("PsMachineRoleDefault")}
    assert statements["EncryptExecutions"]["Resource"] == arn
    machine = synthesised.only("StepFunctions::StateMachine", "PsMachine")["StateMachineName"]
    context = statements["EncryptExecutions"]["Condition"]["StringEquals"]
    assert text_of(context["kms:EncryptionContext:aws:states:stateMachineArn"]).endswith(f":stateMachine:{machine}")


def test_two_keys_give_two_log_groups_for_output() -> None:
    app, stack = new_stack()
    for id in ("One", "Two"):
        add(endpoint(stack, id, encryption_key=kms.Key(stack, f"{id}Key")), "/ps")
    synthesised = Synthesised.of(app, stack)
    outputs = {id: one for id, one in synthesised.resources("Logs::LogGroup").items() if id.startswith("RunCommand")}
    assert len(outputs) == 2
    assert {one["KmsKeyId"]["Fn::GetAtt"][0][:6] for one in outputs.values()} == {"OneKey", "TwoKey"}


def test_a_log_group_that_is_passed_in_is_not_created() -> None:
    app, stack = new_stack()
    passed = logs.LogGroup(stack, "Passed", retention=logs.RetentionDays.ONE_YEAR)
    slack = endpoint(stack, log_group=passed)
    add(slack, "/ps", RunScript("ps", targets=WEB, output_log_group=passed))
    synthesised = Synthesised.of(app, stack)

    assert slack.log_group is passed
    assert not any(id.startswith(("SlackLogs", "RunCommandOutput")) for id in synthesised.resources("Logs::LogGroup"))
    race = synthesised.definition("Ps_Machine")["States"]["Action"]["Branches"][0]["States"]["Send the script and wait"]
    send = race["Branches"][0]["States"]["Send the script"]
    assert send["Arguments"]["CloudWatchOutputConfig"] == {
        "CloudWatchOutputEnabled": True,
        "CloudWatchLogGroupName": f"<{stack.resolve(passed.log_group_name)['Ref']}>",
    }


def test_the_instances_policy_names_every_log_group_once() -> None:
    app, stack = new_stack()
    slack = endpoint(stack)
    passed = logs.LogGroup(stack, "Passed")
    add(slack, "/ps")
    add(slack, "/top")
    add(slack, "/df", RunScript("df", targets=WEB, output_log_group=passed))
    synthesised = Synthesised.of(app, stack)
    write = [one for one in synthesised.statements("RunCommandInstancePolicy") if "Sid" not in one]
    assert [text_of(one["Resource"]).partition("<")[2][:6] for one in write] == ["RunCom", "Passed"]
    for one in write:
        assert one["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]


def test_the_instances_policy_is_made_once_and_may_be_made_by_hand() -> None:
    app, stack = new_stack()
    by_hand = RunCommandInstancePolicy(stack, "ForInstances")
    add(endpoint(stack), "/ps")
    assert RunCommandInstancePolicy.of(stack) is not by_hand
    assert RunCommandInstancePolicy.of(stack) is RunCommandInstancePolicy.of(by_hand)
    outputs = Synthesised.of(app, stack).template["Outputs"]
    assert {id[:9] for id in outputs} >= {"ForInstan", "RunComman"}


def test_the_instances_policy_lets_no_instance_read_a_parameter() -> None:
    app, stack = new_stack()
    RunCommandInstancePolicy.of(stack)
    (policy,) = Synthesised.of(app, stack).resources("IAM::ManagedPolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "ec2messages:AcknowledgeMessage",
        "ec2messages:DeleteMessage",
        "ec2messages:FailMessage",
        "ec2messages:GetEndpoint",
        "ec2messages:GetMessages",
        "ec2messages:SendReply",
        "logs:DescribeLogGroups",
    ]


def test_two_endpoints_at_the_same_path_of_an_api() -> None:
    _, stack = new_stack()
    api = apigateway.HttpApi(stack, "Api")
    endpoint(stack, "First", access=EndpointAccess.http_api(api=api))
    with pytest.raises(ValueError, match=r"'Ops/Second': path is '/slack/commands'; allowed: a path of its own"):
        endpoint(stack, "Second", access=EndpointAccess.http_api(api=api))
    endpoint(stack, "Third", access=EndpointAccess.http_api(api=api, path="/slack/third"))
