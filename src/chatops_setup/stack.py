"""A stack as CloudFormation has it, or as the app was synthesised."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops_setup.aws import RefusedCallError
from chatops_setup.contents import Contents, ContentsError, contents_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chatops_setup.aws import Aws
    from chatops_setup.contents import Endpoint

UNKNOWN_URL = "https://example.com/known-after-the-first-deployment"
"""Slack wants some URL of every command: https://docs.slack.dev/reference/app-manifest."""


class NoSuchStackError(Exception):
    """There is no stack of that name. The text says what to do."""


@dataclass(frozen=True)
class Stack:
    """A stack.

    Attributes:
        name: Its name.
        status: CloudFormation's word for its state; empty if it is not deployed.
        contents: What of ours is in it.
        outputs: The outputs' values.
        resources: The physical ids, by logical id.
    """

    name: str
    status: str
    contents: Contents
    outputs: Mapping[str, str] = field(default_factory=dict)
    resources: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def deployed(cls, name: str, aws: Aws) -> Stack:
        """The stack in AWS.

        Raises:
            NoSuchStackError: There is none of that name in the region.
            ContentsError: It has nothing of ours.
            AwsError: It cannot be read.
        """
        try:
            (stack,) = aws.call("cloudformation", "describe_stacks", StackName=name)["Stacks"]
        except RefusedCallError as error:
            if "does not exist" not in error.message:
                raise
            raise NoSuchStackError(
                f"there is no stack {name} in {aws.region}: is it deployed, and is it in that region and in the "
                "account of your credentials? Name others with --region and --profile"
            ) from None
        template = aws.call("cloudformation", "get_template", StackName=name, TemplateStage="Original")["TemplateBody"]
        contents = contents_of(template, name)
        return cls(
            name=name,
            status=stack["StackStatus"],
            contents=contents,
            outputs={each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])},
            resources={
                each["LogicalResourceId"]: each.get("PhysicalResourceId", "")
                for each in aws.all_of(
                    "cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=name
                )
            },
        )

    @classmethod
    def synthesised(cls, name: str, directory: Path) -> Stack:
        """The stack in a `cdk.out`; nothing is known that only a deployment tells.

        Raises:
            NoSuchStackError: There is none of that name, or no assembly.
            ContentsError: It has nothing of ours.
        """
        try:
            artifacts = json.loads((directory / "manifest.json").read_text("utf-8"))["artifacts"]
        except (OSError, ValueError, KeyError):
            raise NoSuchStackError(
                f"{directory} is no cdk.out: run `cdk synth`, and name the folder it writes"
            ) from None
        stacks = {
            each.get("properties", {}).get("stackName", id): each["properties"]["templateFile"]
            for id, each in artifacts.items()
            if each["type"] == "aws:cloudformation:stack"
        }
        if name not in stacks:
            raise NoSuchStackError(f"there is no stack {name} in {directory}; there are {', '.join(sorted(stacks))}")
        template: Any = json.loads((directory / stacks[name]).read_text("utf-8"))
        return cls(name=name, status="", contents=contents_of(template, name))

    def url_of(self, endpoint: Endpoint) -> str:
        """Where Slack sends the requests of an endpoint; a placeholder before the first deployment."""
        return self.outputs.get(endpoint.url_output, UNKNOWN_URL)

    def endpoints(self, name: str | None) -> tuple[Endpoint, ...]:
        """The endpoints; with a name, the one of that name.

        Raises:
            ContentsError: There is none of that name.
        """
        if name is None:
            return self.contents.endpoints
        found = tuple(each for each in self.contents.endpoints if name in (each.name, each.name.rpartition("/")[2]))
        if not found:
            names = ", ".join(each.name for each in self.contents.endpoints) or "none"
            raise ContentsError(f"the stack {self.name} has no endpoint {name}; there are: {names}")
        return found
