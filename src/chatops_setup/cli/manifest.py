"""`chatops-constructs manifest`: prints the manifest of a Slack app that fits the stack."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_setup import app_manifest
from chatops_setup.aws import Aws
from chatops_setup.cli import options
from chatops_setup.contents import ContentsError
from chatops_setup.stack import Stack

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "manifest",
        help="print the manifest of the Slack app",
        description="Prints the manifest of a Slack app that fits an endpoint, to be pasted under App Manifest.",
    )
    options.add_stack_options(parser)
    parser.add_argument(
        "--cdk-out",
        metavar="DIR",
        type=Path,
        help="read the stack from there, before it is deployed; the URLs are placeholders then",
    )
    parser.add_argument(
        "--link", action="store_true", help="print the link that creates the app from the manifest instead"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code."""
    if arguments.cdk_out is None:
        stack = Stack.deployed(arguments.stack, Aws(region=arguments.region, profile=arguments.profile))
    else:
        stack = Stack.synthesised(arguments.stack, arguments.cdk_out)
    endpoints = stack.endpoints(arguments.endpoint)
    if len(endpoints) != 1:
        names = ", ".join(each.name for each in endpoints) or "none"
        raise ContentsError(f"the stack {stack.name} has these endpoints: {names}; name one with --endpoint")
    document = app_manifest.manifest(endpoints[0], url=stack.url_of(endpoints[0]), name=stack.name)
    printed = app_manifest.creation_link(document) if arguments.link else app_manifest.as_text(document)
    if printed is None:
        raise ContentsError("the manifest is too long for a link: leave --link out, and paste what is printed")
    sys.stdout.write(f"{printed}\n")
    return 0
