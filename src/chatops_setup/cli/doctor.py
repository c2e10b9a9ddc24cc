"""`chatops-constructs doctor`: checks everything and changes nothing."""

from __future__ import annotations

import argparse
import dataclasses
import sys

from chatops_setup.cli import options, reading
from chatops_setup.cli.output import Output

EPILOG = """\
examples:
  chatops-constructs doctor OpsBot
  chatops-constructs doctor OpsBot --manifest app.json --json

exit code: 0 if all is well; 1 if something is to be done, or could not be checked; 2 if the command line was wrong.
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "doctor",
        help="check a deployed stack, and say what to do",
        description="Checks a deployed stack, its secrets, its instances and its endpoint, and says what to do. It "
        "changes nothing, and starts no command.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_stack_options(parser)
    options.add_app_options(parser)
    parser.add_argument(
        "--ask", action="store_true", help="ask for the app's secrets, and compare them with those that are stored"
    )
    parser.add_argument("--stdin", action="store_true", help="with --ask: read lines PARAMETER=VALUE instead")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code."""
    output = Output(sys.stdout, sys.stderr, as_json=arguments.json)
    checks = reading.checks(arguments, output)
    if arguments.ask:
        source = reading.source(checks.secrets, from_stdin=arguments.stdin, replace=False)
        asked = {name: source.secret(kind, name) for kind, name in checks.secrets}
        checks = dataclasses.replace(
            checks, given={name: secret for name, secret in asked.items() if secret is not None}
        )
    output.run(checks.all())
    return output.finish(stack=checks.stack.name)
