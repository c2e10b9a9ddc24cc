"""The example apps: what each is synthesised from, and which stories use what its roles and resources permit."""

from __future__ import annotations

import runpy
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import aws_cdk as cdk

from chatops_local.app import Assembly, synth
from tests.iam.pipelines import without_stages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chatops_local.cloud import InstanceSpec, LocalCloud
    from tests.iam.elsewhere import Elsewhere
    from tests.iam.laboratory import Laboratory

EXAMPLES = Path(__file__).parents[2] / "examples"
ACCOUNT = "123456789012"
# As the command line of CDK has it: by their paths constructs are found. Functions run on this machine.
_CONTEXT = {"aws:cdk:enable-path-metadata": True, "chatops-constructs:build-for": "host"}
# A Monday: what is planned for Sundays is far away.
NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)


def _nothing(_: Any) -> None:
    """Nothing has to be done."""


@dataclass(frozen=True)
class Story:
    """Something that people and services do with an app, from its beginning to its end, as often as one likes.

    Args:
        name: what happens.
        tell: makes it happen, and fails unless it goes well.
        denies: the actions that the story itself denies somebody, to see what becomes of that.
    """

    name: str
    tell: Callable[[Laboratory], None]
    denies: tuple[str, ...] = ()


@dataclass(frozen=True)
class App:
    """One example.

    Args:
        name: its path below `examples`, without the ending.
        stories: what uses its permissions.
        elsewhere: what is proven elsewhere, and where.
        stage: the one of its stages that is tried; empty for the app itself, without its stages. Default: all of it,
            without stages.
        region: the region of its stacks that do not say it.
        instances: those that it runs on. Default: two for each tag that it looks for.
        surroundings: makes what the app takes to be there.
        furnish: changes what was deployed as its owner would before it is used.
        edit: replaces in a template what cannot be there on one machine.
        accounts: those that its stacks name; here there is one.
        tidy: leaves nothing behind that a story had made when it was cut short.
    """

    name: str
    stories: tuple[Story, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    stage: str | None = None
    region: str = "us-east-1"
    instances: Sequence[InstanceSpec] | None = None
    surroundings: Callable[[LocalCloud], None] = _nothing
    furnish: Callable[[Laboratory], None] = _nothing
    edit: Callable[[dict[str, Any]], None] = _nothing
    accounts: tuple[str, ...] = ()
    tidy: Callable[[Laboratory], None] = _nothing

    def synthesise(self, output: Path) -> Path:
        """Its cdk.out."""
        folder = EXAMPLES / self.name
        if folder.is_dir():
            assembly = synth(folder, output, account=ACCOUNT, region=self.region)
        else:
            self._run(folder.with_suffix(".py"), output)
            assembly = Assembly.read(output)
        for account in self.accounts:
            _move(output, account)
        if self.stage == "":
            return without_stages(assembly.directory)
        return assembly.of_stage(self.stage).directory

    @staticmethod
    def _run(app: Path, output: Path) -> None:
        # Many files of one stack each: in this process, since Node takes longer to start than they to synthesise.
        with mock.patch.object(
            cdk, "App", partial(cdk.App, outdir=str(output), analytics_reporting=False, context=_CONTEXT)
        ):
            runpy.run_path(str(app))


def _move(output: Path, account: str) -> None:
    """Have what is of an account in the one that there is: in templates, manifests and definitions that are assets."""
    for file in output.rglob("*.json"):
        text = file.read_text("utf-8")
        if account in text:
            file.write_text(text.replace(account, ACCOUNT), "utf-8")
