"""The API of AWS WAF: https://docs.aws.amazon.com/waf/latest/APIReference/API_Operations_AWS_WAFV2.html."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from chatops_local.edge.addresses import MAXIMUM, InvalidAddressError, canonical_addresses
from chatops_local.edge.capacity import MAXIMUM as MAXIMUM_CAPACITY
from chatops_local.ministack.waf.associations import Associations
from chatops_local.ministack.waf.entities import Entities, Entity, check_scope
from chatops_local.ministack.waf.errors import (
    WafError,
    associated,
    invalid_parameter,
    limit_exceeded,
    lost_answer,
    stale_lock_token,
)
from chatops_local.ministack.waf.rules import check_rules, referenced
from chatops_local.ministack.waf.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops_local.ministack.waf.faults import Faults

_IP_SET, _RULE_GROUP, _WEB_ACL = "ipset", "rulegroup", "webacl"
_MEMBER = {_IP_SET: "IPSet", _RULE_GROUP: "RuleGroup", _WEB_ACL: "WebACL"}
_RULE_MEMBERS = ("Description", "Rules", "VisibilityConfig", "CustomResponseBodies")
_WEB_ACL_MEMBERS = (*_RULE_MEMBERS, "DefaultAction", "TokenDomains")
_PAGE = 100


class Waf:
    """AWS WAF in all regions of an account.

    Args:
        account: the account.
        faults: what goes wrong on purpose.
        uses: the ARNs of web ACLs that distributions have.
    """

    def __init__(self, account: str, faults: Faults, uses: Callable[[], set[str]]) -> None:
        """Start with nothing."""
        self._account = account
        self._faults = faults
        self._uses = uses
        self._lock = threading.RLock()
        self.entities = Entities(account, lambda: faults.propagation, time.monotonic)
        self.associations = Associations(self.entities)
        self._operations: dict[str, Callable[[Mapping[str, Any], str], dict[str, Any]]] = {
            "CreateIPSet": self._create_ip_set,
            "UpdateIPSet": self._update_ip_set,
            "CreateRuleGroup": self._create_rule_group,
            "UpdateRuleGroup": self._update_rule_group,
            "CreateWebACL": self._create_web_acl,
            "UpdateWebACL": self._update_web_acl,
            "AssociateWebACL": self.associations.associate,
            "DisassociateWebACL": self.associations.disassociate,
            "GetWebACLForResource": self.associations.of_resource,
            "ListResourcesForWebACL": self.associations.of_web_acl,
            "ListTagsForResource": self._list_tags,
            **{f"Get{member}": self._get(kind) for kind, member in _MEMBER.items()},
            **{f"List{member}s": self._list(kind) for kind, member in _MEMBER.items()},
            **{f"Delete{member}": self._delete(kind) for kind, member in _MEMBER.items()},
        }

    def call(self, operation: str, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        """Carry out an operation.

        Args:
            operation: such as ``UpdateIPSet``.
            request: its parameters.
            region: the region of the endpoint.

        Raises:
            WafError: if it is refused.
        """
        self._faults.holds.pass_through(operation)
        self._faults.check_rate(operation, region)
        answer = self.change(operation, request, region)
        if self._faults.lost_answers.is_lost(operation):
            raise lost_answer()
        return answer

    def change(self, operation: str, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        """The same past all faults: what CloudFormation does, which tries again until it has been let."""
        if operation not in self._operations:
            raise WafError("WAFInvalidOperationException", f"{operation} is not emulated by the local cloud")
        validate(operation, request)
        with self._lock:
            return self._operations[operation](request, region)

    def _create_ip_set(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        content = {
            "IPAddressVersion": request["IPAddressVersion"],
            "Addresses": _addresses(request["Addresses"], request["IPAddressVersion"]),
        }
        return {"Summary": self.entities.create(_IP_SET, region, request, content).summary()}

    def _update_ip_set(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        entity = self._locked(_IP_SET, region, request)
        change = {"Addresses": _addresses(request["Addresses"], entity.content["IPAddressVersion"])}
        return self._changed(entity, {**_given(request, ("Description",)), **change})

    def _create_rule_group(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        scope = check_scope(request["Scope"], region)
        _check_capacity(check_rules(request, self.entities, scope), int(request["Capacity"]))
        content = {
            "Capacity": int(request["Capacity"]),
            "Rules": request.get("Rules", []),
            "VisibilityConfig": request["VisibilityConfig"],
            "CustomResponseBodies": request.get("CustomResponseBodies", {}),
            "LabelNamespace": f"awswaf:{self._account}:rulegroup:{request['Name']}:",
        }
        return {"Summary": self.entities.create(_RULE_GROUP, region, request, content).summary()}

    def _update_rule_group(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        entity = self._locked(_RULE_GROUP, region, request)
        _check_capacity(check_rules(request, self.entities, entity.scope), entity.content["Capacity"])
        # What a request leaves out is removed: "This operation completely replaces the mutable specifications".
        return self._changed(entity, {"Rules": [], "CustomResponseBodies": {}, **_given(request, _RULE_MEMBERS)})

    def _create_web_acl(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        capacity = self._capacity_of_web_acl(request, check_scope(request["Scope"], region))
        content = {
            "Rules": [],
            "CustomResponseBodies": {},
            **_given(request, _WEB_ACL_MEMBERS),
            "Capacity": capacity,
            "LabelNamespace": f"awswaf:{self._account}:webacl:{request['Name']}:",
        }
        return {"Summary": self.entities.create(_WEB_ACL, region, request, content).summary()}

    def _update_web_acl(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        entity = self._locked(_WEB_ACL, region, request)
        capacity = self._capacity_of_web_acl(request, entity.scope)
        content = {"Rules": [], "CustomResponseBodies": {}, **_given(request, _WEB_ACL_MEMBERS), "Capacity": capacity}
        return self._changed(entity, content)

    def _capacity_of_web_acl(self, request: Mapping[str, Any], scope: str) -> int:
        capacity = check_rules(request, self.entities, scope)
        _check_capacity(capacity, MAXIMUM_CAPACITY)
        return capacity

    def _get(self, kind: str) -> Callable[[Mapping[str, Any], str], dict[str, Any]]:
        def get(request: Mapping[str, Any], region: str) -> dict[str, Any]:
            if "ARN" in request:
                entity = self.entities.by_arn(request["ARN"])
            else:
                entity = self.entities.find(kind, region, request)
            return {_MEMBER[kind]: entity.content, "LockToken": entity.lock_token}

        return get

    def _list(self, kind: str) -> Callable[[Mapping[str, Any], str], dict[str, Any]]:
        def list_entities(request: Mapping[str, Any], region: str) -> dict[str, Any]:
            scope = check_scope(request["Scope"], region)
            found = sorted(self.entities.of_scope(kind, region, scope), key=lambda each: each.name)
            found = [each for each in found if each.name > request.get("NextMarker", "")]
            page = found[: int(request.get("Limit", _PAGE))]
            answer: dict[str, Any] = {f"{_MEMBER[kind]}s": [each.summary() for each in page]}
            return {**answer, "NextMarker": page[-1].name} if len(page) < len(found) else answer

        return list_entities

    def _delete(self, kind: str) -> Callable[[Mapping[str, Any], str], dict[str, Any]]:
        def delete(request: Mapping[str, Any], region: str) -> dict[str, Any]:
            entity = self._locked(kind, region, request)
            if self._is_used(entity):
                raise associated()
            self.entities.delete(entity)
            return {}

        return delete

    def _is_used(self, entity: Entity) -> bool:
        by_rules = (entity.arn in referenced(each.content.get("Rules", [])) for each in self.entities.all())
        return any(by_rules) or self.associations.uses(entity.arn) or entity.arn in self._uses()

    def _list_tags(self, request: Mapping[str, Any], _region: str) -> dict[str, Any]:
        entity = self.entities.by_arn(request["ResourceARN"])
        tags = [{"Key": key, "Value": value} for key, value in entity.tags.items()]
        return {"TagInfoForResource": {"ResourceARN": entity.arn, "TagList": tags}}

    def _locked(self, kind: str, region: str, request: Mapping[str, Any]) -> Entity:
        entity = self.entities.locked(kind, region, request)
        if self._faults.conflicts.is_throttled(_MEMBER[kind]):
            # As if somebody else had been quicker: the state is the same, the token is another.
            self.entities.change(entity, {})
            raise stale_lock_token()
        return entity

    def _changed(self, entity: Entity, content: Mapping[str, Any]) -> dict[str, Any]:
        self.entities.change(entity, content)
        return {"NextLockToken": entity.lock_token}


def _addresses(addresses: list[str], version: str) -> list[str]:
    try:
        canonical = canonical_addresses(addresses, version)
    except InvalidAddressError as error:
        reason = "The parameter contains formatting that is not valid."
        raise invalid_parameter(reason, "IP_ADDRESS", str(error)) from error
    if len(canonical) > MAXIMUM:
        raise limit_exceeded(f"{len(canonical)} addresses in an IP set, at most {MAXIMUM} allowed")
    return canonical


def _given(request: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: request[name] for name in names if name in request}


def _check_capacity(needed: int, available: int) -> None:
    if needed > available:
        raise limit_exceeded(f"the rules need {needed} capacity units, {available} are there")
