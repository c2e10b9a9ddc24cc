"""The design that IpAllowlistFunction is compared with."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

CODE = Path(__file__).parent / "functions"


class PriorDesign(Construct):
    """A function with a URL reads the IP set, appends the address of its caller, and writes the set.

    It gets the better of what is left open: a set for each family, a function that does nothing if the address is
    there already, and the SDK's own retries of what AWS WAF throttles. Who may call it is left out.

    Attributes:
        function: The function.
        url: Its URL.
        ip_sets: The IPv4 set and the IPv6 set.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Create it."""
        super().__init__(scope, id)
        self.ip_sets = [
            wafv2.CfnIPSet(self, f"Ipv{version}", scope="REGIONAL", ip_address_version=f"IPV{version}", addresses=[])
            for version in (4, 6)
        ]
        self.function = lambda_.Function(
            self,
            "Function",
            code=lambda_.Code.from_asset(str(CODE), exclude=["**/__pycache__"]),
            handler="register.handler",
            runtime=lambda_.Runtime.PYTHON_3_14,
            memory_size=256,
            timeout=Duration.seconds(30),
            environment={f"IPV{version}_SET": ip_set.ref for version, ip_set in zip((4, 6), self.ip_sets, strict=True)},
        )
        self.function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["wafv2:GetIPSet", "wafv2:UpdateIPSet"], resources=[one.attr_arn for one in self.ip_sets]
            )
        )
        self.url = self.function.add_function_url(auth_type=lambda_.FunctionUrlAuthType.NONE).url
