"""The stack `Restricted` on a cloud of its own, deployed again and again with less than it needs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.end_to_end.lacking import Lack, lacking
from tests.end_to_end.scheduled.effects import Effects, effects
from tests.end_to_end.scheduled.instances import Instances
from tests.end_to_end.scheduled.needed import TASKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.cloud import LocalCloud, Tick
    from chatops_local.server import DeployedStack
    from chatops_local.server.messaging import QueueMessage

STACK = "Restricted"
# Where each task's script runs.
INSTANCE = {"Plain": "web-1", "Keyed": "by-id-1"}


@dataclass
class Restricted:
    """The stack, deployed again and again with less than it needs."""

    cloud: LocalCloud
    assembly: Path
    instances: Instances
    stack: DeployedStack

    def deploy(self, *lacks: Lack, edit: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Deploy it without some permissions."""

        def edited(template: dict[str, Any]) -> None:
            lacking(*lacks)(template)
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


def restricted_stack(cloud: LocalCloud, assembly: Path) -> Restricted:
    """The stack on a cloud that has no instances yet."""
    stack = cloud.server.deploy(assembly, STACK)
    role = instance_role(cloud, stack)
    for name, instance_id in (("web-1", None), ("by-id-1", "i-0123456789abcdef0")):
        cloud.instances[name] = cloud.server.add_instance(
            name, {"Role": "web"} if instance_id is None else {}, role_arn=role, instance_id=instance_id
        )
    return Restricted(cloud, assembly, Instances(cloud), stack)


def instance_role(cloud: LocalCloud, stack: DeployedStack) -> str:
    """A role with the stack's policy for instances and nothing else."""
    iam = cloud.server.client("iam")
    (policy,) = [value for name, value in stack.outputs.items() if name.startswith("RunCommandInstancePolicyArn")]
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role: str = iam.create_role(RoleName="restricted-instance", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="restricted-instance", PolicyArn=policy)
    return role
