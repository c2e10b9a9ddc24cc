"""The code of a function with a user's Python source: as it lies there, or with packages beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_

from chatops_constructs._problems import check
from chatops_constructs.packaging.dependencies.build import packages
from chatops_constructs.packaging.dependencies.error import DependenciesError
from chatops_constructs.packaging.dependencies.lock import shown
from chatops_constructs.packaging.dependencies.target import Target
from chatops_constructs.packaging.docker_asset import docker_asset_of
from chatops_constructs.packaging.python_asset import asset_of
from chatops_constructs.packaging.python_dependencies import PythonDependencies
from chatops_constructs.packaging.source_files import ENVIRONMENT, LEFT_OUT

if TYPE_CHECKING:
    from pathlib import Path

    from constructs import Construct

    from chatops_constructs.packaging.dependencies.lock import Source

BUILD_FOR = "chatops-constructs:build-for"
HOST = "host"
# A path in the place of a list of files: what Docker compiled is not looked at.
_COMPILED_IN_DOCKER = "whatever Docker compiled"


@dataclass(frozen=True)
class PythonCode:
    """Code, and what is to be said about it.

    Attributes:
        code: For the function.
        built_for: What it can run on, if it has compiled packages.
        compiled: Those files of it.
        warning: What is wrong with where the packages are from; empty for nothing.
    """

    code: lambda_.Code
    built_for: str = ""
    compiled: list[str] = field(default_factory=list)
    warning: str = ""


def code_of(
    scope: Construct,
    where: str,
    folder: Path,
    dependencies: PythonDependencies | None,
    runtime: lambda_.Runtime,
    architecture: lambda_.Architecture,
) -> PythonCode:
    """The code of a function.

    Args:
        scope: The function's parent.
        where: The function, as it is named in errors.
        folder: Its source.
        dependencies: Its packages; None for those that the folder names.
        runtime: Lambda's Python.
        architecture: Of the function.

    Raises:
        DependenciesError: The packages could not be had, or could not run there.
        ValueError: The source cannot be read.
    """
    chosen = dependencies or PythonDependencies.found_in(folder)
    # Of a stack that is not selected (`cdk synth Other`), CDK wants no asset to be built.
    if chosen.source is None or not Stack.of(scope).bundling_required:
        return _plain(folder)
    target = _target(scope, runtime, architecture)
    try:
        if chosen.docker and not target.is_host:
            return _in_docker(folder, chosen.source, target, runtime, architecture)
        return _with_packages(folder, chosen.source, target, chosen.foreign)
    except DependenciesError as error:
        raise DependenciesError(f"{where}: {error}") from None


def _plain(folder: Path) -> PythonCode:
    environments = [path.parent.name for path in folder.glob(f"*/{ENVIRONMENT}")]
    exclude = [*(f"**/{pattern}" for pattern in LEFT_OUT), *environments]
    return PythonCode(lambda_.Code.from_asset(str(folder), exclude=exclude))


def _with_packages(folder: Path, source: Source, target: Target, foreign: tuple[str, ...]) -> PythonCode:
    lock = source.lock(target)
    if not lock.requirements.packages:
        return _plain(folder)
    built = packages(lock, target, foreign)
    return PythonCode(asset_of(folder, built), target.name, built.contents.compiled, lock.warning)


def _in_docker(
    folder: Path, source: Source, target: Target, runtime: lambda_.Runtime, architecture: lambda_.Architecture
) -> PythonCode:
    if not source.locked:
        raise DependenciesError(
            f"{shown(source.path)} is not locked, and in Docker only what is locked is installed: write it with "
            "`uv pip compile --universal --generate-hashes`, or make a uv.lock"
        )
    lock = source.lock(target)
    if not lock.requirements.packages:
        return _plain(folder)
    code = docker_asset_of(folder, lock, target, runtime, architecture)
    return PythonCode(code, target.name, [_COMPILED_IN_DOCKER])


def _target(scope: Construct, runtime: lambda_.Runtime, architecture: lambda_.Architecture) -> Target:
    build_for = scope.node.try_get_context(BUILD_FOR)
    check(
        build_for in (None, HOST),
        "cdk.json",
        BUILD_FOR,
        build_for,
        f"{HOST!r}, or to leave it out",
        "it is for running functions on the machine that synthesises; leave it out to deploy",
    )
    return (
        Target.host() if build_for == HOST else Target.of_function(runtime=runtime.name, architecture=architecture.name)
    )
