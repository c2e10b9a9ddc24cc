"""AWS::Logs::QueryDefinition: saved queries, which wait in the console for somebody to run them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-querydefinition.html
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.emulator import Emulator

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
MOST_NAME_CHARACTERS = 255
MOST_QUERY_CHARACTERS = 10_000
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
MOST_LOG_GROUPS = 50


def apply(_emulator: Emulator) -> None:
    """Let templates have them. They change nothing, and are read from the template."""
    _resource_handlers.get()["AWS::Logs::QueryDefinition"] = {
        "create": _create,
        "update": _update,
        "delete": lambda _physical_id, _properties: None,
    }


def _create(_logical_id: str, properties: Mapping[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    _check(properties)
    # Ref returns the query definition's id.
    definition_id = str(uuid.uuid4())
    return definition_id, {"QueryDefinitionId": definition_id}


def _update(
    physical_id: str, _old: Mapping[str, Any], new: Mapping[str, Any], _stack_name: str, _logical_id: str = ""
) -> tuple[str, dict[str, str]]:
    _check(new)
    return physical_id, {"QueryDefinitionId": physical_id}


def _check(properties: Mapping[str, Any]) -> None:
    for name, most in (("Name", MOST_NAME_CHARACTERS), ("QueryString", MOST_QUERY_CHARACTERS)):
        if not 1 <= len(str(properties.get(name, ""))) <= most:
            raise ValueError(f"InvalidParameterException: {name} has to have 1 to {most} characters")
    if len(properties.get("LogGroupNames", [])) > MOST_LOG_GROUPS:
        raise ValueError(f"InvalidParameterException: LogGroupNames has more than {MOST_LOG_GROUPS} members")
