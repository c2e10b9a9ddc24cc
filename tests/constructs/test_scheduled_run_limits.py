"""Twenty scheduled tasks in one stack, against the limits of the services."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from chatops_constructs import Ec2Targets, Overlap, RunOn
from tests.constructs.longest_values import LongestValues
from tests.constructs.stacks import Synthesised, scheduled, text_of
from tests.constructs.test_limits import COMMAND_LINE, FIFTY_IDS

STACK = "OperationsOfTheWholeCompanyInTheProductionAccount"


@pytest.fixture(scope="module")
def twenty() -> Synthesised:
    app = cdk.App(context=COMMAND_LINE, analytics_reporting=False)
    stack = cdk.Stack(app, STACK)
    key = kms.Key(stack, "Key")
    failed = [sns.Topic(stack, f"Failed{number}", master_key=key) for number in range(3)]
    values = [f"{number}".rjust(256, "v") for number in range(8)]
    for number in range(20):
        scheduled(
            stack,
            f"TheTaskThatHasToRunEveryNightInTheProductionAccount{number}",
            targets=Ec2Targets.by_tag("Role", *values) if number % 2 else Ec2Targets.by_ids(*FIFTY_IDS[:30]),
            overlap=[Overlap.SKIP, Overlap.LOCK, Overlap.ALLOW][number % 3],
            run_on=[RunOn.ALL, RunOn.ANY_ONE][number % 2],
            on_success=failed[:1],
            on_failure=failed,
            alarm_if_no_success_within=cdk.Duration.days(1),
            encryption_key=key,
        )
    return Synthesised.of(app, stack)


def test_the_template(twenty: Synthesised) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html."""
    assert len(twenty.template["Resources"]) <= 500
    (file,) = twenty.directory.glob("*.template.json")
    assert file.stat().st_size <= 1_000_000


def test_the_inline_policies_of_every_role(twenty: Synthesised) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 10,240 characters, all in all."""
    values = LongestValues(twenty.template)
    sizes = dict.fromkeys(twenty.resources("IAM::Role"), 0)
    for policy in twenty.resources("IAM::Policy").values():
        for role in policy["Roles"]:
            sizes[role["Ref"]] += values.size(policy["PolicyDocument"])
    assert {id: size for id, size in sizes.items() if size > 10_240} == {}
    assert min(sizes.values()) > 0


def test_the_managed_policies(twenty: Synthesised) -> None:
    values = LongestValues(twenty.template)
    for policy in twenty.resources("IAM::ManagedPolicy").values():
        assert values.size(policy["PolicyDocument"]) <= 6_144


def test_the_event_patterns(twenty: Synthesised) -> None:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html: 2,048 characters."""
    values = LongestValues(twenty.template)
    rules = twenty.resources("Events::Rule")
    assert len(rules) == 21
    assert max(values.size(rule["EventPattern"]) for rule in rules.values()) <= 2_048


def test_the_names(twenty: Synthesised) -> None:
    machines = [machine["StateMachineName"] for machine in twenty.resources("StepFunctions::StateMachine").values()]
    documents = [document["Name"] for document in twenty.resources("SSM::Document").values()]
    assert len(set(machines)) == len(machines) == 22
    assert len(set(documents)) == len(documents) == 20
    assert max(map(len, machines)) <= 80
    assert max(map(len, documents)) <= 128


def test_the_state_machines(twenty: Synthesised) -> None:
    """https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: 1 MB."""
    values = LongestValues(twenty.template)
    for id, machine in twenty.resources("StepFunctions::StateMachine").items():
        definition = json.dumps(twenty.definitions()[machine["StateMachineName"]])
        substitutions = json.dumps(values.resolve(machine["DefinitionSubstitutions"]))
        # No state machine has so many places in which something is filled in.
        assert len(definition) + 50 * len(substitutions) <= 1_048_576, id


def test_the_schedules(twenty: Synthesised) -> None:
    """https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html: 512 characters, 256 KB."""
    for schedule in twenty.resources("Scheduler::Schedule").values():
        assert len(schedule["Description"]) <= 512
        assert len(text_of(schedule["Target"]["Input"])) <= 8_192


def test_the_log_groups(twenty: Synthesised) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html: 512 characters."""
    names = [group.get("LogGroupName", "") for group in twenty.resources("Logs::LogGroup").values()]
    assert max(map(len, names)) <= 512
    assert len({name for name in names if name}) == 22
