"""The resource types AWS::WAFv2::IPSet, RuleGroup, WebACL and WebACLAssociation.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_WAFv2.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import private
from chatops_local.ministack.waf.errors import WafError
from chatops_local.ministack.waf.template_form import as_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.ministack.waf.service import Waf

_resource_handlers = private("services.cloudformation.provisioners:_RESOURCE_HANDLERS")
_physical_name = private(
    "services.cloudformation.provisioners:_physical_name", "stack_name, logical_id, lowercase, max_len, seeded"
)
_stack_tag_property = private("services.cloudformation.provisioners:_STACK_TAG_PROPERTY")
_custom_name_replacement = private("services.cloudformation.provisioners:_CUSTOM_NAME_REPLACEMENT")
_get_region = private("core.responses:get_region", "")

_ENTITIES = {"IPSet": "IPSet", "RuleGroup": "RuleGroup", "WebACL": "WebACL"}
_ATTRIBUTES = ("Id", "Capacity", "LabelNamespace")
_ONLY_AT_CREATION = ("Tags", "Capacity", "IPAddressVersion")
"""What an Update operation does not take. Tags: "With AWS CloudFormation, you can only add tags to AWS WAF resources
during resource creation." """


def apply(waf: Waf) -> None:
    """Let templates have them."""
    handlers = _resource_handlers.get()
    for kind in _ENTITIES:
        resource = _EntityResource(waf, kind)
        name = f"AWS::WAFv2::{kind}"
        handlers[name] = {
            "create": resource.create,
            "update": resource.update,
            "update_with_logical_id": True,
            "delete": resource.delete,
        }
        # A changed tag of the stack changes every resource that has tags.
        _stack_tag_property.get()[name] = ("Tags", "list")
        _custom_name_replacement.get()[name] = {"name": "Name", "requires_replacement": _needs_another}
    association = _AssociationResource(waf)
    handlers["AWS::WAFv2::WebACLAssociation"] = {
        "create": association.create,
        "update": association.update,
        "delete": association.delete,
    }


class _EntityResource:
    """One of the three types that have a name, a scope and a lock token."""

    def __init__(self, waf: Waf, kind: str) -> None:
        self._waf = waf
        self._kind = kind

    def create(self, logical_id: str, properties: Mapping[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
        """Make it; Ref gives name, id and scope."""
        name = properties.get("Name") or _physical_name.get()(stack_name, logical_id, max_len=128)
        summary = self._call(f"Create{self._kind}", {**as_request(properties), "Name": name})["Summary"]
        physical_id = f"{name}|{summary['Id']}|{properties['Scope']}"
        return physical_id, self._attributes(physical_id)

    def update(
        self, physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], stack_name: str, logical_id: str
    ) -> tuple[str, dict[str, str]]:
        """Write everything that the template says, however little of it has changed.

        UpdateIPSet demands addresses, so the template's take the place of those that are there:
        https://github.com/aws-solutions/aws-waf-security-automations/issues/233. A reading of ours is that a changed
        tag leads there as well.
        """
        if _needs_another(old, new) or new.get("Name") != old.get("Name"):
            return self.create(logical_id, new, stack_name)
        request = {name: value for name, value in as_request(new).items() if name not in _ONLY_AT_CREATION}
        token = self._call(f"Get{self._kind}", _named(physical_id))["LockToken"]
        self._call(f"Update{self._kind}", {**request, **_named(physical_id), "LockToken": token})
        return physical_id, self._attributes(physical_id)

    def delete(self, physical_id: str, _properties: Mapping[str, Any]) -> None:
        """Delete it."""
        token = self._call(f"Get{self._kind}", _named(physical_id))["LockToken"]
        self._call(f"Delete{self._kind}", {**_named(physical_id), "LockToken": token})

    def _attributes(self, physical_id: str) -> dict[str, str]:
        content = self._call(f"Get{self._kind}", _named(physical_id))[self._kind]
        return {"Arn": content["ARN"], **{name: str(content[name]) for name in _ATTRIBUTES if name in content}}

    def _call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self._waf.change(operation, request, _get_region.get()())
        except WafError as error:
            raise ValueError(f"{error.code}: {error.message}") from error


class _AssociationResource:
    def __init__(self, waf: Waf) -> None:
        self._waf = waf

    def create(self, _logical_id: str, properties: Mapping[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
        """Put the web ACL in front of the resource."""
        self._call("AssociateWebACL", properties)
        return f"{properties['ResourceArn']}|{properties['WebACLArn']}", {}

    def update(
        self, _physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], stack_name: str
    ) -> tuple[str, dict[str, str]]:
        """Both properties replace the association."""
        self._call("DisassociateWebACL", old)
        return self.create("", new, stack_name)

    def delete(self, physical_id: str, properties: Mapping[str, Any]) -> None:
        """Take the web ACL away, unless another association has taken its place."""
        resource, web_acl = physical_id.split("|")
        if self._waf.associations.arn_of(resource) == web_acl:
            self._call("DisassociateWebACL", properties)

    def _call(self, operation: str, properties: Mapping[str, Any]) -> None:
        names = ("ResourceArn", "WebACLArn") if operation == "AssociateWebACL" else ("ResourceArn",)
        try:
            self._waf.change(operation, {name: properties[name] for name in names}, _get_region.get()())
        except WafError as error:
            raise ValueError(f"{error.code}: {error.message}") from error


def _named(physical_id: str) -> dict[str, str]:
    name, entity_id, scope = physical_id.split("|")
    return {"Name": name, "Id": entity_id, "Scope": scope}


def _needs_another(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return old.get("Scope") != new.get("Scope")
