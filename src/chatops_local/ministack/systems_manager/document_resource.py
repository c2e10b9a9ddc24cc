"""The CloudFormation resource type AWS::SSM::Document.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-document.html
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private
from chatops_local.run_command import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.run_command import RunCommand

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_physical_name = private(
    "services.cloudformation.provisioners:_physical_name",
    "stack_name, logical_id, lowercase, max_len, seeded",
)

DOCUMENT = "AWS::SSM::Document"

_PASSED_ON = ("DocumentFormat", "DocumentType", "TargetType", "VersionName", "Tags")
_NEVER_IN_PLACE = ("DocumentFormat", "DocumentType", "Name", "TargetType")


def apply(service: RunCommand) -> None:
    """Let templates have documents."""
    resource = _DocumentResource(service)
    _resource_handlers.get()[DOCUMENT] = {
        "create": resource.create,
        "update": resource.update,
        "update_with_logical_id": True,
        "delete": resource.delete,
    }


class _DocumentResource:
    def __init__(self, service: RunCommand) -> None:
        self._service = service

    def create(self, logical_id: str, properties: Mapping[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
        """Make the document; Ref gives its name."""
        name = properties.get("Name") or _physical_name.get()(stack_name, logical_id, max_len=128)
        self._call("CreateDocument", {"Name": name, **_request(properties)})
        return name, {}

    def update(
        self,
        physical_id: str,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        stack_name: str,
        logical_id: str,
    ) -> tuple[str, dict[str, str]]:
        """A new version under ``UpdateMethod: NewVersion``; otherwise another document takes its place."""
        if _content(new) == _content(old) and not _needs_another(old, new):
            return physical_id, {}
        if new.get("UpdateMethod", "Replace") == "NewVersion" and not _needs_another(old, new):
            request = {name: value for name, value in _request(new).items() if name not in ("DocumentType", "Tags")}
            changed = self._call("UpdateDocument", {"Name": physical_id, "DocumentVersion": "$LATEST", **request})
            version = changed["DocumentDescription"]["DocumentVersion"]
            # CloudFormation makes the new version the default one.
            self._call("UpdateDocumentDefaultVersion", {"Name": physical_id, "DocumentVersion": version})
            return physical_id, {}
        if new.get("Name") and new.get("Name") == old.get("Name"):
            raise ValueError(
                f"CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                f"Rename {physical_id} and update the stack again."
            )
        # A document is replaced under another generated name; CloudFormation then deletes the former one.
        return self.create(f"{logical_id}-{_digest(new)}", new, stack_name)

    def delete(self, physical_id: str, _properties: Mapping[str, Any]) -> None:
        """Delete the document with all its versions."""
        self._call("DeleteDocument", {"Name": physical_id})

    def _call(self, action: str, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self._service.call(action, request)
        except ServiceError as error:
            raise ValueError(f"{error.code}: {error.message}") from error


def _request(properties: Mapping[str, Any]) -> dict[str, Any]:
    passed_on = {name: properties[name] for name in _PASSED_ON if name in properties}
    return {"Content": _content(properties), **passed_on}


def _content(properties: Mapping[str, Any]) -> str:
    content = properties["Content"]
    return content if isinstance(content, str) else json.dumps(content)


def _needs_another(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return any(old.get(name) != new.get(name) for name in _NEVER_IN_PLACE)


def _digest(properties: Mapping[str, Any]) -> str:
    return hashlib.sha256(_content(properties).encode()).hexdigest()[:8]
