"""`chatops-constructs secrets check`: finds out before a deployment which secrets are missing or no good."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from chatops_setup.checks import Step
from chatops_setup.cli import stage_reading
from chatops_setup.cli.output import Output
from chatops_setup.secret_checks import SecretChecks, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_setup.assembly import Place
    from chatops_setup.declared_secrets import DeclaredSecret

EPILOG = """\
examples:
  chatops-constructs secrets check . --stage staging
  chatops-constructs secrets check cdk.out --stage production --values no \\
      --role-arn arn:aws:iam::222222222222:role/secrets-check

exit code: 0 if all is well; 1 if a secret is to be put right, or could not be looked at; 2 if the command line was
wrong.
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "check",
        help="say which are missing, of the wrong type, empty or placeholders",
        description="Looks at every secret that the stacks of a stage read: whether it is there, encrypted, with the "
        "right key, and can be it. It changes nothing, and prints no value.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    stage_reading.add_options(parser)
    parser.add_argument(
        "--values",
        choices=[each.value for each in Values],
        default=Values.IF_ALLOWED.value,
        help="whether values are looked at: where it is allowed, always (what may not be read is an error), or never. "
        "Default: if-allowed",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code."""
    output = Output(sys.stdout, sys.stderr, as_json=arguments.json)
    for place, secrets in stage_reading.declared(arguments, output).items():
        output.run(_steps(arguments, place, secrets))
    if not output.findings:
        output.say("no secrets are declared")
    return output.finish(stage=arguments.stage or "")


def _steps(arguments: argparse.Namespace, place: Place, secrets: list[DeclaredSecret]) -> Iterator[Step]:
    aws = stage_reading.at(arguments, place)
    elsewhere = stage_reading.of_another_account(place, aws, secrets)
    if elsewhere:
        yield Step(f"looking for account {place.account}", lambda: elsewhere)
        return
    checks = SecretChecks(aws, Values(arguments.values))
    for secret in secrets:
        yield Step(f"looking at {secret.name}", lambda secret=secret: [checks.judged(secret)])  # type: ignore[misc]
