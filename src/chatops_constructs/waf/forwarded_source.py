"""Clients by the address in a header, without letting anybody in by leaving the header out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_cdk import IResolvable, Token

from chatops_constructs._problems import Problems, matches

if TYPE_CHECKING:
    from collections.abc import Sequence

RULE_SUFFIX = "-forwarded"

# https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSetForwardedIPConfig.html
HEADER = re.compile(r"[A-Za-z0-9-]{1,255}")


class ForwardedSource:
    """Whether a proxy that is trusted saw the client under an address of a pair: from `IpSetPair.forwarded_source`.

    AWS WAF does not apply a rule at all to a request that lacks the header which a statement of the rule looks at for
    an address, so that a rule which blocks with such a statement in it blocks nobody who leaves the header out. Hence
    two rules. The first, `label_rule`, is the only one that looks at the header; it blocks nothing and puts a label on
    the request: a proof. The second is yours and asks for the label by `statement()`. Without the header, or with
    something else than an address in it, there is no label, and nobody is let pass for the lack of one.

    Block unless there is the label, or let pass if there is. Never block if there is the label: whoever wants to pass
    leaves the header out.
    """

    def __init__(self, *, name: str, arns: Sequence[str], header: str) -> None:
        """Create it; use `IpSetPair.forwarded_source` instead.

        Args:
            name: A name that no other pair in the web ACL has.
            arns: The ARNs of the pair's sets.
            header: The header with the address.

        Raises:
            ValueError: It is no header's name.
        """
        problems = Problems("IpSetPair.forwarded_source")
        problems.check(
            matches(HEADER, header),
            "header",
            header,
            "1 to 255 letters, digits and hyphens",
            "name the header in which your proxy puts the client's address, such as X-Forwarded-For",
            tokens=False,
        )
        problems.raise_if_any()
        self._name = name
        self._arns = tuple(arns)
        self._header = header
        self._label = f"source-in:{name}:{header.lower()}"

    def label_rule(self, *, priority: int) -> IResolvable:
        """The rule that labels: for `rules` of a web ACL or a rule group, the same that has your rule.

        It looks at the last address in the header, which is the one that the proxy next to AWS WAF put there. Those
        before it are whatever the client wrote.

        Args:
            priority: Its place: a number that is lower than that of each rule which asks for the label.
        """
        rule = {
            "name": f"{self._name}{RULE_SUFFIX}",
            "priority": priority,
            "action": {"count": {}},
            "statement": in_either(self._arns, self._forwarded_ip),
            "ruleLabels": [{"name": self._label}],
            "visibilityConfig": {
                "cloudWatchMetricsEnabled": True,
                "metricName": f"{self._name}{RULE_SUFFIX}",
                "sampledRequestsEnabled": True,
            },
        }
        return Token.as_any(rule)

    def statement(self) -> IResolvable:
        """The statement "the proxy saw the client under an address of the pair", for any rule after `label_rule`."""
        return Token.as_any({"labelMatchStatement": {"scope": "LABEL", "key": self._label}})

    @property
    def _forwarded_ip(self) -> dict[str, str]:
        # NO_MATCH: what is no address is in no set.
        return {"headerName": self._header, "position": "LAST", "fallbackBehavior": "NO_MATCH"}


def in_either(arns: Sequence[str], forwarded_ip: dict[str, str] | None = None) -> dict[str, Any]:
    """The statement "the source is in one of these IP sets", in the names of CDK's properties.

    So it fits a web ACL and a rule group, whose classes of statements are different ones for the same.

    Args:
        arns: Of the IP sets.
        forwarded_ip: Where in the request the source's address is. Default: the address that the request came from.
    """
    look = {} if forwarded_ip is None else {"ipSetForwardedIpConfig": forwarded_ip}
    return {"orStatement": {"statements": [{"ipSetReferenceStatement": {"arn": arn, **look}} for arn in arns]}}
