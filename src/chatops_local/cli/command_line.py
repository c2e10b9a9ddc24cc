"""Reads the command line, runs the command that it names, and turns errors into one clear paragraph."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, NoReturn

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, HTTPClientError

from chatops_local.app import AssemblyError, SynthError
from chatops_local.app.cdk_json import CdkJsonError
from chatops_local.app.environment import NodeNotFoundError
from chatops_local.cli import coverage, send, tick, up
from chatops_local.cloud import NoSuchInstanceError, NoSuchScheduleError, ScheduleNotDueError
from chatops_local.page import PortTakenError
from chatops_local.server import DeploymentFailedError, EmulatorEndedError, EmulatorError, UnsupportedError
from chatops_local.slack import NoMentionError, NoSuchEndpointError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED = 1
INTERRUPTED = 130
TERMINATED = 143

EXPECTED_ERRORS = (
    AssemblyError,
    CdkJsonError,
    DeploymentFailedError,
    EmulatorError,
    NoMentionError,
    NoSuchEndpointError,
    NoSuchInstanceError,
    NoSuchScheduleError,
    NodeNotFoundError,
    PortTakenError,
    ScheduleNotDueError,
    SynthError,
    UnsupportedError,
)
"""Errors whose text says what to do."""

GONE = (
    "the local cloud does not answer any more. If its process has ended, everything that it had started has ended too; "
    "what was typed runs again only when it is typed again."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run `chatops-local`.

    Args:
        argv: The arguments. Default: those of the process.

    Returns:
        The exit code: 0, or 1 if something failed. (A usage error exits with 2 at once.)
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if argv is None:
        signal.signal(signal.SIGTERM, _terminate)
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except KeyboardInterrupt:
        print("chatops-local: interrupted; everything it started has ended", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if arguments.debug:
            raise
        _explain(error, as_json=arguments.json)
        return FAILED
    return code


def _terminate(*_: object) -> NoReturn:
    """End as at the end of the program: what was started ends too."""
    sys.exit(TERMINATED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chatops-local",
        description="Runs a ChatOps app on this machine: real HTTP, IAM enforced, scripts on local instances, and a "
        "Slack with Slack's limits. No account is needed.",
        epilog="`chatops-local COMMAND --help` says more about a command.",
    )
    parser.add_argument("--version", action="version", version=f"chatops-local {version('chatops-constructs')}")
    parser.set_defaults(debug=False, json=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    send.add_to(commands)
    tick.add_to(commands)
    up.add_to(commands)
    coverage.add_to(commands)
    return parser


def _explain(error: Exception, *, as_json: bool) -> None:
    text = str(error)
    if isinstance(error, EmulatorEndedError):
        text = f"{GONE}\n{error}"
    elif isinstance(error, (EndpointConnectionError, HTTPClientError)):
        text = GONE
    elif not isinstance(error, EXPECTED_ERRORS):
        kind = (
            "the local cloud refused a call" if isinstance(error, (BotoCoreError, ClientError)) else "unexpected error"
        )
        text = f"{kind}: {type(error).__name__}: {error}\nRun it again with --debug for the whole story."
    print(f"chatops-local: {text}", file=sys.stderr)
    if as_json:
        print(json.dumps({"ok": False, "error": text}, ensure_ascii=False, indent=2))
