"""The role of the instances: what the app's own policy for instance profiles allows, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chatops_runtime.contracts.template_metadata import INSTANCE_POLICY

if TYPE_CHECKING:
    from chatops_local.server import DeployedStack, Server

ROLE_NAME = "chatops-local-instance"

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


class InstanceRole:
    """One role for all instances of a run, created with the first policy."""

    def __init__(self, server: Server) -> None:
        """Create nothing yet."""
        self._server = server
        self._attached: set[str] = set()
        self.arn: str | None = None

    def attach_policies_of(self, stack: DeployedStack) -> None:
        """Attach the instance policies in `stack`."""
        for logical_id, resource in stack.template["Resources"].items():
            if INSTANCE_POLICY in resource.get("Metadata", {}):
                self._attach(stack.resource(logical_id))

    def _attach(self, policy_arn: str) -> None:
        iam = self._server.client("iam")
        if self.arn is None:
            self.arn = iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
        if policy_arn not in self._attached:
            iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=policy_arn)
            self._attached.add(policy_arn)
