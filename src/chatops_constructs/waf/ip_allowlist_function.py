"""An allow-list in which people register the addresses that they come from, and which forgets them in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chatops_constructs._log_group import own_log_group
from chatops_constructs._own_table import own_table
from chatops_constructs._physical_name import physical_name
from chatops_constructs.actions.function_elsewhere import FunctionElsewhere, arn_of
from chatops_constructs.waf.allowlist_api import AllowlistApi
from chatops_constructs.waf.allowlist_checks import check_parameters
from chatops_constructs.waf.allowlist_projection import AllowlistProjection
from chatops_constructs.waf.allowlist_registrar import RegistrarSettings, create_registrar
from chatops_constructs.waf.keeper import Keeper
from chatops_constructs.waf.minute_metric import alarm_if_one, minute_metric
from chatops_runtime.contracts import allowlist as contract

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs

    from chatops_constructs.actions.action import Action
    from chatops_constructs.waf.ip_set_pair import IpSetPair

# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
LONGEST_FUNCTION_NAME = 64
BEHIND_MINUTES = 3


class IpAllowlistFunction(Construct):
    """Lets people put the addresses that they come from into a pair of IP sets, for some hours.

    Three ways in, and none without a proof of who it is: a personal link, which `/allow-me` in Slack answers with and
    which works once; a request that is signed with AWS credentials; and, if you want it, a shared secret. What is
    registered is the address that the request itself came from, IPv4 as it is, of IPv6 the network of the line. The
    page behind the link registers both families with one button: it asks two hosts, one of which has IPv4 only.

    A DynamoDB table holds who may come from where until when. Of two functions, the *registrar* faces people and may
    write the table and nothing else; the *projection* brings the IP sets in line with the table, a second or two after
    each change, every minute and, in the pair's own region, after each update of its stack. So what a deployment or
    somebody by hand did to the sets is undone, and no number of people who register at the same time loses an entry.

    The pair may be in another stack or region of the account. Put it into a rule, as in `allow` of
    `WafMaintenanceSwitch`, or in one of yours by `ip_sets.statement()`.

    Example:
        from aws_cdk import Duration
        from chatops_constructs import Allow, IpAllowlistFunction, IpSetAddresses, IpSetPair, WafScope

        developers = IpSetPair(
            self, "Developers", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.at_run_time()
        )
        allowlist = IpAllowlistFunction(self, "Allowlist", ip_sets=developers, valid_for=Duration.hours(10))
        slack.add_command(
            "/allow-me", allowlist.slack_action(), description="lets you in", allow=Allow.workspace()
        )

    Attributes:
        registrar: The function that faces people.
        projection: The function that keeps the IP sets.
        table: Holds the entries.
        api: The HTTP API over IPv6 and IPv4, which has the page.
        ipv4_api: The HTTP API over IPv4 only, which the page asks for the other address.
        access_log_group: For the access logs of both.
        url: The page's, without a slash at its end.
        ipv4_url: Of the host without IPv6.
        event_source: From the table's stream to the projection.
        entries_metric: How many ranges the fuller one of the two sets should hold; 10,000 is the most.
        behind_alarm: In alarm when the IP sets could not be brought in line with the table for three minutes. Its
            actions are yours to add. Without data, that is if the projection does not run, it is in no state.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        ip_sets: IpSetPair,
        valid_for: Duration | None = None,
        link_valid_for: Duration | None = None,
        ipv6_prefix_length: int = 64,
        shared_secret_parameter: str | None = None,
        shared_secret_key: kms.IKey | None = None,
        throttle_rate: float = 50,
        throttle_burst: int = 100,
        encryption_key: kms.IKey | None = None,
        log_group: logs.ILogGroup | None = None,
        access_log_group: logs.ILogGroup | None = None,
    ) -> None:
        """Create the two hosts, the two functions and the table.

        Args:
            scope: The parent, in a stack of the same account as the pair.
            id: The id in `scope`.
            ip_sets: The pair, with `IpSetAddresses.at_run_time()`. Nobody else may keep it.
            valid_for: How long a registration holds: 5 minutes to 30 days. Default: 12 hours.
            link_valid_for: How long a link may be used: 1 minute to 1 hour. Default: 10 minutes.
            ipv6_prefix_length: The prefix length under which an IPv6 address is registered: 48 to 128. Default: 64, the
                network of one line, as the address within it changes daily.
            shared_secret_parameter: The name of an SSM parameter of type SecureString that you create, with a secret of
                at least 32 characters. Whoever has it may register. Default: there is none.
            shared_secret_key: The customer-managed key that this parameter is encrypted with. Default: the account's
                `aws/ssm` key, which needs no permission.
            throttle_rate: Requests a second that each host lets through on average. Default: 50.
            throttle_burst: Requests that each host lets through at once. Default: 100.
            encryption_key: A customer-managed key for the table and the own log groups. The policy of an imported key
                has to let CloudWatch Logs use it. Default: keys that AWS owns.
            log_group: An existing log group for both functions. Default: an own one each, kept for one month.
            access_log_group: An existing log group for the access logs. Default: an own one, kept for one month.

        Raises:
            ValueError: A parameter is not as described, or the pair cannot be reached from here; the text names it,
                what is allowed and what to do.
        """
        super().__init__(scope, id)
        valid_for = valid_for or Duration.hours(12)
        link_valid_for = link_valid_for or Duration.minutes(10)
        check_parameters(
            self,
            ip_sets=ip_sets,
            valid_for=valid_for,
            link_valid_for=link_valid_for,
            ipv6_prefix_length=ipv6_prefix_length,
            shared_secret_parameter=shared_secret_parameter,
            shared_secret_key=shared_secret_key,
            throttle_rate=throttle_rate,
            throttle_burst=throttle_burst,
        )
        Keeper(ip_sets, self)
        self._name = physical_name(self, longest=LONGEST_FUNCTION_NAME)
        self.access_log_group: logs.ILogGroup = access_log_group or own_log_group(
            self, "AccessLogs", encryption_key=encryption_key, delivered_by="apigateway"
        )
        throttle = apigateway.ThrottleSettings(rate_limit=throttle_rate, burst_limit=throttle_burst)
        self._host = AllowlistApi(
            self,
            "DualStack",
            ip_address_type=apigateway.IpAddressType.DUAL_STACK,
            throttle=throttle,
            log_group=self.access_log_group,
        )
        self._ipv4_host = AllowlistApi(
            self,
            "Ipv4",
            ip_address_type=apigateway.IpAddressType.IPV4,
            throttle=throttle,
            log_group=self.access_log_group,
            page_origin=self._host.url,
        )
        self.table: dynamodb.Table = own_table(
            self,
            "Table",
            partition_key=contract.KIND,
            sort_key=contract.ID,
            delete_at=contract.DELETE_AT,
            stream=dynamodb.StreamViewType.KEYS_ONLY,
            encryption_key=encryption_key,
        )
        self.registrar: lambda_.Function = create_registrar(
            self,
            "Registrar",
            table=self.table,
            settings=RegistrarSettings(
                name=self._name,
                url=self._host.url,
                ipv4_url=self._ipv4_host.url,
                valid_for=valid_for,
                link_valid_for=link_valid_for,
                ipv6_prefix_length=ipv6_prefix_length,
                shared_secret_parameter=shared_secret_parameter,
                shared_secret_key=shared_secret_key,
            ),
            encryption_key=encryption_key,
            log_group=log_group,
        )
        for host in (self._host, self._ipv4_host):
            host.add_routes(self.registrar)
        projection = AllowlistProjection(
            self,
            "Projection",
            name=self._name,
            table=self.table,
            pair=ip_sets,
            encryption_key=encryption_key,
            log_group=log_group,
        )
        self.projection: lambda_.Function = projection.function
        self.event_source: lambda_.EventSourceMapping = projection.event_source
        self.api: apigateway.HttpApi = self._host.api
        self.ipv4_api: apigateway.HttpApi = self._ipv4_host.api
        self.url: str = self._host.url
        self.ipv4_url: str = self._ipv4_host.url
        CfnOutput(self, "Url", value=self.url, description="Registers addresses, over IPv6 and IPv4")
        CfnOutput(self, "Ipv4Url", value=self.ipv4_url, description="Registers addresses, over IPv4 only")
        self.entries_metric: cloudwatch.Metric = self._metric(contract.METRIC_ENTRIES)
        self.behind_alarm: cloudwatch.Alarm = self._create_behind_alarm()

    def slack_action(self) -> Action:
        """The allow-list as a command for everybody, about their own addresses: nothing, for a link, `list`, `revoke`.

        A link is answered to the person who typed it only. The endpoint may be in another stack or region of the
        account.
        """
        return self._action()

    def slack_admin_action(self) -> Action:
        """The allow-list as a command for those who look after it: `list`, `add CIDR [for 8h] [note…]`, `revoke WHOM`.

        Say who they are by `allow` of the command.

        Example:
            from chatops_constructs import Allow, IpAllowlistFunction, IpSetAddresses, IpSetPair, WafScope

            registered = IpSetPair(
                self, "Registered", waf_scope=WafScope.REGIONAL, addresses=IpSetAddresses.at_run_time()
            )
            allowlist = IpAllowlistFunction(self, "Allowlist", ip_sets=registered)
            slack.add_command(
                "/allow-list",
                allowlist.slack_admin_action(),
                description="who is let in from where",
                allow=Allow.user("U012AB3CD"),
            )
        """
        return self._action(administration=True)

    def grant_register(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` list, register and revoke its own addresses, by requests that it signs, on both hosts.

        Args:
            grantee: A role or a user of this account.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["execute-api:Invoke"],
            resource_arns=[*self._host.signed_route_arns, *self._ipv4_host.signed_route_arns],
        )

    def grant_administration(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` give orders about everybody's entries, by invoking the registrar.

        Args:
            grantee: A role or a user of this account.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=["lambda:InvokeFunction"], resource_arns=[arn_of(self.registrar, self._name)]
        )

    def _action(self, *, administration: bool = False) -> Action:
        return FunctionElsewhere(
            self.registrar,
            name=self._name,
            purpose="the allow-list",
            sid="InvokeRegistrar",
            more_fields={contract.ADMINISTRATION: True} if administration else None,
            # As in `revoke @alice`.
            reads_mentions=administration,
        )

    def _metric(self, name: str) -> cloudwatch.Metric:
        return minute_metric(namespace=contract.NAMESPACE, name=name, dimension=contract.DIMENSION, of=self._name)

    def _create_behind_alarm(self) -> cloudwatch.Alarm:
        return alarm_if_one(
            self,
            "BehindAlarm",
            metric=self._metric(contract.METRIC_BEHIND),
            minutes=BEHIND_MINUTES,
            why=(
                f"What was registered with {self.node.path} has not reached AWS WAF, or what is over is still there. "
                "The log of the projection says more"
            ),
        )
