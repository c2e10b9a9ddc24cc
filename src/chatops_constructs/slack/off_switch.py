"""The off-switch of an endpoint: an SSM parameter that stops all its commands within a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import CfnOutput
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm

from chatops_constructs._problems import check, is_token
from chatops_constructs._secret_parameter import parameter_arn
from chatops_runtime.contracts.off_switch import ALLOWED_PATTERN, ON

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct


class OffSwitch:
    """The switch of one endpoint, its own or one that it shares.

    Attributes:
        parameter: The parameter.
        name: Its name.
        arn: Its ARN.
    """

    def __init__(self, parameter: ssm.IStringParameter, *, name: str, arn: str) -> None:
        """Use `own` or `shared` instead."""
        self.parameter = parameter
        self.name = name
        self.arn = arn

    @classmethod
    def own(cls, scope: Construct, endpoint_name: str) -> OffSwitch:
        """A new one, which is on, and an output that says how to switch it.

        Nothing about the parameter may depend on anything that changes: CloudFormation writes the template's value at
        every update of the resource, and an update is what another description or another pattern would be.

        Args:
            scope: The parent.
            endpoint_name: The endpoint's physical name.
        """
        name = f"/chatops/{endpoint_name}/off-switch"
        parameter = ssm.StringParameter(
            scope, "OffSwitch", parameter_name=name, string_value=ON, allowed_pattern=ALLOWED_PATTERN
        )
        CfnOutput(
            scope,
            "SwitchOff",
            value=f"aws ssm put-parameter --overwrite --name {name} --value 'off REASON'",
            description="Stops all commands within a minute. With --value on they run again",
        )
        # A reference, by which CloudFormation makes the switch first: a function that finds none runs nothing.
        return cls(parameter, name=name, arn=parameter.parameter_arn)

    @classmethod
    def shared(cls, scope: Construct, parameter: ssm.IStringParameter) -> OffSwitch:
        """One that exists, of another endpoint or of anybody.

        Args:
            scope: The endpoint, for errors.
            parameter: The parameter, of the endpoint's region and account.

        Raises:
            ValueError: Its name is known at deploy time only.
        """
        name = _plain_name(parameter)
        check(
            not is_token(name),
            scope,
            "off_switch",
            name,
            "a parameter whose name is known",
            "give it a parameter_name, or take another endpoint's off_switch",
            tokens=False,
        )
        # No reference, which would tie two stacks to each other.
        return cls(parameter, name=name, arn=parameter_arn(scope, f"/{name.lstrip('/')}"))

    def grant_read(self, function: lambda_.Function) -> None:
        """Let `function` read it.

        Args:
            function: The function that asks whether commands run.
        """
        function.add_to_role_policy(
            iam.PolicyStatement(sid="ReadTheOffSwitch", actions=["ssm:GetParameters"], resources=[self.arn])
        )


def _plain_name(parameter: ssm.IStringParameter) -> str:
    """The name in plain, as far as it can be known."""
    name = parameter.parameter_name
    if is_token(name) and isinstance(parameter, ssm.StringParameter):
        # Of a parameter of this app CDK tells a reference; the name itself stands in the resource.
        return cast("ssm.CfnParameter", parameter.node.default_child).name or name
    path = parameter.parameter_arn.partition(":parameter/")[2]
    # Of one that is imported by its ARN CDK tells the last level only.
    return f"/{path}" if "/" in path and not is_token(path) else name
