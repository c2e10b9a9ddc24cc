"""Reads the command line, runs the command that it names, and turns errors into one clear paragraph."""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

from chatops_local.app import AssemblyError, SynthError
from chatops_local.app.cdk_json import CdkJsonError
from chatops_local.app.environment import NodeNotFoundError
from chatops_setup.asking import InputError
from chatops_setup.aws import AwsError
from chatops_setup.cli import doctor, manifest, secrets, setup
from chatops_setup.contents import ContentsError
from chatops_setup.manifest_comparison import ManifestError
from chatops_setup.stack import NoSuchStackError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED = 1
INTERRUPTED = 130

EXPECTED_ERRORS = (
    AssemblyError,
    AwsError,
    CdkJsonError,
    ContentsError,
    InputError,
    ManifestError,
    NodeNotFoundError,
    NoSuchStackError,
    SynthError,
)
"""Errors whose text says what to do. Any other is shown with its traceback: it is a fault of this program."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `chatops-constructs`.

    Args:
        argv: The arguments. Default: those of the process.

    Returns:
        The exit code: 0, or 1 if something is to be done. (A usage error exits with 2 at once.)
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("chatops-constructs: interrupted; what was written before stays\n")
        return INTERRUPTED
    except EXPECTED_ERRORS as error:
        sys.stderr.write(f"chatops-constructs: {error}\n")
        if arguments.json:
            sys.stdout.write(json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False, indent=2) + "\n")
        return FAILED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chatops-constructs",
        description="Sets a deployed stack of chatops-constructs up in Slack, and finds out what is wrong with it.",
        epilog="`chatops-constructs COMMAND --help` says more about a command.",
    )
    parser.add_argument("--version", action="version", version=f"chatops-constructs {version('chatops-constructs')}")
    parser.set_defaults(json=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    setup.add_to(commands)
    doctor.add_to(commands)
    manifest.add_to(commands)
    secrets.add_to(commands)
    return parser
