"""Secrets of Secrets Manager in templates: `Ref` is their ARN, MiniStack makes it their name.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_resolve = private("services.secretsmanager:_resolve", "secret_id, use_arn_scope")

_TYPE = "AWS::SecretsManager::Secret"


def apply(_emulator: Emulator) -> None:
    """Let CloudFormation know a secret by its ARN."""
    handlers = _resource_handlers.get()[_TYPE]
    create, update, delete = handlers["create"], handlers["update"], handlers["delete"]

    def created(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Untyped:
        _, attributes = create(logical_id, properties, stack_name)
        return attributes["Arn"], attributes

    def updated(arn: str, *arguments: Any, **options: Any) -> Untyped:  # noqa: ANN401 - MiniStack's arguments
        _, attributes = update(_name(arn), *arguments, **options)
        return attributes["Arn"], attributes

    def deleted(arn: str, properties: Mapping[str, Any]) -> None:
        delete(_name(arn), properties)

    handlers.update(create=created, update=updated, delete=deleted)


def _name(arn: str) -> str:
    name, _ = _resolve.get()(arn)
    return str(name or arn)
