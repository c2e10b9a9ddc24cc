"""`chatops-constructs manifest`: prints the manifest of a Slack app that fits the stack."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_setup import app_manifest, manifest_comparison
from chatops_setup.aws import Aws
from chatops_setup.cli import options
from chatops_setup.cli.output import Output
from chatops_setup.contents import ContentsError
from chatops_setup.stack import Stack

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "manifest",
        help="print the manifest of the Slack app",
        description="Prints the manifest of a Slack app that fits an endpoint, to be pasted under App Manifest. With "
        "--manifest it says as well what is different from the last one, and exits with 1 if something has to be done.",
    )
    options.add_stack_options(parser)
    parser.add_argument(
        "--cdk-out",
        metavar="DIR",
        type=Path,
        help="read the stack from there, before it is deployed; the URLs are placeholders then",
    )
    parser.add_argument(
        "--manifest",
        metavar="FILE",
        type=Path,
        help="the manifest that the app has, saved as JSON, or one that was printed before: it says on standard error "
        "what is different now",
    )
    parser.add_argument(
        "--link", action="store_true", help="print the link that creates the app from the manifest instead"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code."""
    last = None if arguments.manifest is None else manifest_comparison.read(arguments.manifest)
    if arguments.cdk_out is None:
        stack = Stack.deployed(arguments.stack, Aws(region=arguments.region, profile=arguments.profile))
    else:
        stack = Stack.synthesised(arguments.stack, arguments.cdk_out)
    endpoints = stack.endpoints(arguments.endpoint)
    if len(endpoints) != 1:
        names = ", ".join(each.name for each in endpoints) or "none"
        raise ContentsError(f"the stack {stack.name} has these endpoints: {names}; name one with --endpoint")
    url = stack.url_of(endpoints[0])
    if last is not None and arguments.cdk_out is not None:
        url = manifest_comparison.url_in(last, endpoints[0]) or url
    document = app_manifest.manifest(endpoints[0], url=url, name=stack.name)
    printed = app_manifest.creation_link(document) if arguments.link else app_manifest.as_text(document)
    if printed is None:
        raise ContentsError("the manifest is too long for a link: leave --link out, and paste what is printed")
    sys.stdout.write(f"{printed}\n")
    if last is None:
        return 0
    output = Output(sys.stderr, sys.stderr)
    for finding in manifest_comparison.differences(last, endpoints[0], url):
        output.show(finding)
    return output.finish(stack=stack.name)
