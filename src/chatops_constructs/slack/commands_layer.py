"""The commands table as a layer of the dispatch function."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chatops_constructs import _asset_hash
from chatops_constructs._at_synthesis import at_synthesis
from chatops_runtime.contracts import commands_table

if TYPE_CHECKING:
    from collections.abc import Callable


class CommandsLayer(Construct):
    """Writes the table when the app is synthesised, since only then all commands are known."""

    def __init__(self, scope: Construct, id: str, *, function: lambda_.Function, table: Callable[[], str]) -> None:
        """Note the function and where the table will come from.

        Args:
            scope: The parent.
            id: The id in `scope`.
            function: Gets the layer.
            table: Gives the table's text, at synthesis.
        """
        super().__init__(scope, id)
        self._functions = [function]
        self._table = table
        self.written = False
        """Whether the table is written, so that another command would be missing from it."""
        at_synthesis(self, self._write)

    def add_function(self, function: lambda_.Function) -> None:
        """Give the layer to one more function.

        Args:
            function: Gets the layer.
        """
        self._functions.append(function)

    def _write(self) -> None:
        self.written = True
        with tempfile.TemporaryDirectory(prefix="chatops-commands-") as folder:
            file = Path(folder, commands_table.LAYER_FOLDER, commands_table.FILE_NAME)
            file.parent.mkdir()
            file.write_text(self._table(), encoding="utf-8")
            layer = lambda_.LayerVersion(
                self,
                "Resource",
                code=lambda_.Code.from_asset(folder, asset_hash=_asset_hash.of_folder(Path(folder))),
                description="The commands of an endpoint of chatops-constructs",
                removal_policy=RemovalPolicy.DESTROY,
            )
        for function in self._functions:
            function.add_layers(layer)
