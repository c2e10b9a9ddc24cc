"""ScheduledRunCommand: what it creates, for itself and once per stack, and what its roles may do."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns

from chatops_constructs import Ec2Targets, Overlap, RunOn, SuccessIf
from tests.constructs.stacks import Synthesised, add, endpoint, new_stack, scheduled, text_of

KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:Failed"


def synthesise(**options: Any) -> Synthesised:
    app, stack = new_stack()
    scheduled(stack, **options)
    return Synthesised.of(app, stack)


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def allowed(synthesised: Synthesised, part_of_id: str) -> dict[str, list[str]]:
    """Actions, sorted and joined, with the resources that they are allowed on."""
    found: dict[str, list[str]] = {}
    for statement in synthesised.statements(part_of_id):
        actions = " ".join(sorted(many(statement["Action"])))
        found.setdefault(actions, []).extend(text_of(one) for one in many(statement["Resource"]))
    return found


@pytest.fixture(scope="module")
def small() -> Synthesised:
    return synthesise()


class TestMinimal:
    def test_creates_this_and_nothing_else(self, small: Synthesised) -> None:
        types = Counter(each["Type"].removeprefix("AWS::") for each in small.template["Resources"].values())
        assert types == {
            # The run, what starts it once, what says that it is over.
            "StepFunctions::StateMachine": 3,
            "Logs::LogGroup": 4,
            "IAM::Role": 5,
            "IAM::Policy": 6,
            "IAM::ManagedPolicy": 3,
            "SSM::Document": 1,
            "Scheduler::Schedule": 1,
            "SQS::Queue": 1,
            "SQS::QueuePolicy": 1,
            "CloudWatch::Alarm": 1,
            "Events::Rule": 1,
        }
        assert not any("Lambda" in each for each in types)

    def test_the_schedule_starts_the_tick_with_the_time_that_was_due(self, small: Synthesised) -> None:
        schedule = small.only("Scheduler::Schedule")
        assert schedule["ScheduleExpression"] == "rate(1 hour)"
        assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert schedule["State"] == "ENABLED"
        target = schedule["Target"]
        assert target["Arn"]["Ref"].startswith("ScheduleTickMachine")
        assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 3_600
        assert target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("TaskNotStarted")
        given = json.loads(text_of(target["Input"]))
        assert given["scheduled_at"] == "<aws.scheduler.scheduled-time>"
        assert given["state_machine"].startswith("<TaskMachine")
        assert given["dead_letter_queue"].startswith("<TaskNotStarted")

    def test_only_the_scheduler_of_this_account_takes_the_schedules_role(self, small: Synthesised) -> None:
        (statement,) = small.only("IAM::Role", "ScheduleRole")["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}

    def test_the_schedule_may_start_the_tick_and_write_to_its_queue(self, small: Synthesised) -> None:
        found = allowed(small, "ScheduleRole")
        assert {actions: [one.split(".")[0][:15] for one in on] for actions, on in found.items()} == {
            "states:StartExecution": ["<ScheduleTickMa"],
            "sqs:SendMessage": ["<TaskNotStarted"],
        }

    def test_the_run_may_send_its_script_and_list_its_own_runs(self, small: Synthesised) -> None:
        found = allowed(small, "TaskMachineRole")
        assert set(found) == {"ssm:DescribeDocument ssm:SendCommand", "ssm:SendCommand", "states:ListExecutions"}
        (document,) = small.resources("SSM::Document")
        assert found["ssm:DescribeDocument ssm:SendCommand"][0].endswith(f":document/<{document}>")
        (machine,) = found["states:ListExecutions"]
        assert machine.endswith(
            f":stateMachine:{small.only('StepFunctions::StateMachine', 'TaskM')['StateMachineName']}"
        )

    @pytest.mark.parametrize(
        ("options", "actions"),
        [
            ({}, {"states:ListExecutions"}),
            ({"overlap": Overlap.ALLOW}, set()),
            ({"overlap": Overlap.LOCK}, {"dynamodb:DeleteItem", "dynamodb:PutItem"}),
        ],
    )
    def test_a_role_may_do_what_its_states_do(self, options: dict[str, Any], actions: set[str]) -> None:
        synthesised = synthesise(**options)
        granted = {one for found in allowed(synthesised, "TaskMachineRole") for one in found.split()}
        assert granted == {"ssm:DescribeDocument", "ssm:SendCommand"} | actions

    def test_the_dead_letters_are_kept_for_two_weeks_and_alarm(self, small: Synthesised) -> None:
        queue = small.only("SQS::Queue")
        assert (queue["MessageRetentionPeriod"], queue["SqsManagedSseEnabled"]) == (1_209_600, True)
        alarm = small.only("CloudWatch::Alarm")
        assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
        assert (alarm["Threshold"], alarm["TreatMissingData"]) == (1, "notBreaching")

    def test_the_machines(self, small: Synthesised) -> None:
        machines = small.resources("StepFunctions::StateMachine")
        kinds = {id.partition("Machine")[0][:12]: one["StateMachineType"] for id, one in machines.items()}
        assert kinds == {"ScheduleTick": "EXPRESS", "CompletionSi": "EXPRESS", "Task": "STANDARD"}
        for machine in small.resources("StepFunctions::StateMachine").values():
            assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False
            assert machine["TracingConfiguration"] == {"Enabled": True}


class TestOptions:
    def test_of_the_schedule(self, maximal: Synthesised) -> None:
        schedule = maximal.only("Scheduler::Schedule", "NightlyBatch")
        assert schedule["ScheduleExpression"] == "cron(0 2 * * ? *)"
        assert schedule["ScheduleExpressionTimezone"] == "Asia/Tokyo"
        assert schedule["State"] == "DISABLED"
        assert schedule["Description"] == "What the night is for"
        assert schedule["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == 600

    def test_of_the_send(self, maximal: Synthesised) -> None:
        run = maximal.definition("NightlyBatch_Machine")["States"]["Run the script"]["Branches"][0]["States"]
        send = run["Send the script and wait"]["Branches"][0]["States"]["Send the script"]
        assert (send["Arguments"]["MaxConcurrency"], send["Arguments"]["MaxErrors"]) == ("10", "10%")
        assert send["Arguments"]["TimeoutSeconds"] == 300
        assert send["TimeoutSeconds"] == 300 + 3 * 3_600 + 60
        assert run["Judge"]["Output"]["success_if"] == "50 %"

    def test_of_the_missing_success(self, maximal: Synthesised) -> None:
        alarm = maximal.only("CloudWatch::Alarm", "NightlyBatchNoSuccess")
        assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/States", "ExecutionsSucceeded")
        assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["Threshold"]) == (3_600, 30, 1)
        assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("LessThanThreshold", "breaching")

    @pytest.mark.parametrize(("minutes", "period", "periods"), [(5, 300, 1), (1_440, 300, 288), (10_080, 3_600, 168)])
    def test_an_alarm_looks_back_as_far_as_cloudwatch_can(self, minutes: int, period: int, periods: int) -> None:
        """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html."""
        synthesised = synthesise(alarm_if_no_success_within=cdk.Duration.minutes(minutes))
        alarm = synthesised.only("CloudWatch::Alarm", "NoSuccess")
        assert (alarm["Period"], alarm["EvaluationPeriods"]) == (period, periods)

    def test_without_a_signal_there_is_no_rule(self) -> None:
        synthesised = synthesise(completion_signal=False)
        assert synthesised.count("Events::Rule") == 0
        assert not any("CompletionSignal" in id for id in synthesised.template["Resources"])

    def test_a_log_group_for_output_that_is_passed_in(self) -> None:
        app, stack = new_stack()
        passed = logs.LogGroup(stack, "Passed")
        task = scheduled(stack, output_log_group=passed)
        assert task.output_log_group is passed
        assert not any(
            id.startswith("RunCommandOutput") for id in Synthesised.of(app, stack).resources("Logs::LogGroup")
        )


class TestTold:
    def test_a_topic_is_not_touched(self) -> None:
        app, stack = new_stack()
        topic = sns.Topic(stack, "Failed", enforce_ssl=True)
        ec2.CfnInstance(stack, "Web")
        untouched = json.loads(json.dumps(Synthesised.of(app, stack).template["Resources"]))
        app, stack = new_stack()
        topic = sns.Topic(stack, "Failed", enforce_ssl=True)
        instance = ec2.CfnInstance(stack, "Web")
        scheduled(
            stack,
            targets=Ec2Targets.by_ids(instance.ref),
            on_failure=[topic],
            on_success=[topic],
            alarm_if_no_success_within=cdk.Duration.hours(1),
        )
        resources = Synthesised.of(app, stack).template["Resources"]
        assert {id: resources[id] for id in untouched} == untouched
        assert untouched

    def test_a_role_may_publish_to_the_topics(self) -> None:
        app, stack = new_stack()
        scheduled(
            stack, on_failure=[sns.Topic(stack, "Failed")], on_success=[sns.Topic.from_topic_arn(stack, "I", TOPIC_ARN)]
        )
        found = allowed(Synthesised.of(app, stack), "TaskMachineRole")["sns:Publish"]
        assert sorted(one[:7] for one in found) == ["<Failed", TOPIC_ARN[:7]]

    def test_an_encrypted_topic(self) -> None:
        """Publishing needs the key too: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html."""
        app, stack = new_stack()
        scheduled(stack, on_failure=[sns.Topic(stack, "Failed", master_key=kms.Key(stack, "Key"))])
        found = allowed(Synthesised.of(app, stack), "TaskMachineRole")
        assert found["kms:Decrypt kms:GenerateDataKey"] == ["<Key961B73FD.Arn>"]

    def test_an_imported_topic_with_an_imported_key(self) -> None:
        app, stack = new_stack()
        topic = sns.Topic.from_topic_attributes(stack, "Failed", topic_arn=TOPIC_ARN, key_arn=KEY_ARN)
        scheduled(stack, on_failure=[topic])
        found = allowed(Synthesised.of(app, stack), "TaskMachineRole")
        assert (found["sns:Publish"], found["kms:Decrypt kms:GenerateDataKey"]) == ([TOPIC_ARN], [KEY_ARN])

    def test_targets_are_told_in_their_order(self, maximal: Synthesised) -> None:
        states = maximal.definition("NightlyBatch_Machine")["States"]
        first, second = (
            states[name]["Arguments"]["TopicArn"] for name in ("Tell of the failure", "Tell of the failure (2)")
        )
        assert (first[:6], second[:14]) == ("<Ended", "<NotifierTopic")


def test_the_key_encrypts_all_that_rests() -> None:
    app, stack = new_stack()
    key = kms.Key(stack, "Key")
    scheduled(stack, encryption_key=key, overlap=Overlap.LOCK, on_failure=[sns.Topic(stack, "Failed")])
    synthesised = Synthesised.of(app, stack)
    arn = {"Fn::GetAtt": ["Key961B73FD", "Arn"]}
    for group in synthesised.resources("Logs::LogGroup").values():
        assert group["KmsKeyId"] == arn
    for machine in synthesised.resources("StepFunctions::StateMachine").values():
        assert machine["EncryptionConfiguration"]["KmsKeyId"] == arn
    assert synthesised.only("SQS::Queue")["KmsMasterKeyId"] == arn
    assert synthesised.only("DynamoDB::Table")["SSESpecification"]["KMSMasterKeyId"] == arn
    # Who writes to the queue, and to the table, needs the key.
    for role in ("ScheduleRole", "ScheduleTickMachineRole"):
        assert "kms:Decrypt kms:GenerateDataKey" in allowed(synthesised, role), role
    (of_table,) = [one for one in synthesised.statements("TaskMachineRole") if one.get("Sid") == "UseKeyOfLocks"]
    assert "kms:Decrypt" in of_table["Action"]
    assert of_table["Condition"] == {
        "StringEquals": {"kms:ViaService": {"Fn::Join": ["", ["dynamodb.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]}}
    }


class TestSeveral:
    @staticmethod
    def resources(*ids: str) -> dict[str, Any]:
        app, stack = new_stack()
        failed = sns.Topic(stack, "Failed")
        for id in ids:
            scheduled(stack, id, on_failure=[failed], overlap=Overlap.LOCK)
        found: dict[str, Any] = json.loads(json.dumps(Synthesised.of(app, stack).template["Resources"]))
        return found

    def test_share_what_a_stack_has_once(self) -> None:
        ids = set(self.resources("One", "Two"))
        for shared in ("ScheduleTickMachine", "CompletionSignalRule", "RunLocks", "RunCommandOutput"):
            assert len([id for id in ids if id.startswith(shared) and "Role" not in id]) == 1, shared

    def test_removing_one_leaves_the_rest_as_it_is(self) -> None:
        both, one = self.resources("One", "Two"), self.resources("One")
        (policy,) = (id for id in one if id.startswith("ScheduleTickMachineRoleDefaultPolicy"))
        assert {id: resource for id, resource in both.items() if not id.startswith("Two")}.keys() == one.keys()
        assert {id for id in one if both[id] != one[id]} <= {policy, *depends_on(both, policy)}
        kept = one[policy]["Properties"]["PolicyDocument"]["Statement"]
        text = json.dumps(both[policy]["Properties"]["PolicyDocument"]["Statement"])
        for statement in kept:
            assert json.dumps(statement)[1:-1] in text or "Two" in text

    def test_a_command_and_a_task_share_the_signal(self) -> None:
        app, stack = new_stack()
        add(endpoint(stack), "/ps")
        scheduled(stack)
        synthesised = Synthesised.of(app, stack)
        rules = synthesised.resources("Events::Rule").values()
        assert [rule["EventPattern"].get("source") for rule in rules].count(["aws.ssm"]) == 1
        assert len([id for id in synthesised.resources("Logs::LogGroup") if id.startswith("RunCommandOutput")]) == 1


def depends_on(resources: dict[str, Any], id: str) -> set[str]:
    return {other for other, resource in resources.items() if id in resource.get("DependsOn", [])}


@pytest.mark.parametrize("id", ["夜間バッチ", "it's", "x" * 240])
def test_descriptions_are_what_the_services_take(id: str) -> None:
    synthesised = synthesise_as(id)
    for role in synthesised.resources("IAM::Role").values():
        description = role.get("Description", "")
        assert description.isascii()
        assert len(description) <= 1_000
    assert 0 < len(synthesised.only("Scheduler::Schedule")["Description"]) <= 512
    for rule in synthesised.resources("Events::Rule").values():
        assert len(rule["Description"]) <= 512
    for alarm in synthesised.resources("CloudWatch::Alarm").values():
        assert len(alarm["AlarmDescription"]) <= 1_024


def synthesise_as(id: str) -> Synthesised:
    app, stack = new_stack()
    scheduled(
        stack,
        id,
        on_failure=[sns.Topic(stack, "Failed")],
        alarm_if_no_success_within=cdk.Duration.hours(1),
        run_on=RunOn.ALL,
        success_if=SuccessIf.all(),
    )
    return Synthesised.of(app, stack)
