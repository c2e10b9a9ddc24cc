"""Options that several commands have."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

_APP_ID = re.compile(r"A[A-Z0-9]{2,20}")


def add_stack_options(parser: argparse.ArgumentParser) -> None:
    """Which stack, and with whose rights."""
    parser.add_argument("stack", metavar="STACK", help="the name of the stack that has the constructs")
    parser.add_argument("--region", help="where the stack is. Default: that of the profile or of AWS_REGION")
    parser.add_argument("--profile", help="whose credentials to use. Default: those of the environment")
    parser.add_argument("--endpoint", metavar="ID", help="which endpoint, if the stack has several. Default: all")


def add_app_options(parser: argparse.ArgumentParser) -> None:
    """What is known of the Slack app."""
    parser.add_argument(
        "--app-id", metavar="A…", type=_app_id, help="the app that you have, to be compared with the stack's"
    )
    parser.add_argument(
        "--manifest",
        metavar="FILE",
        type=Path,
        help="the manifest of that app, saved as JSON from its page App Manifest, to be compared with the stack",
    )
    parser.add_argument("--skip-slack", action="store_true", help="do not ask Slack (auth.test) about bot tokens")


def _app_id(text: str) -> str:
    if not _APP_ID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r}: an App ID is expected, A and capital letters or digits")
    return text
