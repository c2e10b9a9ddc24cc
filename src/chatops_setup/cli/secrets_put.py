"""`chatops-constructs secrets put`: asks for the secrets of a stage and stores them."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from typing import TYPE_CHECKING

from chatops_runtime.contracts import template_metadata
from chatops_setup import secret_kinds
from chatops_setup.asking import InputError
from chatops_setup.cli import reading, stage_reading
from chatops_setup.cli.output import Output
from chatops_setup.declared_secrets import Key
from chatops_setup.finding import Finding, unknown
from chatops_setup.storing import Storing
from chatops_setup.storing_managed import ManagedStoring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_setup.asking import Source
    from chatops_setup.assembly import Place
    from chatops_setup.aws import Aws
    from chatops_setup.declared_secrets import DeclaredSecret

EPILOG = """\
examples:
  chatops-constructs secrets put . --stage staging
  chatops-constructs secrets put . --stage staging --name /acme/staging/standup/api-key
  printf '%s\\n' "/acme/staging/standup/api-key=$KEY" | chatops-constructs secrets put . --stage staging --stdin

exit code: 0 if all that was given is stored; 1 if something is left to do; 2 if the command line was wrong.
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "put",
        help="ask for them and store them",
        description="Asks for every secret that the stacks of a stage read, and stores it encrypted. Nothing of what "
        "is typed is shown, and it gets into no history of a shell. It writes over nothing without asking.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    stage_reading.add_options(parser)
    parser.add_argument("--name", action="append", default=[], help="only this one; may be given again. Default: all")
    parser.add_argument(
        "--stdin",
        action="store_true",
        help="do not ask: read the secrets as lines NAME=VALUE from standard input",
    )
    parser.add_argument("--overwrite", action="store_true", help="with --stdin: write over secrets that are stored")
    parser.add_argument(
        "--key-id",
        metavar="KEY",
        help="encrypt with this key, where the app names one that a stack of it creates. Default: the key that it has",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code."""
    output = Output(sys.stdout, sys.stderr)
    places = _wanted(stage_reading.declared(arguments, output), arguments.name)
    kinds = {secret.name: _kind(secret) for secrets in places.values() for secret in secrets}
    source = reading.source(
        [(kind, name) for name, kind in kinds.items()], from_stdin=arguments.stdin, replace=arguments.overwrite
    )
    for place, secrets in places.items():
        aws = stage_reading.at(arguments, place)
        elsewhere = stage_reading.of_another_account(place, aws, secrets)
        for finding in elsewhere or _stored(aws, secrets, source, arguments.key_id):
            output.show(finding)
    return output.finish(stage=arguments.stage or "")


def _wanted(places: dict[Place, list[DeclaredSecret]], names: list[str]) -> dict[Place, list[DeclaredSecret]]:
    there = {secret.name for secrets in places.values() for secret in secrets}
    unheard_of = [name for name in names if name not in there]
    if unheard_of:
        raise InputError(
            f"--name {unheard_of[0]}: no function of the stage reads it; those that are read: "
            + (", ".join(sorted(there)) or "none")
        )
    return {place: [each for each in secrets if not names or each.name in names] for place, secrets in places.items()}


def _kind(secret: DeclaredSecret) -> secret_kinds.SecretKind:
    kind = {
        template_metadata.SIGNING_SECRET: secret_kinds.SIGNING_SECRET,
        template_metadata.BOT_TOKEN: secret_kinds.BOT_TOKEN,
    }.get(secret.kind, secret_kinds.TEXT)
    return dataclasses.replace(kind, check=secret.name)


def _stored(aws: Aws, secrets: list[DeclaredSecret], source: Source, key_id: str | None) -> Iterator[Finding]:
    for secret in secrets:
        finding = _one_stored(aws, secret, source, key_id)
        if finding is not None:
            yield finding


def _one_stored(aws: Aws, secret: DeclaredSecret, source: Source, key_id: str | None) -> Finding | None:
    if secret.json_fields:
        return unknown(
            secret.name,
            f"is JSON with {', '.join(sorted(secret.json_fields))}, which is not asked for here",
            f"put the document there: aws secretsmanager put-secret-value --secret-id {secret.name} --secret-string "
            "file:///dev/stdin",
        )
    key = secret.key if isinstance(secret.key, str) else key_id
    if secret.key is Key.OF_A_STACK and key is None:
        return unknown(
            secret.name,
            "is to be encrypted with a key that a stack of the app creates",
            "deploy the stack with the key first, and name it here with --key-id",
        )
    if secret.store == template_metadata.SECRETS_MANAGER:
        return ManagedStoring(aws, source, key_id=key).settle(_kind(secret), secret.name)
    return Storing(aws, source, key_id="alias/aws/ssm" if secret.key is Key.MANAGED_BY_AWS else key).settle(
        _kind(secret), secret.name
    )
