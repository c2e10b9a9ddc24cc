"""The runtime package as a Lambda layer, for users' own handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy
from aws_cdk import aws_lambda as lambda_

from chatops_constructs._one_per_stack import one_per_stack
from chatops_constructs.packaging import runtime_asset
from chatops_runtime.contracts.commands_table import LAYER_FOLDER

if TYPE_CHECKING:
    from constructs import Construct


class RuntimeLayer(lambda_.LayerVersion):
    """`chatops_runtime` as a layer: pure Python, standard library and boto3, any architecture, Python 3.10 or newer.

    Creates one `AWS::Lambda::LayerVersion`. With it a function can `from chatops_runtime import Reply, SlackCommand`.
    `CommandFunction` adds it by itself.

    Example:
        from aws_cdk import aws_lambda as lambda_
        from chatops_constructs import RuntimeLayer

        lambda_.Function(
            self, "Seed", runtime=lambda_.Runtime.PYTHON_3_14, handler="seed.handler",
            code=lambda_.Code.from_asset("lambda/seed"), layers=[RuntimeLayer.of(self)],
        )
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Create the layer.

        Args:
            scope: The parent.
            id: The id in `scope`.
        """
        super().__init__(
            scope,
            id,
            code=runtime_asset.code_of_layer(LAYER_FOLDER),
            description="chatops_runtime of chatops-constructs",
            removal_policy=RemovalPolicy.DESTROY,
        )

    @classmethod
    def of(cls, scope: Construct) -> RuntimeLayer:
        """The layer of `scope`'s stack, created at the first call.

        Args:
            scope: Any construct in the stack.
        """
        return one_per_stack(scope, "ChatOpsRuntimeLayer", cls)
