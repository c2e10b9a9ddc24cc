"""The commands table as a layer of the dispatch function."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii
from aws_cdk import RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IConstruct

from chatops_runtime.contracts import commands_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops_runtime.contracts.commands_table import CommandEntry


class CommandsLayer(Construct):
    """Writes the table when the app is synthesised, since only then all commands are known.

    It is an aspect of itself alone: an aspect is called for every construct below it, and there is only one below.
    """

    def __init__(
        self, scope: Construct, id: str, *, function: lambda_.Function, entries: Callable[[], dict[str, CommandEntry]]
    ) -> None:
        """Note the function and where the entries will come from.

        Args:
            scope: The parent.
            id: The id in `scope`.
            function: Gets the layer.
            entries: Gives all commands, at synthesis.
        """
        super().__init__(scope, id)
        self._function = function
        self._entries = entries
        cdk.Aspects.of(self).add(_AtSynthesis(self))

    @property
    def written(self) -> bool:
        """Whether the table is written, so that another command would be missing from it."""
        return self.node.try_find_child("Resource") is not None

    def write(self) -> None:
        """Create the layer, once."""
        if self.written:
            return
        with tempfile.TemporaryDirectory(prefix="chatops-commands-") as folder:
            file = Path(folder, commands_table.LAYER_FOLDER, commands_table.FILE_NAME)
            file.parent.mkdir()
            file.write_text(commands_table.render(self._entries()), encoding="utf-8")
            layer = lambda_.LayerVersion(
                self,
                "Resource",
                code=lambda_.Code.from_asset(folder),
                description="The commands of an endpoint of chatops-constructs",
                removal_policy=RemovalPolicy.DESTROY,
            )
        self._function.add_layers(layer)


@jsii.implements(cdk.IAspect)
class _AtSynthesis:
    def __init__(self, layer: CommandsLayer) -> None:
        self._layer = layer

    def visit(self, node: IConstruct) -> None:
        """Called for the layer's construct and what is below it."""
        if node is self._layer:
            self._layer.write()
