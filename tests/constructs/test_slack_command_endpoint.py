"""SlackCommandEndpoint: what it creates at the least and at the most, its defaults, and what its roles may do."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import aws_cdk as cdk
import pytest

from chatops_constructs import EndpointCommand, RunCommandInstancePolicy, SlackCredentials, Visibility
from chatops_constructs._secret_parameter import parameter_arn
from tests.constructs.stacks import WORKSPACE, Synthesised, add, endpoint, new_stack, text_of

STATES = "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>"
PARAMETER = "arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter"


def types(synthesised: Synthesised) -> Counter[str]:
    return Counter(resource["Type"].removeprefix("AWS::") for resource in synthesised.template["Resources"].values())


def allowed(statements: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Actions, sorted and joined, with the resources that they are allowed on."""
    found: dict[str, list[str]] = {}
    for statement in statements:
        actions = " ".join(sorted(many(statement["Action"])))
        found.setdefault(actions, []).extend(text_of(one) for one in many(statement["Resource"]))
    return found


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def attached(role: dict[str, Any]) -> list[Any]:
    """The managed policies of a role."""
    found: list[Any] = role.get("ManagedPolicyArns", [])
    return found


class TestMinimal:
    def test_creates_this_and_nothing_else(self, minimal: Synthesised) -> None:
        assert types(minimal) == {
            "Lambda::Function": 3,
            "Lambda::LayerVersion": 1,
            "Lambda::Permission": 1,
            "ApiGatewayV2::Api": 1,
            "ApiGatewayV2::Stage": 1,
            "ApiGatewayV2::Route": 1,
            "ApiGatewayV2::Integration": 1,
            # The command, what tells of endings, what keeps refusals, what handles clicks, and what returns the token
            # of a script that is over.
            "StepFunctions::StateMachine": 5,
            # On endings, and on scripts that are over.
            "Events::Rule": 2,
            "SSM::Document": 1,
            # The off-switch.
            "SSM::Parameter": 1,
            # Access, the state machines of each kind, the three functions, the output of scripts, and the audit log.
            "Logs::LogGroup": 8,
            "Logs::LogStream": 1,
            "Logs::QueryDefinition": 1,
            # For dead letters.
            "SQS::Queue": 1,
            "SQS::QueuePolicy": 1,
            # The three functions, the state machines and the rules.
            "IAM::Role": 10,
            "IAM::Policy": 11,
            # Telemetry, telling, following commands, stopping and cancelling them, and the one for instances.
            "IAM::ManagedPolicy": 6,
        }

    def test_logs_are_kept_for_a_month_and_removed_with_the_stack(self, minimal: Synthesised) -> None:
        for id, log_group in minimal.resources("Logs::LogGroup").items():
            if "AuditLog" not in id:
                assert log_group["RetentionInDays"] == 30
                assert minimal.template["Resources"][id]["DeletionPolicy"] == "Delete"

    def test_log_groups_that_services_deliver_to_have_names_that_need_no_resource_policy(
        self, minimal: Synthesised
    ) -> None:
        names = {
            group["LogGroupName"] for group in minimal.resources("Logs::LogGroup").values() if "LogGroupName" in group
        }
        assert {name.rsplit("/", 1)[0] for name in names} == {"/aws/vendedlogs/states", "/aws/vendedlogs/apigateway"}

    def test_functions(self, minimal: Synthesised) -> None:
        for function in minimal.resources("Lambda::Function").values():
            assert function["Runtime"] == "python3.14"
            assert function["Architectures"] == ["arm64"]
            assert function["MemorySize"] == 256
        assert minimal.only("Lambda::Function", "Dispatch")["Timeout"] == 10
        assert minimal.only("Lambda::Function", "Report")["Timeout"] == 60

    def test_dispatch_may_log_read_the_secret_and_start_its_machines(self, minimal: Synthesised) -> None:
        (machine,) = (id for id in minimal.resources("StepFunctions::StateMachine") if id.startswith("SlackCommands"))
        refusals = minimal.only("StepFunctions::StateMachine", "Refusals")["StateMachineName"]
        decisions = minimal.only("StepFunctions::StateMachine", "Decisions")["StateMachineName"]
        assert allowed(minimal.statements("DispatchRole")) == {
            "logs:CreateLogStream logs:PutLogEvents": ["<SlackDispatchLogsD2288654.Arn>"],
            "ssm:GetParameters": [
                f"{PARAMETER}/ops/prod/slack-signing-secret",
                f"{PARAMETER}<SlackOffSwitch9AF12420>",
            ],
            "states:StartExecution": [
                f"{STATES}:stateMachine:{refusals}",
                f"{STATES}:stateMachine:{decisions}",
                f"<{machine}>",
            ],
        }

    def test_report_may_log(self, minimal: Synthesised) -> None:
        assert allowed(minimal.statements("ReportRole")) == {
            "logs:CreateLogStream logs:PutLogEvents": ["<SlackReportLogs7BCFE016.Arn>"]
        }

    def test_decide_may_look_into_executions_and_end_them(self, minimal: Synthesised) -> None:
        machine = minimal.only("StepFunctions::StateMachine", "PsMachine")["StateMachineName"]
        executions = f"{STATES}:execution:{machine}:*"
        # Nobody is asked anything, so that there are no tokens.
        assert allowed(minimal.statements("DecisionsPolicies")) == {
            "states:GetExecutionHistory states:StopExecution": [executions],
            "ssm:CancelCommand ssm:ListCommands": ["*"],
        }
        assert allowed(minimal.statements("DecisionsDecideRole")) == {
            "logs:CreateLogStream logs:PutLogEvents": ["<SlackDecisionsDecideLogsE1D7AF86.Arn>"]
        }
        assert allowed(minimal.statements("DecisionsMachineRole")) == {
            "lambda:InvokeFunction": ["<SlackDecisionsDecide8C614810.Arn>", "<SlackReportD28635E7.Arn>"],
        }

    def test_a_commands_role_may_send_its_script(self, minimal: Synthesised) -> None:
        document = "arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:document/<SlackCommandsPsDocumentFC08C1FA>"
        assert allowed(minimal.statements("PsMachineRole")) == {
            "ssm:DescribeDocument ssm:SendCommand": [document],
            "ssm:SendCommand": ["arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:instance/*"],
        }

    def test_and_what_all_of_them_need_to_tell(self, minimal: Synthesised) -> None:
        stream = "<SlackAuditLog43FA57C7>:log-stream:<SlackAuditLogStream395A184D>"
        assert allowed(minimal.statements("TellingPolicy")) == {
            "lambda:InvokeFunction": ["<SlackReportD28635E7.Arn>"],
            "logs:PutLogEvents": [f"arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:{stream}"],
            "sqs:SendMessage": ["<SlackDeadLettersQueue04BDAA2F.Arn>"],
        }
        policy = next(id for id in minimal.resources("IAM::ManagedPolicy") if "TellingPolicy" in id)
        told_by = {id for id, role in minimal.resources("IAM::Role").items() if {"Ref": policy} in attached(role)}
        assert {id[:-8] for id in told_by} == {"SlackCommandsPsMachineRole", "SlackEndingsMachineRole"}

    def test_only_its_services_take_a_role(self, minimal: Synthesised) -> None:
        for id, role in minimal.resources("IAM::Role").items():
            (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
            machines = ("Machine", "CompletionSignalResumer")
            service = (
                "events.amazonaws.com"
                if "EventsRole" in id or "EndingsRole" in id
                else "states.amazonaws.com"
                if any(machine in id for machine in machines)
                else "lambda.amazonaws.com"
            )
            assert statement == {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": service}}

    def test_no_wildcard_but_in_the_policies_that_are_named_for_it(self, minimal: Synthesised) -> None:
        policies = {**minimal.resources("IAM::Policy"), **minimal.resources("IAM::ManagedPolicy")}
        with_wildcard = {
            id
            for id, policy in policies.items()
            for statement in policy["PolicyDocument"]["Statement"]
            if any("*" in text_of(one) for one in [*many(statement["Resource"]), *many(statement["Action"])])
        }
        assert with_wildcard == {
            "ChatOpsTelemetryPolicy4F2E5F04",
            "CompletionSignalResumerRoleDefaultPolicy4F3B9BA4",
            "RunCommandFollowPolicy3DEE0636",
            "RunCommandInstancePolicy5331C33A",
            "SlackDecisionsPoliciesCancelPolicy04C2F4F1",
            "SlackDecisionsPoliciesExecutions11236C4FA",
            "SlackCommandsPsMachineRoleSendToTheTaggedInstancesEF7EDF67",
        }

    def test_the_machine_logs_events_but_no_data_and_is_traced(self, minimal: Synthesised) -> None:
        machine = minimal.only("StepFunctions::StateMachine", "PsMachine")
        assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False
        assert machine["LoggingConfiguration"]["Level"] == "ALL"
        assert machine["TracingConfiguration"] == {"Enabled": True}
        assert "EncryptionConfiguration" not in machine
        assert machine["StateMachineType"] == "STANDARD"

    def test_the_url_is_an_output(self, minimal: Synthesised) -> None:
        assert text_of(minimal.template["Outputs"]["SlackUrl267C550F"]["Value"]) == (
            "<SlackApi4A7D83F2.ApiEndpoint>/slack/commands"
        )

    def test_the_mark_by_which_tools_find_the_endpoint(self, minimal: Synthesised) -> None:
        dispatch = next(id for id in minimal.resources("Lambda::Function") if "Dispatch" in id)
        assert minimal.template["Resources"][dispatch]["Metadata"]["chatops:endpoint"] == {
            "version": 1,
            "url_output": "SlackUrl267C550F",
            "team_id": WORKSPACE.team_id,
            "app_id": WORKSPACE.app_id,
            "signing_secret_parameter": "/ops/prod/slack-signing-secret",
            "off_switch_parameter": "/chatops/Ops_Slack_8DDCE78E/off-switch",
            "interactivity": True,
            "commands": {
                "/ps": {"description": "top processes", "usage": "/ps", "should_escape": False},
            },
        }
        policy = next(id for id in minimal.resources("IAM::ManagedPolicy") if "InstancePolicy" in id)
        assert minimal.template["Resources"][policy]["Metadata"]["chatops:instance-policy"] == {"version": 1}


class TestMaximal:
    def test_creates_no_log_group_that_was_passed_in(self, maximal: Synthesised) -> None:
        ids = set(maximal.resources("Logs::LogGroup"))
        assert not any(id.startswith(("SlackLogs", "SlackAccessLogs", "HelloLogs")) for id in ids)
        machine = maximal.only("StepFunctions::StateMachine", "OpsRestart")
        (destination,) = machine["LoggingConfiguration"]["Destinations"]
        assert text_of(destination["CloudWatchLogsLogGroup"]["LogGroupArn"]).startswith("<PassedLogs")

    def test_the_key_encrypts_logs_and_machines(self, maximal: Synthesised) -> None:
        key = {"Fn::GetAtt": ["Key961B73FD", "Arn"]}
        for id, log_group in maximal.resources("Logs::LogGroup").items():
            # The signal is the stack's: it is encrypted with the key of the first command.
            ours = id.startswith(
                ("Slack", "CompletionSignal", "NightlyBatch", "Hourly", "ScheduleTick", "Allowlist")
            ) or (id.startswith("RunCommandOutput") and not id.startswith("RunCommandOutput1"))
            assert log_group.get("KmsKeyId") == (key if ours else None), id
        for id, machine in maximal.resources("StepFunctions::StateMachine").items():
            encryption = machine.get("EncryptionConfiguration")
            assert (encryption and encryption["KmsKeyId"]) == (None if id.startswith(("Simple", "Small")) else key)

    def test_the_keys_policy_lets_cloudwatch_logs_use_it_once(self, maximal: Synthesised) -> None:
        statements = maximal.only("KMS::Key")["KeyPolicy"]["Statement"]
        by_service = Counter(text_of(one["Principal"].get("Service", "")) for one in statements)
        assert by_service["logs.<AWS::Region>.amazonaws.com"] == 1
        # Its twin is what CDK adds for a machine with a log and a key.
        assert by_service["delivery.logs.amazonaws.com"] >= 1

    def test_secrets_are_read_one_by_one_and_decrypted_as_themselves(self, maximal: Synthesised) -> None:
        for role, parameter, read in (
            ("DispatchRole", "slack-signing-secret", "ssm:GetParameters"),
            ("ReportRole", "slack-bot-token", "ssm:GetParameter"),
        ):
            statements = [one for one in maximal.statements(f"Slack{role}") if one["Action"] != "states:StartExecution"]
            arn = f"{PARAMETER}/ops/prod/{parameter}"
            assert arn in allowed(statements)[read]
            (decrypt,) = (one for one in statements if one["Action"] == "kms:Decrypt")
            (context,) = decrypt["Condition"]["StringEquals"].items()
            assert (context[0], text_of(context[1])) == ("kms:EncryptionContext:PARAMETER_ARN", arn)

    def test_throttling_and_path(self, maximal: Synthesised) -> None:
        stage = maximal.only("ApiGatewayV2::Stage", "Slack")
        assert stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 7, "ThrottlingRateLimit": 2.5}
        assert maximal.only("ApiGatewayV2::Route", "Slack")["RouteKey"] == "POST /chatops"

    def test_the_function_url_is_open_and_the_other_endpoint_has_no_api(self, maximal: Synthesised) -> None:
        assert maximal.only("Lambda::Url")["AuthType"] == "NONE"
        assert not [id for id in maximal.resources("ApiGatewayV2::Api") if id.startswith("Simple")]


class TestNoSecret:
    @pytest.mark.parametrize("name", ["minimal", "maximal", "example"])
    def test_is_in_a_template_other_than_by_name(self, name: str, request: pytest.FixtureRequest) -> None:
        synthesised: Synthesised = request.getfixturevalue(name)
        text = json.dumps(synthesised.template)
        assert "resolve:ssm" not in text
        assert "resolve:secretsmanager" not in text


def test_attributes_are_the_created_resources() -> None:
    app, stack = new_stack()
    slack = endpoint(stack)
    command = add(slack, "/ops restart", visible=Visibility.CHANNEL)
    synthesised = Synthesised.of(app, stack)

    assert isinstance(command, EndpointCommand)
    assert slack.commands == {"/ops restart": command}
    assert command.name == "/ops restart"
    assert stack.resolve(slack.dispatch.function_arn)["Fn::GetAtt"][0] in synthesised.resources("Lambda::Function")
    assert stack.resolve(slack.report.function_arn)["Fn::GetAtt"][0] in synthesised.resources("Lambda::Function")
    assert stack.resolve(slack.log_group.log_group_name)["Ref"] in synthesised.resources("Logs::LogGroup")
    assert stack.resolve(command.role.role_name)["Ref"] in synthesised.resources("IAM::Role")
    machine = stack.resolve(command.state_machine.state_machine_arn)["Ref"]
    assert machine in synthesised.resources("StepFunctions::StateMachine")
    assert set(command.action.resources) == {"document", "output_log_group"}
    assert isinstance(slack.instance_policy, RunCommandInstancePolicy)
    assert slack.instance_policy is RunCommandInstancePolicy.of(stack)
    assert stack.resolve(slack.audit_log_group.log_group_name)["Ref"] in synthesised.resources("Logs::LogGroup")
    assert stack.resolve(slack.dead_letter_queue.queue_arn)["Fn::GetAtt"][0] in synthesised.resources("SQS::Queue")
    assert stack.resolve(slack.endings.rules[0].ref)["Ref"] in synthesised.resources("Events::Rule")
    assert slack.refusals.name in synthesised.definitions()
    assert slack.saved_query.query_string
    assert slack.url_output.value == slack.url
    assert slack.access.url == slack.url


def test_an_endpoint_without_commands_synthesises() -> None:
    app, stack = new_stack()
    endpoint(stack)
    synthesised = Synthesised.of(app, stack)
    assert {name.split("_")[2] for name in synthesised.definitions()} == {"Endings", "Refusals"}
    assert synthesised.count("Events::Rule") == 0


def test_in_a_nested_stack_and_in_stages_the_names_of_machines_differ() -> None:
    app = cdk.App()
    stacks = [cdk.Stack(cdk.Stage(app, stage), "Ops") for stage in ("Staging", "Production")]
    scopes = [*stacks, *(cdk.NestedStack(stack, "Nested") for stack in stacks)]
    assert len({add(endpoint(scope), "/ps").entry["machine"] for scope in scopes}) == 4
    app.synth()


def test_a_prefix_known_at_deploy_time_gives_the_right_arn(stack: cdk.Stack) -> None:
    prefix = cdk.CfnParameter(stack, "Prefix").value_as_string
    credentials = SlackCredentials.from_parameters(prefix)
    arn = text_of(stack.resolve(parameter_arn(stack, credentials.signing_secret_parameter)))
    assert arn == f"{PARAMETER}<Prefix>/slack-signing-secret"
