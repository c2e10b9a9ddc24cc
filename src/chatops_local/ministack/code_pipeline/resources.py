"""Pipelines and connections in templates: a pipeline is there with its stages and actions, and does nothing by itself.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_CodePipeline.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_CodeConnections.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chatops_local.ministack.code_pipeline.execution import Action
from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.code_pipeline.service import CodePipeline

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_physical_name = private(
    "services.cloudformation.provisioners:_physical_name", "stack_name, logical_id, lowercase, max_len, seeded"
)
_get_region = private("core.responses:get_region", "")

PIPELINE, CONNECTION = "AWS::CodePipeline::Pipeline", "AWS::CodeConnections::Connection"

Resource = tuple[str, dict[str, str]]
"""What Ref gives, and the attributes."""


def apply(service: CodePipeline) -> None:
    """Let templates have them."""
    pipeline = _PipelineResource(service)
    handlers = _resource_handlers.get()
    handlers[PIPELINE] = {"create": pipeline.create, "update": pipeline.update, "delete": pipeline.delete}
    connection = _ConnectionResource(service.account)
    handlers[CONNECTION] = {"create": connection.create, "update": connection.update, "delete": connection.delete}


class _PipelineResource:
    def __init__(self, service: CodePipeline) -> None:
        self._service = service

    def create(self, logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Resource:
        name = str(properties.get("Name") or _physical_name.get()(stack_name, logical_id, max_len=100))
        self._service.put(name, _get_region.get()(), _actions(properties))
        return name, {"Version": "1"}

    def update(self, name: str, _old: Mapping[str, Any], new: Mapping[str, Any], stack_name: str) -> Resource:
        wanted = str(new.get("Name") or name)
        if wanted != name:
            self.delete(name, {})
            return self.create(name, new, stack_name)
        self._service.pipeline(name, _get_region.get()()).change(_actions(new))
        return name, {"Version": "1"}

    def delete(self, name: str, _properties: Mapping[str, Any]) -> None:
        self._service.remove(name, _get_region.get()())


class _ConnectionResource:
    def __init__(self, account: str) -> None:
        self._account = account

    def create(self, _logical_id: str, _properties: Mapping[str, Any], _stack_name: str) -> Resource:
        return self._known(f"arn:aws:codeconnections:{_get_region.get()()}:{self._account}:connection/{uuid4()}")

    def update(self, arn: str, _old: Mapping[str, Any], _new: Mapping[str, Any], _stack_name: str) -> Resource:
        return self._known(arn)

    def delete(self, _arn: str, _properties: Mapping[str, Any]) -> None:
        """It is nowhere."""

    @staticmethod
    def _known(arn: str) -> Resource:
        # Until somebody has completed the handshake in the console.
        return arn, {"ConnectionArn": arn, "ConnectionStatus": "PENDING"}


def _actions(properties: Mapping[str, Any]) -> list[Action]:
    """In the order in which they run."""
    return [
        Action(stage["Name"], action["Name"], *(str(action["ActionTypeId"][key]) for key in ("Category", "Provider")))
        for stage in properties["Stages"]
        for action in sorted(stage["Actions"], key=lambda each: int(each.get("RunOrder", 1)))
    ]
