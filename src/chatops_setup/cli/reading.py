"""Makes of the command line what the commands work with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from chatops_setup import manifest_comparison
from chatops_setup.asking import InputError, Lines, Source, Terminal
from chatops_setup.aws import Aws
from chatops_setup.checks import Checks
from chatops_setup.stack import Stack

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from chatops_setup.cli.output import Output
    from chatops_setup.secret_kinds import SecretKind


def checks(arguments: argparse.Namespace, output: Output) -> Checks:
    """The checks of the stack that the command line names, which is read from AWS.

    Raises:
        InputError: What is known of one app is to be compared with several endpoints.
    """
    manifest = None if arguments.manifest is None else manifest_comparison.read(arguments.manifest)
    with output.progress.step(f"reading the stack {arguments.stack}"):
        aws = Aws(region=arguments.region, profile=arguments.profile)
        stack = Stack.deployed(arguments.stack, aws)
    endpoints = stack.endpoints(arguments.endpoint)
    if len(endpoints) > 1 and (manifest is not None or arguments.app_id is not None):
        names = ", ".join(each.name for each in endpoints)
        raise InputError(
            f"--manifest and --app-id are of one app, and the endpoints are {names}: name one by --endpoint"
        )
    return Checks(
        aws=aws,
        stack=stack,
        endpoints=endpoints,
        app_id=arguments.app_id,
        manifest=manifest,
        asks_slack=not arguments.skip_slack,
    )


def source(wanted: Iterable[tuple[SecretKind, str]], *, from_stdin: bool, replace: bool) -> Source:
    """Where secrets come from.

    Raises:
        InputError: Standard input has something else, or there is nobody to ask.
    """
    if from_stdin:
        return Lines.read(sys.stdin, wanted, replace=replace)
    if not _is_terminal():
        raise InputError("there is no terminal to ask at: pass --stdin, and the secrets as lines PARAMETER=VALUE")
    return Terminal(sys.stderr)


def _is_terminal() -> bool:
    return sys.stdin.isatty()
