"""Every permission in the template is needed; without any one of them exactly that is told, where it is seen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chatops_local.server.deployment import DeploymentFailedError
from tests.end_to_end.scheduled.conftest import scheduled_cloud
from tests.end_to_end.scheduled.effects import (
    Effects,
    effects,
    notice_of,
    notices_of,
    run_of,
    scheduled_at,
    was_signalled,
)
from tests.end_to_end.scheduled.instances import Instances
from tests.end_to_end.scheduled.permissions import Permission, actions_in, permissions_in, without
from tests.end_to_end.scheduled.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chatops_local.cloud import LocalCloud, Tick
    from chatops_local.server import DeployedStack
    from chatops_local.server.messaging import QueueMessage

STACK = "Restricted"
SUCCEEDED, FAILED = ("restricted-succeeded", "succeeded"), "restricted-failed"
# Where each task's script runs.
INSTANCE = {"Plain": "web-1", "Keyed": "by-id-1"}
TASKS = tuple(INSTANCE)
FOLLOW = ("RunCommandFollowPolicy", "FollowCommands")
TELEMETRY, AGENT, TICK = "ChatOpsTelemetryPolicy", "RunCommandInstancePolicy", "ScheduleTickMachineRoleDefaultPolicy"

# Without these a state of the run fails, and the task and the error are told. With them, where the script ran.
IN_THE_RUN = {
    Permission("PlainMachineRoleDefaultPolicy", "SendThisScript", "ssm:DescribeDocument"): 0,
    Permission("PlainMachineRoleDefaultPolicy", "SendThisScript", "ssm:SendCommand"): 0,
    Permission("PlainMachineRoleSendToTheTaggedInstances", "SendToTheTaggedInstances", "ssm:SendCommand"): 0,
    Permission("KeyedMachineRoleDefaultPolicy", "SendThisScript", "ssm:DescribeDocument"): 0,
    Permission("KeyedMachineRoleDefaultPolicy", "SendThisScript", "ssm:SendCommand"): 0,
    Permission("KeyedMachineRoleDefaultPolicy", "SendToTheseInstances", "ssm:SendCommand"): 0,
    Permission(*FOLLOW, "ssm:DescribeInstanceInformation"): 0,
    Permission(*FOLLOW, "ssm:ListCommands"): 1,
    Permission(*FOLLOW, "ssm:ListCommandInvocations"): 1,
    Permission(*FOLLOW, "ssm:GetCommandInvocation"): 1,
}
TO_CANCEL = Permission(*FOLLOW, "ssm:CancelCommand")
# Before the run; nothing catches that but the rule on endings.
BEFORE_THE_RUN = [
    Permission("PlainMachineRoleDefaultPolicy", "ListOwnRuns", "states:ListExecutions"),
    Permission("KeyedMachineRoleDefaultPolicy", "LockRuns", "dynamodb:PutItem"),
    *(
        Permission("KeyedMachineRoleDefaultPolicy", "UseKeyOfLocks", f"kms:{action}")
        for action in ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")
    ),
]
TO_RELEASE = Permission("KeyedMachineRoleDefaultPolicy", "LockRuns", "dynamodb:DeleteItem")
TO_TELL = [
    Permission(f"{task}MachineRoleDefaultPolicy", topic, "sns:Publish")
    for task in TASKS
    for topic in ("Succeeded", "Failed")
]
SCHEDULE_STARTS = {
    task: Permission(f"{task}ScheduleRoleDefaultPolicy", "ScheduleTickMachine", "states:StartExecution")
    for task in TASKS
}
TICK_STARTS = {task: Permission(TICK, f"{task}Machine", "states:StartExecution") for task in TASKS}
# These are needed only where the start itself fails.
SCHEDULE_BURIES = [
    ("Plain", Permission("PlainScheduleRoleDefaultPolicy", "PlainNotStarted", "sqs:SendMessage")),
    ("Keyed", Permission("KeyedScheduleRoleDefaultPolicy", "KeyedNotStarted", "sqs:SendMessage")),
    ("Keyed", Permission("KeyedScheduleRoleDefaultPolicy", "Key", "kms:GenerateDataKey")),
    ("Keyed", Permission("KeyedScheduleRoleDefaultPolicy", "Key", "kms:Decrypt")),
]
TICK_BURIES = [
    ("Plain", Permission(TICK, "PlainNotStarted", "sqs:SendMessage")),
    ("Keyed", Permission(TICK, "KeyedNotStarted", "sqs:SendMessage")),
    ("Keyed", Permission(TICK, "Key", "kms:GenerateDataKey")),
    ("Keyed", Permission(TICK, "Key", "kms:Decrypt")),
]
TO_SIGNAL = Permission("CompletionSignalResumerRoleDefaultPolicy", "ReturnTokens", "states:SendTaskSuccess")
TO_BRING_SIGNALS = Permission(
    "CompletionSignalResumerEventsRoleDefaultPolicy", "CompletionSignalResumer", "states:StartExecution"
)
TO_BRING_ENDINGS = {
    task: Permission(f"{task}EndingsRoleDefaultPolicy", f"{task}Machine", "states:StartExecution") for task in TASKS
}
# What Step Functions asks for when a machine is created or updated.
AT_CREATION = [
    *(
        Permission(TELEMETRY, "DeliverLogs", f"logs:{action}")
        for action in (
            "CreateLogDelivery",
            "GetLogDelivery",
            "UpdateLogDelivery",
            "DeleteLogDelivery",
            "ListLogDeliveries",
            "PutResourcePolicy",
            "DescribeResourcePolicies",
            "DescribeLogGroups",
        )
    ),
    *(
        Permission(TELEMETRY, "DeliverTraces", f"xray:{action}")
        for action in ("PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets")
    ),
    Permission("KeyedMachineRoleDefaultPolicy", "EncryptExecutions", "kms:Decrypt"),
    Permission("KeyedMachineRoleDefaultPolicy", "EncryptExecutions", "kms:GenerateDataKey"),
    Permission("KeyedMachineRoleDefaultPolicy", "EncryptLogDelivery", "kms:GenerateDataKey"),
]
TO_REGISTER = Permission(AGENT, "TalkToSystemsManager", "ssm:UpdateInstanceInformation")
# An agent talks to one of the two services.
CHANNELS = [
    Permission(AGENT, "TalkToSystemsManager", f"ssmmessages:{action}")
    for action in ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
]
MESSAGES = [
    Permission(AGENT, "TalkToSystemsManager", f"ec2messages:{action}")
    for action in ("AcknowledgeMessage", "DeleteMessage", "FailMessage", "GetEndpoint", "GetMessages", "SendReply")
]
TO_WRITE_OUTPUT = [
    ("Plain", Permission(AGENT, "TalkToSystemsManager", "logs:DescribeLogGroups")),
    *(
        (task, Permission(AGENT, group, f"logs:{action}"))
        for task, group in (("Plain", "RunCommandOutput"), ("Keyed", "RunCommandOutputd2711f6c"))
        for action in ("CreateLogStream", "PutLogEvents", "DescribeLogStreams")
    ),
]
TESTED = [
    *IN_THE_RUN,
    TO_CANCEL,
    *BEFORE_THE_RUN,
    TO_RELEASE,
    *TO_TELL,
    *SCHEDULE_STARTS.values(),
    *TICK_STARTS.values(),
    *(permission for _, permission in SCHEDULE_BURIES),
    *(permission for _, permission in TICK_BURIES),
    TO_SIGNAL,
    TO_BRING_SIGNALS,
    *TO_BRING_ENDINGS.values(),
    *AT_CREATION,
    TO_REGISTER,
    *CHANNELS,
    *MESSAGES,
    *(permission for _, permission in TO_WRITE_OUTPUT),
]


def label(value: object) -> str:
    """A parameter in a test's name."""
    return ".".join(value) if isinstance(value, Permission) else str(value) if isinstance(value, str) else ""


