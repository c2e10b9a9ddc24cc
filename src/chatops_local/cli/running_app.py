"""Synthesises an app, starts a local cloud and deploys the app to it, and says so while it does."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_local.app import Assembly, synth
from chatops_local.cloud import ACCOUNT, REGION, LocalCloud
from chatops_local.cloud.instances import named

if TYPE_CHECKING:
    import argparse
    from contextlib import ExitStack

    from chatops_local.cli.progress import Progress


def running_app(arguments: argparse.Namespace, progress: Progress, ending: ExitStack) -> LocalCloud:
    """The app of the command line on a local cloud.

    Args:
        arguments: What `options.add_app_options` has read.
        progress: Gets the steps.
        ending: Ends everything.
    """
    assembly, cloud = started(arguments, progress, ending)
    with progress.step("deploy", f"deploying {', '.join(assembly.stack_names)}"):
        cloud.deploy_all(assembly)
    for name in arguments.offline:
        cloud.set_online(name, False)
    return cloud


def started(arguments: argparse.Namespace, progress: Progress, ending: ExitStack) -> tuple[Assembly, LocalCloud]:
    """What is to be deployed, and a local cloud for it.

    Args:
        arguments: What `options.add_app_options` has read.
        progress: Gets the steps.
        ending: Ends everything.
    """
    instances = None if arguments.instances is None else named(arguments.instances)
    output = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="chatops-local-synth-")))
    with progress.step("synth", f"synthesising {arguments.app}"):
        assembly = synth(arguments.app, output).of_stage(arguments.stage)
    with progress.step("start", "starting the local cloud"):
        cloud = ending.enter_context(
            LocalCloud.start(
                time_scale=arguments.time_scale,
                instances=instances,
                account=assembly.account or ACCOUNT,
                region=assembly.region or REGION,
                make_up_secrets=True,
            )
        )
    return assembly, cloud
