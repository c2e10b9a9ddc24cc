"""`chatops-local coverage`: what of an app the local cloud emulates, checks, only records, and refuses."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatops_local.app import synth
from chatops_local.cli import options
from chatops_local.cli.progress import Progress
from chatops_local.cli.style import Style, indented
from chatops_local.server import definitions
from chatops_local.server.assembly import read_stacks
from chatops_local.server.guard import Coverage, coverage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.server.guard import Item

ACCOUNT, REGION = "123456789012", "us-east-1"

_HEADINGS = {
    "resource type": "resource types",
    "integration": "what its state machines call",
    "action": "IAM actions that its roles are given",
}
EPILOG = """\
emulated   it is there and works
checked    whoever does it is judged by policies, as on AWS
recorded   it can be deployed and seen, and does nothing
refused    the stack is not deployed to the local cloud

exit code: 0 if nothing is refused, 1 if something is or the app does not synthesise, 2 if the command line was wrong.
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "coverage",
        help="say what of an app the local cloud emulates, checks, and refuses",
        description="Synthesises the app and says of each of its stacks what becomes of it here. Nothing is started.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_app(parser)
    parser.add_argument(
        "--region",
        default=REGION,
        help="the local cloud's own region: of stacks that do not say theirs, and of Run Command. Default: %(default)s",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code."""
    with tempfile.TemporaryDirectory(prefix="chatops-local-synth-") as output:
        with Progress(sys.stderr).step("synth", f"synthesising {arguments.app}"):
            assembly = synth(arguments.app, Path(output), account=ACCOUNT, region=arguments.region)
        found = [each for directory in assembly.directories for each in _coverages(directory, arguments.region)]
    style = Style.of(sys.stdout)
    if arguments.json:
        print(json.dumps(_document(arguments.app, found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_as_text(each, style) for each in found))
    return 1 if any(each.refused for each in found) else 0


def _coverages(directory: Path, home: str) -> Iterator[Coverage]:
    for stack in read_stacks(directory, account=ACCOUNT, region=home):
        template = definitions.read_in(stack.template, stack.assets)
        yield coverage(stack.name, stack.region, template, elsewhere=stack.region != home)


def _as_text(found: Coverage, style: Style) -> str:
    lines = [f"{style.strong(found.stack)} {style.faint(found.region)}"]
    for kind, heading in _HEADINGS.items():
        items = [item for item in found.items if item.kind == kind]
        lines.append(f"\n  {heading}" if items else f"\n  {heading}: none")
        lines += [line for item in items for line in _lines_of(item, style)]
    refused = len(found.refused)
    verdict = f"{refused} of {len(found.items)} are refused: the stack cannot be deployed to the local cloud"
    lines.append(f"\n{style.mark(ok=not refused)} {verdict if refused else 'nothing is refused'}\n")
    return "\n".join(lines)


def _lines_of(item: Item, style: Style) -> Iterator[str]:
    marked = {"recorded": style.strong, "refused": style.bad}.get(item.standing, style.good)
    count = f"  × {item.count}" if item.count > 1 else ""
    yield f"    {marked(f'{item.standing:8}')}  {item.name}{style.faint(count)}"
    yield from (indented(reason, " " * 14) for reason in item.reasons)


def _document(app: Path, found: list[Coverage]) -> dict[str, Any]:
    return {
        "ok": not any(each.refused for each in found),
        "app": str(app),
        "stacks": [
            {"stack": each.stack, "region": each.region, "items": [asdict(item) for item in each.items]}
            for each in found
        ],
    }
