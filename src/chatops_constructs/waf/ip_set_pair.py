"""Two IP sets of AWS WAF, IPv4 and IPv6, always together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Annotations, IResolvable, Stack, Token
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from chatops_constructs._physical_name import physical_name
from chatops_constructs._problems import Problems, check
from chatops_constructs.waf.forwarded_source import RULE_SUFFIX, ForwardedSource, in_either
from chatops_constructs.waf.ip_set_pair_checks import check_parameters
from chatops_constructs.waf.ip_set_update_policy import IpSetUpdatePolicy
from chatops_constructs.waf.run_time_ip_set import RunTimeIpSet
from chatops_constructs.waf.waf_scope import WafScope
from chatops_runtime.contracts import ip_sets, template_metadata

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from chatops_constructs.waf.ip_set_addresses import IpSetAddresses

# Of IP sets and rules, 128 characters: https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSet.html. What is made
# for the pair adds a little to its name.
LONGEST_NAME = 128 - len(RULE_SUFFIX)
IN_TEMPLATE = "Kept in the template"
DOCUMENTATION_ADDRESS = "chatops-constructs:documentation-address"


class IpSetPair(Construct):
    """Addresses of both families for rules of AWS WAF: an IP set holds one family only, so there are always two sets.

    Creates two `AWS::WAFv2::IPSet`, one of which may be empty. Their names are made of the construct's path, so that
    functions in other stacks and regions find them without references across regions.

    Example:
        from aws_cdk import Environment, Stack
        from chatops_constructs import IpSetAddresses, IpSetPair, WafScope

        class Edge(Stack):
            def __init__(self, scope, id):
                super().__init__(scope, id, env=Environment(region="us-east-1"))
                self.office = IpSetPair(
                    self,
                    "Office",
                    waf_scope=WafScope.CLOUDFRONT,
                    addresses=IpSetAddresses.in_template("203.0.113.0/24", "2001:db8:0:7::/64"),
                )

    Whoever keeps addresses at run time (`IpSetAddresses.at_run_time()`), such as a `WafMaintenanceSwitch` or an
    `IpAllowlistFunction`, has them stored elsewhere too, and writes them again on a timer. CloudFormation writes the
    template's addresses, which are none, at every update of a set. What leads to an update is refused here: another
    description, another name, an override. What cannot be seen at synthesis is left to the timer: tags, of the stack
    above all; an update by hand; and a new path of the construct, which makes new sets under new names.

    Attributes:
        waf_scope: What the web ACL protects that the sets are for.
        addresses: What is in the sets, and who owns it.
        ipv4_set: The set of IPv4 ranges.
        ipv6_set: The set of IPv6 ranges.
        ipv4_name: The name of the set of IPv4 ranges, in plain.
        ipv6_name: The name of the set of IPv6 ranges, in plain.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        waf_scope: WafScope,
        addresses: IpSetAddresses,
        description: str | None = None,
    ) -> None:
        """Create the two sets.

        Args:
            scope: The parent. With `WafScope.CLOUDFRONT` its stack is in us-east-1.
            id: The id in `scope`.
            waf_scope: What the web ACL protects that the sets are for.
            addresses: What is in the sets, and who owns it.
            description: What people read in the console, for addresses in the template. Default: that they are kept in
                the template, or at run time.

        Raises:
            ValueError: The stack is in another region than the scope needs, or a parameter is not allowed.
        """
        super().__init__(scope, id)
        check_parameters(self, waf_scope, addresses, description)
        self.waf_scope = waf_scope
        self.addresses = addresses
        name = physical_name(self, longest=LONGEST_NAME)
        self.ipv4_name = f"{name}_Ipv4"
        self.ipv6_name = f"{name}_Ipv6"
        self.ipv4_set = self._make(4, self.ipv4_name, description)
        self.ipv6_set = self._make(6, self.ipv6_name, description)
        self._name = name
        self._remark()

    def statement(self) -> IResolvable:
        """The statement "the request came from an address in either set", for any rule.

        It takes the place of a `StatementProperty`, of a web ACL or a rule group, at any depth. Of a request through a
        proxy the address is the proxy's: see `forwarded_source`.

        Example:
            from aws_cdk import aws_wafv2 as wafv2
            from chatops_constructs import IpSetAddresses, IpSetPair, WafScope

            office = IpSetPair(
                self, "Office", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.in_template("203.0.113.0/24")
            )
            not_from_the_office = wafv2.CfnRuleGroup.StatementProperty(
                not_statement=wafv2.CfnRuleGroup.NotStatementProperty(statement=office.statement())
            )
        """
        return Token.as_any(in_either(self._arns))

    def forwarded_source(self, header: str) -> ForwardedSource:
        """The same by the address that a proxy in front of AWS WAF puts into a header.

        Only where nobody gets past that proxy: else the header says what the client wants.

        Args:
            header: The header, such as `X-Forwarded-For`. Its last address counts.

        Raises:
            ValueError: It is no header's name.
        """
        return ForwardedSource(name=self._name, arns=self._arns, header=header)

    def grant_update(self, role: iam.Role) -> None:
        """Let `role` find the two sets, read them and replace their addresses, from any region, and no other sets.

        Args:
            role: The role, in a stack of the same account.

        Raises:
            ValueError: The addresses are in the template, or the role's stack is where the sets are not known.
        """
        check(
            self.addresses.owned_at_run_time,
            self,
            "addresses",
            "in_template",
            "at_run_time",
            "use IpSetAddresses.at_run_time(): a deployment would undo what the role does",
        )
        region = self._region_seen_from(role)
        IpSetUpdatePolicy.of(role).allow(
            [
                Stack.of(role).format_arn(
                    service="wafv2",
                    region=region,
                    resource=f"{'global' if self.waf_scope is WafScope.CLOUDFRONT else 'regional'}/ipset",
                    resource_name=f"{name}/*",
                )
                for name in (self.ipv4_name, self.ipv6_name)
            ]
        )

    def names_for(self, function: Construct) -> str:
        """How a function is told of the pair: the value of an environment variable, as its contract has it.

        Args:
            function: The function, in a stack of the same account.

        Raises:
            ValueError: The function's stack is where the sets are not known.
        """
        return ip_sets.render(
            scope=self.waf_scope.value,
            region=self._region_seen_from(function),
            ipv4=self.ipv4_name,
            ipv6=self.ipv6_name,
        )

    def _make(self, version: int, name: str, description: str | None) -> wafv2.CfnIPSet:
        made: wafv2.CfnIPSet
        if self.addresses.owned_at_run_time:
            made = RunTimeIpSet(
                self, f"Ipv{version}", name=name, waf_scope=self.waf_scope.value, version=f"IPV{version}"
            )
        else:
            made = wafv2.CfnIPSet(
                self,
                f"Ipv{version}",
                addresses=self.addresses.of_family(version),
                description=description or IN_TEMPLATE,
                ip_address_version=f"IPV{version}",
                name=name,
                scope=self.waf_scope.value,
            )
        # By this mark tools that read the template know whose the addresses are: drift of those at run time is none.
        owner = template_metadata.RUN_TIME if self.addresses.owned_at_run_time else template_metadata.TEMPLATE
        made.add_metadata(
            template_metadata.IP_SET,
            {"version": template_metadata.VERSION, "pair": self.node.path, "addresses": owner},
        )
        return made

    def _remark(self) -> None:
        annotations = Annotations.of(self)
        if self.addresses.left_out:
            annotations.add_info(f"left out, since other ranges contain them: {', '.join(self.addresses.left_out)}")
        if self.addresses.for_documentation:
            annotations.add_warning_v2(
                DOCUMENTATION_ADDRESS,
                f"for documentation, and nobody's: {', '.join(self.addresses.for_documentation)}; write your own",
            )

    def _region_seen_from(self, construct: Construct) -> str:
        """The region to write into another stack.

        Raises:
            ValueError: It is not known there.
        """
        mine, other = Stack.of(self), Stack.of(construct)
        problems = Problems(self)
        # AWS WAF's API knows the IP sets of the caller's account only.
        accounts = {account for account in (mine.account, other.account) if not Token.is_unresolved(account)}
        problems.check(
            len(accounts) < 2,
            "the other stack's account",
            other.account,
            mine.account,
            "put both into the same account",
        )
        problems.check(
            not Token.is_unresolved(mine.region) or Token.is_unresolved(other.region),
            "the stack's region",
            "known at deploy time only",
            f"a region, since {other.node.path} is in {other.region}",
            "give the pair's stack an env with its region",
        )
        problems.raise_if_any()
        return mine.region

    @property
    def _arns(self) -> tuple[str, str]:
        return self.ipv4_set.attr_arn, self.ipv6_set.attr_arn
