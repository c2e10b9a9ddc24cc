"""A web ACL: its rules in the order of their priority, what they do, and what becomes of the request.

https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing-order.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatops_local.edge.forwarded_ip import RuleNotAppliedError
from chatops_local.edge.responses import BlockResponse, block_response, inserted_headers
from chatops_local.edge.statements import Inspection, Rule, matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops_local.edge.rates import Rates
    from chatops_local.edge.statements import Entities
    from chatops_local.edge.web_request import WebRequest

DEFAULT_ACTION = "Default_Action"
"""The name of the default action among the terminating rules, as in WAF's logs."""

_REFERENCE = "RuleGroupReferenceStatement"
_MANAGED = "ManagedRuleGroupStatement"


@dataclass(frozen=True)
class Decision:
    """What became of a request.

    Args:
        allowed: whether it goes on to the protected resource.
        terminating_rule: the rule that decided, as ``rule`` or ``rule/rule of its group``.
        counted: the rules that matched and only count.
        labels: what rules have put on the request.
        inserted: headers that the protected resource gets beside those of the viewer.
        response: what the viewer gets if it is blocked; ``None`` if the protected resource answers with 403.
    """

    allowed: bool
    terminating_rule: str
    counted: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    inserted: tuple[tuple[str, str], ...] = ()
    response: BlockResponse | None = None


@dataclass
class _Progress:
    counted: list[str] = field(default_factory=list)
    inserted: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Match:
    """A rule that matched and ends the evaluation."""

    rule: str
    action: Mapping[str, Any]
    bodies: Mapping[str, Any]


class RuleSet:
    """A web ACL that can be asked about requests.

    Args:
        web_acl: as GetWebACL has it.
        entities: finds the IP sets and rule groups that it refers to.
        rates: counts requests for rate-based statements.
    """

    def __init__(self, web_acl: Mapping[str, Any], entities: Entities, rates: Rates) -> None:
        """Keep what it is made of."""
        self._web_acl = web_acl
        self._entities = entities
        self._rates = rates

    def decide(self, request: WebRequest) -> Decision:
        """What becomes of a request."""
        inspection = Inspection(request, self._entities, self._rates)
        progress = _Progress()
        bodies = self._web_acl.get("CustomResponseBodies", {})
        default = _Match(DEFAULT_ACTION, self._web_acl["DefaultAction"], bodies)
        match = next(self._terminating(inspection, progress, bodies), default)
        allow = match.action.get("Allow")
        if allow is not None:
            progress.inserted += inserted_headers(allow)
        return Decision(
            allowed=allow is not None,
            terminating_rule=match.rule,
            counted=tuple(progress.counted),
            labels=tuple(inspection.labels),
            inserted=tuple(progress.inserted) if allow is not None else (),
            response=None if allow is not None else block_response(match.action, match.bodies),
        )

    def _terminating(self, inspection: Inspection, progress: _Progress, bodies: Mapping[str, Any]) -> Iterator[_Match]:
        prefix = str(self._web_acl["LabelNamespace"])
        for each in _by_priority(self._web_acl.get("Rules", [])):
            statement = each["Statement"]
            if _MANAGED in statement:
                # It was said explicitly that it is left out here.
                continue
            if _REFERENCE in statement:
                yield from self._terminating_of_group(each, inspection, progress)
            elif _applies(each, Rule(f"{self._web_acl['ARN']} {each['Name']}", prefix), inspection):
                yield from _outcome(each["Name"], each["Action"], bodies, progress)

    def _terminating_of_group(
        self, reference: Mapping[str, Any], inspection: Inspection, progress: _Progress
    ) -> Iterator[_Match]:
        settings = reference["Statement"][_REFERENCE]
        group = self._entities.rule_group(settings["ARN"])
        actions = {each["Name"]: each["ActionToUse"] for each in settings.get("RuleActionOverrides", [])}
        actions.update({each["Name"]: {"Count": {}} for each in settings.get("ExcludedRules", [])})
        for each in _by_priority(group["Rules"]):
            name = f"{reference['Name']}/{each['Name']}"
            rule = Rule(f"{self._web_acl['ARN']} {name}", str(group["LabelNamespace"]))
            if not _applies(each, rule, inspection):
                continue
            action = actions.get(each["Name"], each["Action"])
            for match in _outcome(name, action, group.get("CustomResponseBodies", {}), progress):
                if "Count" in reference.get("OverrideAction", {}):
                    # The result of the group counts only; its evaluation has ended all the same.
                    progress.counted.append(name)
                else:
                    yield match
                return


def _by_priority(rules: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(rules, key=lambda rule: int(rule["Priority"]))


def _applies(definition: Mapping[str, Any], rule: Rule, inspection: Inspection) -> bool:
    try:
        if not matches(definition["Statement"], rule, inspection):
            return False
    except RuleNotAppliedError:
        return False
    inspection.labels += [rule.label_prefix + label["Name"] for label in definition.get("RuleLabels", [])]
    return True


def _outcome(name: str, action: Mapping[str, Any], bodies: Mapping[str, Any], progress: _Progress) -> Iterator[_Match]:
    """The end of the evaluation, unless the rule only counts."""
    if "Count" in action:
        progress.counted.append(name)
        progress.inserted += inserted_headers(action["Count"] or {})
    else:
        yield _Match(name, action, bodies)
