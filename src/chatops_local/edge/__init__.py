"""The edge of AWS in front of a site or an API: what AWS WAF makes of a request. Pure Python, without an emulator."""

from chatops_local.edge.addresses import InvalidAddressError, canonical_addresses
from chatops_local.edge.capacity import capacity_of
from chatops_local.edge.rates import Rates
from chatops_local.edge.responses import BlockResponse
from chatops_local.edge.rule_set import Decision, RuleSet
from chatops_local.edge.supported import problems_of_rules
from chatops_local.edge.web_request import WebRequest

__all__ = [
    "BlockResponse",
    "Decision",
    "InvalidAddressError",
    "Rates",
    "RuleSet",
    "WebRequest",
    "canonical_addresses",
    "capacity_of",
    "problems_of_rules",
]
