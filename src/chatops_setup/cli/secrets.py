"""`chatops-constructs secrets`: the secrets of a stage, before it is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_setup.cli import secrets_check, secrets_put

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command and its own commands."""
    parser = commands.add_parser(
        "secrets",
        help="check or store the secrets of a stage",
        description="The secrets that the stacks of a stage read, as the app declares them.",
    )
    own = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    secrets_check.add_to(own)
    secrets_put.add_to(own)
