"""The loss of a permission is told by its name. IAM is enforced from the template's own roles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.cloud import InstanceSpec, LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST = "A0FIRST1"
# Smaller than elsewhere: the state machine tries for many minutes to invoke a report function that it may not invoke.
TIME_SCALE = 0.01


@pytest.fixture(scope="module")
def own_cloud(assembly: Path) -> Iterator[LocalCloud]:
    """A cloud of its own, since these tests change what is deployed."""
    instances = [InstanceSpec("one-1", {"Role": "one"})]
    with LocalCloud.start(time_scale=TIME_SCALE, instances=instances) as cloud:
        cloud.deploy(assembly)
        yield cloud


def without(action: str, *, belonging_to: str):
    """Take one action away from the policies whose logical id contains `belonging_to`."""
    taken = []

    def edit(template: dict[str, Any]) -> None:
        for logical_id, resource in template["Resources"].items():
            if (
                resource["Type"] not in {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}
                or belonging_to not in logical_id
            ):
                continue
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                if action in actions:
                    taken.append(logical_id)
                    statement["Action"] = [other for other in actions if other != action] or ["ssm:DescribeDocument"]

    return edit, taken


# One in the command's own policy and one in the stack's shared one; each of them all is tried by `make iam`.
PERMISSIONS = [
    ("ssm:SendCommand", "CommandsOkMachineRoleDefaultPolicy"),
    ("ssm:GetCommandInvocation", "RunCommandFollowPolicy"),
]


@pytest.mark.parametrize(("action", "policy"), PERMISSIONS)
def test_without_one_permission_the_run_fails_for_exactly_that(
    own_cloud: LocalCloud, assembly: Path, action: str, policy: str
):
    edit, taken = without(action, belonging_to=policy)
    own_cloud.deploy(assembly, edit_template=edit)
    assert taken
    try:
        sent = own_cloud.slack.send("/ok", endpoint=FIRST)
        (message,) = sent.wait(60)
        (execution,) = own_cloud.executions_of(sent)
        assert execution.status == "FAILED"
        assert "AccessDenied" in message.shown or "not authorized" in message.shown
        assert action in message.shown
        assert execution.arn.rpartition(":")[2][:10] in message.text
    finally:
        own_cloud.deploy(assembly)


def test_without_the_right_to_start_nothing_is_started_and_the_user_is_told(own_cloud: LocalCloud, assembly: Path):
    edit, taken = without("states:StartExecution", belonging_to="FirstDispatchRoleDefaultPolicy")
    own_cloud.deploy(assembly, edit_template=edit)
    assert taken
    try:
        sent = own_cloud.slack.send("/ok", endpoint=FIRST)
        assert sent.ack.ok
        assert "could not be started: AccessDenied" in sent.ack.text
        assert own_cloud.executions_of(sent) == []
    finally:
        own_cloud.deploy(assembly)


def test_without_the_right_to_invoke_report_the_report_is_kept(own_cloud: LocalCloud, assembly: Path):
    edit, taken = without("lambda:InvokeFunction", belonging_to="FirstTellingPolicy")
    stack = own_cloud.deploy(assembly, edit_template=edit)
    assert taken
    try:
        sent = own_cloud.slack.send("/ok", endpoint=FIRST)
        assert sent.ack.ok
        assert sent.wait(60) == []
        (execution,) = own_cloud.executions_of(sent)
        assert (execution.status, execution.error) == ("FAILED", "ChatOps.Undelivered")
        (queue,) = (one for one in stack.resources("AWS::SQS::Queue") if "First" in one)
        (letter,) = own_cloud.server.messages(queue)
        assert json.loads(letter.body)["request"]["response_url"] == sent.response_url
    finally:
        own_cloud.deploy(assembly)


def test_with_all_permissions_it_runs(own_cloud: LocalCloud):
    sent = own_cloud.slack.send("/ok", endpoint=FIRST)
    sent.wait(60)
    assert own_cloud.problems_of(sent) == []


def test_another_instance_than_the_tagged_ones_is_out_of_reach(own_cloud: LocalCloud, assembly: Path):
    def other_tag(template: dict[str, Any]) -> None:
        document = json.dumps(template["Resources"]).replace(
            '"ssm:resourceTag/Role": ["one"]', '"ssm:resourceTag/Role": ["two"]'
        )
        template["Resources"] = json.loads(document)

    own_cloud.deploy(assembly, edit_template=other_tag)
    try:
        sent = own_cloud.slack.send("/ok", endpoint=FIRST)
        (message,) = sent.wait(60)
        assert "ssm:SendCommand" in message.shown
        assert "instance/" in message.shown
    finally:
        own_cloud.deploy(assembly)
