"""Creates, updates and deletes stacks, and says why when that fails."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops_local.server import buckets
from chatops_local.server.references import unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TEMPLATE_BUCKET = "chatops-local-templates"
_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/"
_BOOTSTRAP_VERSION = "30"
_POLL_SECONDS = 0.02
_FAILED_RESOURCE = ("CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED")
_MUST_BE_CREATED_ANEW = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED")


class DeploymentFailedError(RuntimeError):
    """A stack was not deployed. The text has the reason of each resource that failed."""


@dataclass(frozen=True)
class DeployedStack:
    """A stack as it is deployed.

    Args:
        name: the stack's name.
        outputs: its outputs.
        template: what was deployed, with every definition of a state machine in it.
        physical_ids: the physical id of each resource, by logical id.
        region: where it is.
    """

    name: str
    outputs: dict[str, str]
    template: dict[str, Any] = field(repr=False)
    physical_ids: dict[str, str] = field(repr=False)
    region: str = "us-east-1"

    def resource(self, logical_id: str) -> str:
        """The physical id of a resource.

        Raises:
            KeyError: naming the resources that the stack has.
        """
        if logical_id not in self.physical_ids:
            raise KeyError(f"{self.name} has no resource {logical_id!r}; it has {', '.join(sorted(self.physical_ids))}")
        return self.physical_ids[logical_id]

    def resources(self, resource_type: str) -> list[str]:
        """The physical ids of all resources of a type, such as ``AWS::StepFunctions::StateMachine``."""
        definitions: dict[str, Any] = self.template["Resources"]
        return [
            self.physical_ids[logical_id]
            for logical_id, definition in definitions.items()
            if definition["Type"] == resource_type and logical_id in self.physical_ids
        ]


@dataclass(frozen=True)
class Deployer:
    """Deploys stacks.

    Args:
        cloudformation: a boto3 client.
        s3: a boto3 client.
        ssm: a boto3 client.
        seconds: how long one deployment may take.
    """

    cloudformation: Any
    s3: Any
    ssm: Any
    seconds: float = 60.0

    def deploy(self, name: str, template: dict[str, Any], tags: Mapping[str, str] | None = None) -> DeployedStack:
        """Create the stack, or update it if it is there.

        Args:
            name: its name.
            template: its template.
            tags: the stack's own tags, which CloudFormation puts on its resources as well. Default: none.

        Raises:
            DeploymentFailedError: with the reason of each resource that failed.
        """
        missing = unresolved(template)
        if missing:
            raise DeploymentFailedError(
                f"stack {name} was refused: Template format error: Unresolved resource dependencies "
                f"[{', '.join(missing)}] in the Resources block of the template"
            )
        self._provide_bootstrap_version(template)
        request = {
            "StackName": name,
            "TemplateURL": self._upload(template),
            "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        }
        status = self._status(name)
        if status in _MUST_BE_CREATED_ANEW:
            self.destroy(name)
            status = None
        seen = self._last_event(name) if status else None
        try:
            if status:
                self.cloudformation.update_stack(**request)
            else:
                self.cloudformation.create_stack(**request)
        except self.cloudformation.exceptions.ClientError as error:
            message = error.response["Error"]["Message"]
            if "No updates are to be performed" in message:
                return self.describe(name, template)
            raise DeploymentFailedError(f"stack {name} was refused: {message}") from error
        self._wait(name, seen)
        return self.describe(name, template)

    def destroy(self, name: str) -> None:
        """Delete the stack and wait until it is gone."""
        seen = self._last_event(name)
        self.cloudformation.delete_stack(StackName=name)
        self._wait(name, seen)

    def describe(self, name: str, template: dict[str, Any]) -> DeployedStack:
        """The stack with its outputs and physical ids."""
        stack = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        resources = self.cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        return DeployedStack(
            name=name,
            outputs={output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
            template=template,
            region=self.cloudformation.meta.region_name,
            physical_ids={resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources},
        )

    def _wait(self, name: str, seen: str | None) -> None:
        deadline = time.monotonic() + self.seconds
        while (status := self._status(name)) is not None and status.endswith("_IN_PROGRESS"):
            if time.monotonic() > deadline:
                raise DeploymentFailedError(f"stack {name} is still {status} after {self.seconds:g} seconds")
            time.sleep(_POLL_SECONDS)
        if status not in (None, "CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"):
            raise DeploymentFailedError(f"stack {name} is {status}:\n" + "\n".join(self._reasons(name, seen)))

    def _reasons(self, name: str, seen: str | None) -> list[str]:
        """Of what has failed since the event that was `seen` last."""
        new = itertools.takewhile(lambda event: event["EventId"] != seen, self._events(name))
        return [
            f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '-')}"
            for event in reversed([event for event in new if event["ResourceStatus"] in _FAILED_RESOURCE])
        ]

    def _last_event(self, name: str) -> str | None:
        return None if self._status(name) is None else next(self._events(name))["EventId"]

    def _events(self, name: str) -> Iterator[dict[str, Any]]:
        """The latest first, page by page."""
        for page in self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
            yield from page["StackEvents"]

    def _status(self, name: str) -> str | None:
        try:
            stacks = self.cloudformation.describe_stacks(StackName=name)["Stacks"]
        except self.cloudformation.exceptions.ClientError:
            return None
        status: str = stacks[0]["StackStatus"]
        return None if status == "DELETE_COMPLETE" else status

    def _upload(self, template: dict[str, Any]) -> str:
        """By URL, since a template in the call itself may have 51,200 bytes only."""
        body = json.dumps(template).encode()
        key = f"{hashlib.sha256(body).hexdigest()}.json"
        buckets.provide(self.s3, _TEMPLATE_BUCKET)
        self.s3.put_object(Bucket=_TEMPLATE_BUCKET, Key=key, Body=body)
        return f"https://s3.amazonaws.com/{_TEMPLATE_BUCKET}/{key}"

    def _provide_bootstrap_version(self, template: dict[str, Any]) -> None:
        """CDK's templates ask for the version of the bootstrap stack, which nothing here needs."""
        for parameter in template.get("Parameters", {}).values():
            name = str(parameter.get("Default", ""))
            if parameter["Type"].startswith("AWS::SSM::Parameter::Value") and name.startswith(_BOOTSTRAP_PARAMETER):
                self.ssm.put_parameter(Name=name, Value=_BOOTSTRAP_VERSION, Type="String", Overwrite=True)