@dataclass
class Restricted:
    """The stack, deployed again and again with less than it needs."""

    cloud: LocalCloud
    assembly: Path
    instances: Instances
    stack: DeployedStack

    def deploy(self, *taken: Permission, edit: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Deploy it without some permissions."""

        def edited(template: dict[str, Any]) -> None:
            without(taken)(template)
            if edit:
                edit(template)

        self.stack = self.cloud.server.deploy(self.assembly, STACK, edit_template=edited)

    def tick(self, task: str) -> Tick:
        """Fire the task's schedule."""
        return self.cloud.tick(f"{STACK}/{task}")

    def effects(self, tick: Tick) -> Effects:
        """Everything that came of it."""
        return effects(self.cloud, self.instances, tick)

    def physical_id(self, beginning: str) -> str:
        """Of the one resource whose logical id begins so and goes on with a hash."""
        (found,) = [physical for logical, physical in self.stack.physical_ids.items() if logical[:-8] == beginning]
        return found

    def letters(self, task: str) -> list[QueueMessage]:
        """What lies in a task's dead-letter queue."""
        return self.cloud.server.messages(self.physical_id(f"{task}NotStarted"))

    def told(self, task: str, outcome: str) -> list[dict[str, Any]]:
        """The notices of one kind."""
        notices = [json.loads(one.text("sqs")) for one in self.cloud.server.published()]
        return [one for one in notices if (one["task"], one["outcome"]) == (f"{STACK}/{task}", outcome)]

    def clean_up(self) -> None:
        """Queues and locks are empty again, alarms off."""
        for task in TASKS:
            self.cloud.server.client("sqs").purge_queue(QueueUrl=self.physical_id(f"{task}NotStarted"))
        self.cloud.server.evaluate_alarms()
        dynamodb, table = self.cloud.server.client("dynamodb"), self.physical_id("RunLocks")
        for item in dynamodb.scan(TableName=table)["Items"]:
            dynamodb.delete_item(TableName=table, Key={"task": item["task"]})


@pytest.fixture(scope="module")
def own_restricted(scheduled_assembly: Path) -> Iterator[Restricted]:
    """A cloud of its own, since these tests change what is deployed."""
    with scheduled_cloud(scheduled_assembly, []) as cloud:
        stack = cloud.server.deploy(scheduled_assembly, STACK)
        role = instance_role(cloud, stack)
        for name, instance_id in (("web-1", None), ("by-id-1", "i-0123456789abcdef0")):
            cloud.instances[name] = cloud.server.add_instance(
                name, {"Role": "web"} if instance_id is None else {}, role_arn=role, instance_id=instance_id
            )
        yield Restricted(cloud, scheduled_assembly, Instances(cloud), stack)


@pytest.fixture
def restricted(own_restricted: Restricted) -> Iterator[Restricted]:
    """The stack, without what the test before has taken from it: each deploys what it wants."""
    yield own_restricted
    own_restricted.instances.restore()
    own_restricted.clean_up()


def instance_role(cloud: LocalCloud, stack: DeployedStack) -> str:
    """A role with the stack's policy for instances and nothing else."""
    iam = cloud.server.client("iam")
    (policy,) = [value for name, value in stack.outputs.items() if name.startswith("RunCommandInstancePolicyArn")]
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role: str = iam.create_role(RoleName="restricted-instance", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="restricted-instance", PolicyArn=policy)
    return role


def test_every_permission_of_the_template_is_tested(scheduled_assembly: Path):
    template = json.loads((scheduled_assembly / f"{STACK}.template.json").read_text("utf-8"))
    assert sorted(permissions_in(template)) == sorted(TESTED)


@pytest.mark.parametrize("stack", ["Scheduled", "Neighbour", "Durations", "Clocks", "Migrated"])
def test_no_other_stack_takes_more_than_what_is_tested(scheduled_assembly: Path, stack: str):
    template = json.loads((scheduled_assembly / f"{stack}.template.json").read_text("utf-8"))
    # But for what is no scheduled task.
    others = actions_in(template, ignoring=("Slack", "Notifier", "Approval"))
    assert others <= {permission.action for permission in TESTED}


@pytest.mark.parametrize("task", TASKS)
def test_with_all_of_them_it_runs(restricted: Restricted, task: str):
    restricted.deploy()
    tick = restricted.tick(task)
    expected = Effects("SUCCEEDED", ran={INSTANCE[task]: 1}, told=[SUCCEEDED], commands=1)
    assert restricted.effects(tick) == expected
    assert tick.refusals == []


@pytest.mark.parametrize(("permission", "ran"), IN_THE_RUN.items(), ids=label)
def test_the_run_fails_for_exactly_that(restricted: Restricted, permission: Permission, ran: int):
    task = "Keyed" if permission.policy.startswith("Keyed") else "Plain"
    # Only of a failure the output is asked for.
    restricted.instances.exit_with(1, INSTANCE[task])
    restricted.deploy(permission)
    tick = restricted.tick(task)
    run = restricted.effects(tick)
    assert (run.ended, run.told, run.commands) == ("FAILED ChatOps.RunError", [(FAILED, "error")], ran)
    until(lambda: len(restricted.instances.runs(f"{STACK}/{task}", scheduled_at(tick))) == ran)
    assert_denied(notice_of(tick), permission)


def assert_denied(notice: dict[str, Any], permission: Permission) -> None:
    """The notice says which permission is missing."""
    assert notice["error"] == "Ssm.AccessDeniedException"
    assert f"is not authorized to perform: {permission.action} " in notice["cause"]
    assert permission.action in notice["text"]


def test_what_cannot_be_cancelled(restricted: Restricted):
    restricted.cloud.server.fail_delivery(restricted.instances.id("by-id-1"), never_picked_up=True)
    restricted.deploy(TO_CANCEL)
    tick = restricted.tick("Keyed")
    run = restricted.effects(tick)
    assert (run.ended, run.ran, run.told) == ("FAILED ChatOps.RunError", {}, [(FAILED, "error")])
    assert_denied(notice_of(tick), TO_CANCEL)


@pytest.mark.parametrize("permission", BEFORE_THE_RUN, ids=label)
def test_a_run_that_does_not_get_that_far(restricted: Restricted, permission: Permission):
    restricted.deploy(permission)
    tick = restricted.tick(permission.policy.partition("MachineRole")[0])
    tick.wait()
    until(lambda: notices_of(tick))
    run = restricted.effects(tick)
    assert run.ended.startswith("FAILED ")
    assert "ChatOps" not in run.ended
    assert (run.ran, run.commands, run.told) == ({}, 0, [(FAILED, "ended")])
    assert f"is not authorized to perform: {permission.action} " in run_of(tick).cause


def test_a_lock_that_cannot_be_released(restricted: Restricted):
    restricted.deploy(TO_RELEASE)
    tick = restricted.tick("Keyed")
    assert restricted.effects(tick) == Effects("SUCCEEDED", ran={"by-id-1": 1}, told=[SUCCEEDED], commands=1)
    history = restricted.cloud.server.execution_history(run_of(tick).arn)
    causes = [event["taskFailedEventDetails"]["cause"] for event in history if event["type"] == "TaskFailed"]
    assert causes
    assert all("is not authorized to perform: dynamodb:DeleteItem " in cause for cause in causes)
    # Until it is void, the next one believes that this one is under way.
    assert restricted.effects(restricted.tick("Keyed")).ended == "FAILED ChatOps.RunSkipped"


@pytest.mark.parametrize("permission", TO_TELL, ids=label)
def test_a_topic_that_it_may_not_publish_to(restricted: Restricted, permission: Permission):
    task = permission.policy.partition("MachineRole")[0]
    if permission.statement == "Failed":
        restricted.instances.exit_with(1, INSTANCE[task])
    restricted.deploy(permission)
    tick = restricted.tick(task)
    expected = Effects("FAILED ChatOps.NotTold", ran={INSTANCE[task]: 1}, commands=1)
    assert restricted.effects(tick) == expected
    assert "is not authorized to perform: sns:Publish " in run_of(tick).cause


@pytest.mark.parametrize("task", TASKS)
def test_a_schedule_that_may_not_start(restricted: Restricted, task: str):
    restricted.deploy(SCHEDULE_STARTS[task])
    tick = restricted.tick(task)
    (delivery,) = tick.deliveries
    assert (delivery.error, delivery.dead_letter) == ("AccessDeniedException", "sent")
    assert "is not authorized to perform: states:StartExecution " in delivery.message
    (letter,) = restricted.letters(task)
    assert letter.attributes["ERROR_CODE"] == "AccessDeniedException"
    assert letter.attributes["SCHEDULED_TIME"] == scheduled_at(tick)
    assert tick.executions == []
    assert_told_as_not_started(restricted, task)


@pytest.mark.parametrize("task", TASKS)
def test_a_tick_that_may_not_start(restricted: Restricted, task: str):
    restricted.deploy(TICK_STARTS[task])
    tick = restricted.tick(task)
    (ended,) = tick.wait()
    assert (ended.express, ended.status, ended.error) == (True, "FAILED", "ChatOps.NotStarted")
    (letter,) = restricted.letters(task)
    told = json.loads(letter.body)
    assert told["not_started"]["scheduled_at"] == scheduled_at(tick)
    assert "is not authorized to perform: states:StartExecution " in told["error"]["Cause"]
    assert_told_as_not_started(restricted, task)


def assert_told_as_not_started(restricted: Restricted, task: str) -> None:
    """The alarm on the dead-letter queue has `on_failure` told, once."""
    before = len(restricted.told(task, "alarm"))
    restricted.cloud.server.evaluate_alarms()
    notice = until(lambda: restricted.told(task, "alarm")[before:])[0]
    assert f"{STACK}/{task} could not be started at a scheduled time" in notice["text"]


@pytest.mark.parametrize(("task", "permission"), SCHEDULE_BURIES, ids=label)
def test_a_schedule_that_may_neither_start_nor_say_so(restricted: Restricted, task: str, permission: Permission):
    restricted.deploy(SCHEDULE_STARTS[task], permission)
    (delivery,) = restricted.tick(task).deliveries
    assert f"is not authorized to perform: {permission.action} " in delivery.dead_letter
    assert restricted.letters(task) == []


@pytest.mark.parametrize(("task", "permission"), TICK_BURIES, ids=label)
def test_a_tick_that_may_neither_start_nor_say_so(restricted: Restricted, task: str, permission: Permission):
    restricted.deploy(TICK_STARTS[task], permission)
    (ended,) = restricted.tick(task).wait()
    assert ended.status == "FAILED"
    assert f"is not authorized to perform: {permission.action} " in ended.cause
    assert restricted.letters(task) == []


def test_without_the_signal_looks_end_the_run(restricted: Restricted):
    resumer = restricted.physical_id("CompletionSignalResumer")
    before = len(restricted.cloud.server.executions(resumer))
    restricted.deploy(TO_SIGNAL)
    tick = restricted.tick("Plain")
    assert restricted.effects(tick) == Effects("SUCCEEDED", ran={"web-1": 1}, told=[SUCCEEDED], commands=1)
    assert not was_signalled(restricted.cloud, run_of(tick).arn)
    (refused,) = until(
        lambda: [
            one for one in restricted.cloud.server.executions(resumer)[: -before or None] if one.status != "RUNNING"
        ]
    )
    assert refused.status == "FAILED"
    assert "is not authorized to perform: states:SendTaskSuccess " in refused.cause


def test_a_rule_that_may_not_bring_signals(restricted: Restricted):
    restricted.deploy(TO_BRING_SIGNALS)
    tick = restricted.tick("Plain")
    assert restricted.effects(tick) == Effects("SUCCEEDED", ran={"web-1": 1}, told=[SUCCEEDED], commands=1)
    assert not was_signalled(restricted.cloud, run_of(tick).arn)
    refusal = until(lambda: tick.refusals)[0]
    assert (refusal.service, refusal.target) == (
        "events.amazonaws.com",
        restricted.physical_id("CompletionSignalResumer"),
    )
    assert "is not authorized to perform: states:StartExecution " in refusal.reason


@pytest.mark.parametrize("task", TASKS)
def test_a_rule_that_may_not_bring_endings(restricted: Restricted, task: str):
    restricted.deploy(TO_BRING_ENDINGS[task])
    restricted.instances.hold(INSTANCE[task])
    tick = restricted.tick(task)
    restricted.instances.wait_for_runs(f"{STACK}/{task}", scheduled_at(tick), 1)
    restricted.cloud.server.client("stepfunctions").stop_execution(executionArn=run_of(tick).arn)
    refusal = until(lambda: tick.refusals)[0]
    assert (refusal.service, refusal.target) == ("events.amazonaws.com", restricted.physical_id(f"{task}Machine"))
    assert "is not authorized to perform: states:StartExecution " in refusal.reason
    assert notices_of(tick) == []


def touch_machines(template: dict[str, Any]) -> None:
    """Change something about each state machine, so that it is updated."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            resource["Properties"]["Tags"] = [{"Key": "touched", "Value": "yes"}]


@pytest.mark.parametrize("permission", AT_CREATION, ids=label)
def test_a_machine_is_refused_without_it(restricted: Restricted, permission: Permission):
    with pytest.raises(DeploymentFailedError) as refused:
        restricted.deploy(permission, edit=touch_machines)
    assert f"is not authorized to perform: {permission.action} " in str(refused.value)


def comes_online(restricted: Restricted) -> bool:
    """Whether an agent that starts now can be sent commands."""
    instance_id = restricted.instances.id("web-1")
    restricted.cloud.server.set_online(instance_id, False)
    restricted.cloud.server.set_online(instance_id, True)
    (online,) = [one.online for one in restricted.cloud.server.instances() if one.name == "web-1"]
    return online


@pytest.mark.parametrize(
    ("permission", "others"),
    [(TO_REGISTER, []), *((one, MESSAGES) for one in CHANNELS), *((one, CHANNELS) for one in MESSAGES)],
    ids=label,
)
def test_an_agent_stays_offline_without_it(restricted: Restricted, permission: Permission, others: list[Permission]):
    restricted.deploy(*others)
    assert comes_online(restricted)
    restricted.deploy(permission, *others)
    assert not comes_online(restricted)
    # With neither of the two services the first that it asks for is named.
    named = CHANNELS[0] if permission in MESSAGES else permission
    assert f"is not authorized to perform: {named.action} " in restricted.cloud.server.emulator_log()
    restricted.deploy()


@pytest.mark.parametrize(("task", "permission"), TO_WRITE_OUTPUT, ids=label)
def test_the_whole_output_is_not_kept_without_it(restricted: Restricted, task: str, permission: Permission):
    restricted.instances.say("what the script says", INSTANCE[task])
    restricted.deploy(permission)
    tick = restricted.tick(task)
    assert restricted.effects(tick).ended == "SUCCEEDED"
    command_id = notice_of(tick)["result"]["command_id"]
    lines = [line for line in restricted.cloud.server.emulator_log().splitlines() if command_id in line]
    assert any(f"is not authorized to perform: {permission.action} " in line for line in lines)
    assert not [line for line in restricted.cloud.server.function_logs() if command_id in line.stream]


def test_a_stolen_role_can_run_nothing_else(restricted: Restricted):
    server = restricted.cloud.server

    def steal(template: dict[str, Any]) -> None:
        (role,) = [one for id, one in template["Resources"].items() if id[:-8] == "PlainMachineRole"]
        thief = {"Effect": "Allow", "Principal": {"AWS": server.account}, "Action": "sts:AssumeRole"}
        role["Properties"]["AssumeRolePolicyDocument"]["Statement"].append(thief)

    restricted.deploy(edit=steal)
    role = f"arn:aws:iam::{server.account}:role/{restricted.physical_id('PlainMachineRole')}"
    stolen = server.client("sts").assume_role(RoleArn=role, RoleSessionName="thief")["Credentials"]
    ssm = boto3.client(
        "ssm",
        endpoint_url=server.endpoint_url,
        region_name=server.region,
        aws_access_key_id=stolen["AccessKeyId"],
        aws_secret_access_key=stolen["SecretAccessKey"],
        aws_session_token=stolen["SessionToken"],
    )
    own, other = restricted.physical_id("PlainDocument"), restricted.physical_id("KeyedDocument")
    tagged, untagged = (restricted.cloud.instances[name] for name in ("web-1", "by-id-1"))
    assert ssm.send_command(DocumentName=own, InstanceIds=[tagged])["Command"]["Status"] == "Pending"
    for document, instance, refused in (
        (other, tagged, f"document/{other}"),
        ("AWS-RunShellScript", tagged, "document/AWS-RunShellScript"),
        (own, untagged, f"instance/{untagged}"),
    ):
        with pytest.raises(ClientError) as denied:
            ssm.send_command(DocumentName=document, InstanceIds=[instance])
        assert denied.value.response["Error"]["Code"] == "AccessDeniedException"
        assert "ssm:SendCommand" in str(denied.value)
        assert refused in str(denied.value)
