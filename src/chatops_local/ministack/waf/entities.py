"""What AWS WAF keeps: IP sets, rule groups and web ACLs, each in one region and scope."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chatops_local.ministack.waf.errors import duplicate, invalid_scope, nonexistent, stale_lock_token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOME_OF_CLOUDFRONT = "us-east-1"
_SUMMARY: tuple[str, ...] = ("Name", "Id", "Description", "ARN")
_SCOPES = {"CLOUDFRONT": "global", "REGIONAL": "regional"}


@dataclass
class Entity:
    """One IP set, rule group or web ACL.

    Args:
        kind: ``ipset``, ``rulegroup`` or ``webacl``.
        region: its region.
        scope: ``CLOUDFRONT`` or ``REGIONAL``.
        arn: its ARN.
        content: as the Get operation returns it.
        lock_token: of its present state.
        tags: keys and values.
    """

    kind: str
    region: str
    scope: str
    arn: str
    content: dict[str, Any]
    lock_token: str = field(default_factory=lambda: str(uuid4()))
    tags: dict[str, str] = field(default_factory=dict)
    _at_the_edge: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.content["Name"])

    @property
    def entity_id(self) -> str:
        """Its id."""
        return str(self.content["Id"])

    def change(self, content: Mapping[str, Any], effective_at: float) -> None:
        """Replace some members; what requests meet changes at the given moment."""
        self.content = {**self.content, **copy.deepcopy(dict(content))}
        self.lock_token = str(uuid4())
        # A change that arrives earlier than a former one takes its place.
        former = [each for each in self._at_the_edge if each[0] <= effective_at]
        self._at_the_edge = [*former, (effective_at, self.content)]

    def effective(self, now: float) -> dict[str, Any]:
        """What requests meet at a moment."""
        while len(self._at_the_edge) > 1 and self._at_the_edge[1][0] <= now:
            self._at_the_edge.pop(0)
        return self._at_the_edge[0][1]

    def summary(self) -> dict[str, Any]:
        """What lists have of it."""
        members = {name: self.content[name] for name in _SUMMARY}
        return {**members, "LockToken": self.lock_token}


class Entities:
    """All entities of the account.

    Args:
        account: the account.
        effective_after: how many seconds a change takes to reach the edge.
        clock: seconds that only go forward.
    """

    def __init__(self, account: str, effective_after: Callable[[], float], clock: Callable[[], float]) -> None:
        """Start without any."""
        self._account = account
        self._effective_after = effective_after
        self._clock = clock
        self._entities: dict[str, Entity] = {}

    def create(self, kind: str, region: str, request: Mapping[str, Any], content: Mapping[str, Any]) -> Entity:
        """Make an entity from the members of a Create request that all kinds have, and its own."""
        scope, name = check_scope(request["Scope"], region), request["Name"]
        if any(each.name == name for each in self.of_scope(kind, region, scope)):
            raise duplicate()
        entity_id = str(uuid4())
        arn = f"arn:aws:wafv2:{region}:{self._account}:{_SCOPES[scope]}/{kind}/{name}/{entity_id}"
        first = {"Name": name, "Id": entity_id, "ARN": arn, "Description": request.get("Description", ""), **content}
        entity = Entity(kind, region, scope, arn, {})
        entity.tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
        # What is new is there at once: nobody can refer to it before.
        entity.change(first, self._clock())
        self._entities[arn] = entity
        return entity

    def find(self, kind: str, region: str, request: Mapping[str, Any]) -> Entity:
        """The entity that a request names by its name, scope and id.

        Raises:
            WafError: if there is none, or if the scope is not that of the region.
        """
        scope = check_scope(request["Scope"], region)
        for each in self.of_scope(kind, region, scope):
            if each.entity_id == request["Id"] and each.name == request["Name"]:
                return each
        raise nonexistent()

    def locked(self, kind: str, region: str, request: Mapping[str, Any]) -> Entity:
        """The same, if the request has the lock token of its present state."""
        entity = self.find(kind, region, request)
        if request["LockToken"] != entity.lock_token:
            raise stale_lock_token()
        return entity

    def change(self, entity: Entity, content: Mapping[str, Any]) -> None:
        """Replace members of an entity."""
        entity.change(content, self._clock() + self._effective_after())

    def delete(self, entity: Entity) -> None:
        """Remove an entity."""
        del self._entities[entity.arn]

    def by_arn(self, arn: str) -> Entity:
        """An entity by its ARN.

        Raises:
            WafError: if there is none.
        """
        found = self._entities.get(arn)
        if found is None:
            raise nonexistent()
        return found

    def of_scope(self, kind: str, region: str, scope: str) -> list[Entity]:
        """The entities of a kind in a region and a scope, in the order of their creation."""
        return [
            each for each in self._entities.values() if (each.kind, each.region, each.scope) == (kind, region, scope)
        ]

    def all(self) -> list[Entity]:
        """Every entity."""
        return list(self._entities.values())

    def ip_set(self, arn: str) -> Mapping[str, Any]:
        """An IP set as requests meet it."""
        return self.by_arn(arn).effective(self._clock())

    def rule_group(self, arn: str) -> Mapping[str, Any]:
        """A rule group as requests meet it."""
        return self.by_arn(arn).effective(self._clock())

    def web_acl(self, arn: str) -> Mapping[str, Any]:
        """A web ACL as requests meet it."""
        return self.by_arn(arn).effective(self._clock())


def check_scope(scope: str, region: str) -> str:
    """The scope, if it can be used in the region.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html: everything for CloudFront is in us-east-1.
    """
    if scope == "CLOUDFRONT" and region != HOME_OF_CLOUDFRONT:
        raise invalid_scope(scope)
    return scope
