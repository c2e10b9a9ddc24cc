"""A site or an API that can be closed for maintenance, and opened again, without a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Duration, IResolvable, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from chatops_constructs._physical_name import physical_name
from chatops_constructs._problems import Problems, check
from chatops_constructs.waf.ip_set_addresses import IpSetAddresses
from chatops_constructs.waf.ip_set_pair import IpSetPair
from chatops_constructs.waf.maintenance_checks import MAINTENANCE_JSON, check_parameters
from chatops_constructs.waf.maintenance_page import MaintenancePage
from chatops_constructs.waf.maintenance_rules import MaintenanceRules, json_text, visibility
from chatops_constructs.waf.maintenance_run_time import MaintenanceRunTime
from chatops_constructs.waf.switched_by import SwitchedBy
from chatops_runtime.contracts.ip_ranges import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs

    from chatops_constructs.actions.action import Action
    from chatops_constructs.waf.waf_scope import WafScope

# `-Html` and the like come after it: https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html
LONGEST_RULE_NAME = 100
# A rule group keeps the capacity it was made with: with room to spare, another pair that passes does not replace it.
CAPACITY_STEP = 100


class WafMaintenanceSwitch(Construct):
    """Closes a site or an API with a page of 503, for everybody but those who pass, and opens it again.

    The switch is a pair of IP sets, which hold every address of both families or none, and a rule that stays as it is:
    "from an address in the switch, and not from one that passes: block with the page". Switching updates two IP sets,
    never a web ACL, so that no other rule is touched and nobody who may switch may do anything else. People get the
    page; programs, by their path or by what they accept, get JSON. Both come with `Retry-After` and
    `Cache-Control: no-store`. Those who pass go through all of the web ACL's other rules.

    The rules work in three ways: `web_acl`, an own web ACL; `rules` and `custom_response_bodies`, for one of yours; and
    `rule_group`, for one of somebody else. Give them a low priority: what a rule before them allows is not blocked.

    Switched at run time, which is the default, it creates a DynamoDB table that holds the truth, and a function that
    brings the IP sets in line with it at each switching, every minute, and after each update of the stack: a
    deployment that reset the sets is healed, and the status and the log say so. A maintenance with an end ends by
    itself. Metrics say whether the site is closed, and whether for longer than planned, for which there is an alarm
    without actions.

    Example:
        from aws_cdk import Environment, Stack
        from chatops_constructs import WafMaintenanceSwitch, WafScope

        class Edge(Stack):
            def __init__(self, scope, id):
                super().__init__(scope, id, env=Environment(region="us-east-1"))
                self.maintenance = WafMaintenanceSwitch(
                    self,
                    "Maintenance",
                    waf_scope=WafScope.CLOUDFRONT,
                    pass_through=["198.51.100.0/24", "2001:db8:0:7::/64"],
                    json_paths=["/api/"],
                )
                self.web_acl_arn = self.maintenance.web_acl.attr_arn

    Attributes:
        switch_sets: The pair that holds everybody or nobody.
        pass_through_sets: The pair of `pass_through`; None without.
        function: Switches at run time; None if a deployment does.
        table: Holds who closed the site, when, and until when; None if a deployment switches.
        on_metric: 1 while the site is closed; None if a deployment switches.
        overdue_alarm: In alarm while the site is closed for longer than planned; None if a deployment switches. Its
            actions are yours to add. Without data, that is if the function does not run, it is in no state.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        waf_scope: WafScope,
        pass_through: Sequence[str] = (),
        allow: Sequence[IpSetPair] = (),
        switched_by: SwitchedBy | None = None,
        page: MaintenancePage | None = None,
        json_body: Mapping[str, Any] | None = None,
        json_paths: Sequence[str] = (),
        retry_after: Duration | None = None,
        forwarded_ip_header: str | None = None,
        encryption_key: kms.IKey | None = None,
        log_group: logs.ILogGroup | None = None,
    ) -> None:
        """Create the IP sets and, for a switch at run time, what switches them.

        Args:
            scope: The parent. With `WafScope.CLOUDFRONT` its stack is in us-east-1.
            id: The id in `scope`.
            waf_scope: What the web ACL protects.
            pass_through: Ranges in CIDR notation, of both families in any order, from which the site stays open: of
                developers, and of services that check whether it works. Default: none.
            allow: Further pairs whose addresses pass, such as those that are kept at run time. Default: none.
            switched_by: Who closes and opens the site. Default: `SwitchedBy.run_time()`.
            page: What people see. Default: `MaintenancePage.standard()`.
            json_body: What programs get. Default: an error "maintenance" with messages in English and Japanese.
            json_paths: What paths begin with that are answered with JSON whatever the request accepts, such as
                `/api/`; at most 10. Default: only requests get JSON that accept it and do not accept HTML.
            retry_after: When clients may come again: 1 second to 24 hours. Default: 5 minutes.
            forwarded_ip_header: The header in which a proxy in front of AWS WAF puts the address of the client, which
                then counts for who passes; the last address in it. Nobody passes without the header. Only where nobody
                gets past the proxy: else the header says what the client wants. Default: the address that the request
                came from counts.
            encryption_key: A customer-managed key for the table and the function's log group. Default: keys that AWS
                owns.
            log_group: An existing log group for the function. Default: an own one, kept for one month.

        Raises:
            ValueError: A parameter is not as described; the text names it, what is allowed and what to do.
        """
        super().__init__(scope, id)
        switched_by = switched_by or SwitchedBy.run_time()
        page = page or MaintenancePage.standard()
        retry_after = retry_after or Duration.minutes(5)
        check_parameters(
            Problems(self),
            waf_scope=waf_scope,
            pass_through=pass_through,
            allow=allow,
            switched_by=switched_by,
            page=page,
            json_body=json_body,
            json_paths=json_paths,
            retry_after=retry_after,
            forwarded_ip_header=forwarded_ip_header,
        )
        self._waf_scope = waf_scope
        self.switch_sets = IpSetPair(self, "Switch", waf_scope=waf_scope, addresses=_addresses(switched_by))
        self.pass_through_sets = (
            IpSetPair(self, "PassThrough", waf_scope=waf_scope, addresses=IpSetAddresses.in_template(*pass_through))
            if pass_through
            else None
        )
        passing = [*([self.pass_through_sets] if self.pass_through_sets else []), *allow]
        header = forwarded_ip_header
        self._rules = MaintenanceRules(
            name=physical_name(self, longest=LONGEST_RULE_NAME),
            closed=self.switch_sets.statement(),
            passing=[] if header else [pair.statement() for pair in passing],
            forwarded=[pair.forwarded_source(header) for pair in passing] if header else [],
            json_paths=tuple(json_paths),
            retry_after_seconds=int(retry_after.to_seconds()),
            html=page.text,
            json=json_text(MAINTENANCE_JSON if json_body is None else json_body),
        )
        self._run_time = (
            MaintenanceRunTime(
                self,
                "RunTime",
                pair=self.switch_sets,
                switched_by=switched_by,
                encryption_key=encryption_key,
                log_group=log_group,
            )
            if switched_by.enabled is None
            else None
        )
        self.function: lambda_.Function | None = self._run_time.function if self._run_time else None
        self.table: dynamodb.Table | None = self._run_time.table if self._run_time else None
        self.on_metric: cloudwatch.Metric | None = self._run_time.on_metric if self._run_time else None
        self.overdue_alarm: cloudwatch.Alarm | None = self._run_time.overdue_alarm if self._run_time else None

    def rules(self, *, priority: int) -> list[IResolvable]:
        """The rules for a web ACL of yours, which takes `custom_response_bodies` as well.

        Example:
            from aws_cdk import aws_wafv2 as wafv2
            from chatops_constructs import WafMaintenanceSwitch, WafScope

            maintenance = WafMaintenanceSwitch(self, "Maintenance", waf_scope=WafScope.REGIONAL)
            wafv2.CfnWebACL(
                self,
                "WebAcl",
                scope="REGIONAL",
                default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
                rules=[*maintenance.rules(priority=0)],
                custom_response_bodies=maintenance.custom_response_bodies,
                visibility_config=wafv2.CfnWebACL.VisibilityConfigProperty(
                    cloud_watch_metrics_enabled=True, metric_name="Site", sampled_requests_enabled=True
                ),
            )

        Args:
            priority: The priority of the first of them; the others follow it one by one: two, and one more for each
                pair that passes if the clients' addresses are in a header.

        Raises:
            ValueError: The priority is none.
        """
        check(
            isinstance(priority, int) and not isinstance(priority, bool) and priority >= 0,
            self,
            "priority",
            priority,
            "an integer from 0",
            "choose a number below that of each rule that allows requests",
        )
        return self._rules.rules(priority)

    @property
    def custom_response_bodies(self) -> dict[str, IResolvable]:
        """The bodies that `rules` answer with: for `custom_response_bodies` of the same web ACL."""
        return {key: Token.as_any(body) for key, body in self._rules.bodies.items()}

    @property
    def rule_group(self) -> wafv2.CfnRuleGroup:
        """The rules and the bodies as a rule group, for a web ACL that somebody else owns; made at the first call."""
        existing = self.node.try_find_child("RuleGroup")
        if isinstance(existing, wafv2.CfnRuleGroup):
            return existing
        return wafv2.CfnRuleGroup(
            self,
            "RuleGroup",
            scope=self._waf_scope.value,
            capacity=-(-self._rules.capacity // CAPACITY_STEP) * CAPACITY_STEP,
            rules=[*self._rules.rules(0, in_group=True)],
            custom_response_bodies=self.custom_response_bodies,
            visibility_config=Token.as_any(visibility(f"{self._rules.name}-Group")),
        )

    @property
    def web_acl(self) -> wafv2.CfnWebACL:
        """A web ACL with these rules, which allows everything else; made at the first call."""
        existing = self.node.try_find_child("WebAcl")
        if isinstance(existing, wafv2.CfnWebACL):
            return existing
        return wafv2.CfnWebACL(
            self,
            "WebAcl",
            scope=self._waf_scope.value,
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[*self.rules(priority=0)],
            custom_response_bodies=self.custom_response_bodies,
            visibility_config=Token.as_any(visibility(f"{self._rules.name}-Acl")),
        )

    def slack_action(self) -> Action:
        """The switch as a command: `on [for 30m] [reason…]`, `off`, `status`.

        The endpoint may be in another stack or region of the account.

        Raises:
            ValueError: A deployment switches.
        """
        check(
            self._run_time is not None,
            self,
            "switched_by",
            "SwitchedBy.deploy",
            "SwitchedBy.run_time() for a switch in Slack",
            "leave out switched_by, or change it in the template and deploy",
        )
        return cast("MaintenanceRunTime", self._run_time).slack_action()


def _addresses(switched_by: SwitchedBy) -> IpSetAddresses:
    if switched_by.enabled is None:
        return IpSetAddresses.at_run_time()
    return IpSetAddresses.in_template(*(EVERYONE if switched_by.enabled else ()))
