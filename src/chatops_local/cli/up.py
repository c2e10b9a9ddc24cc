"""`chatops-local up`: an app on this machine, with a page to type its slash commands on."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

from chatops_local.cli import options
from chatops_local.cli.progress import Progress
from chatops_local.cli.running_app import started
from chatops_local.cli.style import Style
from chatops_local.page import DEFAULT_PORT, PageServer, Workbench

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chatops_local.page.commands import Command
    from chatops_local.page.mentions import Mentionable

PORT = "PORT"
"""The environment variable with the port."""

EPILOG = """\
examples:
  chatops-local up examples/ops_bot
  chatops-local up examples/delivery --stage staging
  chatops-local up . --port 8500 --instances Role=web:3 --offline web-2

Ctrl-C ends it, and everything that it has started.
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "up",
        help="run an app and type its commands on a page in the browser",
        description="Synthesises the app, deploys it to a local cloud, and serves a page on which its slash commands "
        "are typed and seen at work.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_app_options(parser)
    parser.add_argument(
        "--port",
        type=options.port,
        default=os.environ.get(PORT) or str(DEFAULT_PORT),
        help=f"where the page is, on 127.0.0.1; 0 for any port that is free. Default: {PORT} of the environment, or "
        f"{DEFAULT_PORT}",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command until it is interrupted; the exit code."""
    progress = Progress(sys.stderr)
    try:
        with ExitStack() as running:
            _serve(arguments, progress, running)
    except KeyboardInterrupt:
        print("\nStopped; everything it started has ended.", file=sys.stderr)
    return 0


def _serve(arguments: argparse.Namespace, progress: Progress, running: ExitStack) -> None:
    assembly, cloud = started(arguments, progress, running)
    workbench = Workbench(arguments.app, cloud, arguments.stage)
    page = PageServer(workbench, arguments.port)
    with progress.step("deploy", f"deploying {', '.join(assembly.stack_names)}"):
        workbench.deploy(assembly)
    for name in arguments.offline:
        cloud.set_online(name, False)
    running.enter_context(page)
    print(
        summary(page.url, cloud.instances, [*workbench.commands, *workbench.mentionable], Style.of(sys.stdout)),
        flush=True,
    )
    threading.Event().wait()


def summary(url: str, instances: Iterable[str], commands: Sequence[Command | Mentionable], style: Style) -> str:
    """What is said when everything runs."""
    width = max((len(command.usage) for command in commands), default=0)
    lines = ["", f"{style.mark(ok=True)} The page is at {style.strong(url)}", ""]
    lines.append(f"  instances  {', '.join(instances) or 'none'}")
    for number, command in enumerate(commands):
        label = "commands" if number == 0 else ""
        lines.append(f"  {label:9}  {command.usage:{width}}  {style.faint(command.description)}")
    return "\n".join([*lines, "", "Ctrl-C ends it."])
