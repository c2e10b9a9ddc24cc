"""What the commands about a stage's secrets read: the app, and AWS where the stage is."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_local.app import Assembly, synth
from chatops_setup.assembly import Place, stacks_in
from chatops_setup.aws import Aws
from chatops_setup.finding import Finding, unknown
from chatops_setup.stage_secrets import secrets_of

if TYPE_CHECKING:
    import argparse

    from chatops_setup.cli.output import Output
    from chatops_setup.declared_secrets import DeclaredSecret


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which secrets, and with whose rights."""
    parser.add_argument("app", metavar="APP_DIR", type=Path, help="the folder of the CDK app, or its cdk.out")
    parser.add_argument("--stage", help="the stage: of a cdk.Stage or of StageSecrets. Default: all stages")
    parser.add_argument("--region", help="of stacks that name none. Default: that of the profile or of AWS_REGION")
    parser.add_argument("--profile", help="whose credentials to use. Default: those of the environment")
    parser.add_argument("--role-arn", metavar="ARN", help="a role to take with these, in the stage's account")


def declared(arguments: argparse.Namespace, output: Output) -> dict[Place, list[DeclaredSecret]]:
    """The secrets of the stage that the command line names, by place.

    Raises:
        SynthError: The app does not synthesise.
        ContentsError: There is no such stage.
        AwsError: The account is not known for which to synthesise.
    """
    if Assembly.is_in(arguments.app):
        return secrets_of(stacks_in(arguments.app), arguments.stage)
    aws = at(arguments, None)
    with tempfile.TemporaryDirectory() as folder, output.progress.step(f"synthesising {arguments.app}"):
        assembly = synth(arguments.app, Path(folder), account=aws.account(), region=aws.region, bundling=False)
        return secrets_of(stacks_in(assembly.directory), arguments.stage)


def at(arguments: argparse.Namespace, place: Place | None) -> Aws:
    """AWS at a place, or where the command line says."""
    region = (place and place.region) or arguments.region
    return Aws(region=region, profile=arguments.profile, role_arn=arguments.role_arn)


def of_another_account(place: Place, aws: Aws, secrets: list[DeclaredSecret]) -> list[Finding]:
    """That nothing can be said of the secrets, if the credentials are of another account than their place."""
    if place.account is None or place.account == aws.account():
        return []
    says = f"was not looked at: it is of account {place.account}, your credentials are of {aws.account()}"
    remedy = "name credentials of that account, with --profile or --role-arn"
    return [unknown(each.name, says, remedy) for each in secrets]
