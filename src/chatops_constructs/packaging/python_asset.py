"""The asset of a function with packages: its source and them, in one folder."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import jsii
from aws_cdk import BundlingOptions, BundlingOutput, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_

from chatops_constructs.packaging.dependencies.distributions import distributions_in
from chatops_constructs.packaging.dependencies.error import DependenciesError
from chatops_constructs.packaging.source_files import hash_of, is_program, source_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_constructs.packaging.dependencies.build import Packages

# To be raised whenever the same inputs make another asset.
_FORMAT = 1
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: unzipped, layers included.
LARGEST = 250 * 1024 * 1024
_SHOWN = 5
_MODULES = (".py", ".so")


def asset_of(folder: Path, packages: Packages) -> lambda_.Code:
    """The code of a function.

    Its hash is that of what it is made from, so it is the same wherever it is made, and another for another target.

    Args:
        folder: The source.
        packages: The packages.

    Raises:
        DependenciesError: It is too large, or a module is in both.
        ValueError: The source cannot be read.
    """
    source = source_files(folder)
    _check_size(source, packages)
    _check_names(source, packages)
    return lambda_.Code.from_asset(
        str(folder),
        asset_hash=sha256(f"{_FORMAT} {packages.key} {hash_of(source)}".encode()).hexdigest(),
        bundling=BundlingOptions(
            image=DockerImage.from_registry("not-used"),
            local=_Copies({**{name: packages.folder / name for name in packages.contents.files}, **source}),
            output_type=BundlingOutput.NOT_ARCHIVED,
        ),
    )


@jsii.implements(ILocalBundling)
class _Copies:
    """Files for an asset that CDK does not have yet: it asks for those only."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files

    def try_bundle(self, output_dir: str, *_options: object, **_named: object) -> bool:
        """Copy the files, readable for Lambda whatever this machine's file mode creation mask is."""
        for name, path in self._files.items():
            copy = Path(output_dir, name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            copy.chmod(0o755 if is_program(path) else 0o644)
        return True


def _check_size(source: Mapping[str, Path], packages: Packages) -> None:
    sizes = {**packages.contents.distributions, "the source": sum(path.stat().st_size for path in source.values())}
    total = sum(packages.contents.files.values()) + sizes["the source"]
    if total > LARGEST:
        largest = sorted(sizes.items(), key=lambda item: -item[1])[:_SHOWN]
        raise DependenciesError(
            f"the function is {_megabytes(total)} unzipped; Lambda takes {_megabytes(LARGEST)}, layers included. "
            f"Largest: {', '.join(f'{name} ({_megabytes(size)})' for name, size in largest)}. Leave out what it does "
            "not need (boto3 is in the runtime), or split the function"
        )


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f} MB"


def _check_names(source: Mapping[str, Path], packages: Packages) -> None:
    """Of `orders.py` and a package `orders`, Python would import one and hide the other."""
    installed = [name for name in packages.contents.files if name.endswith(_MODULES)]
    by_module = {_module(name): name for name in installed}
    for name in source:
        other = by_module.get(_module(name), "")
        hidden = name if name in packages.contents.files else other
        if name.endswith(_MODULES) and hidden and (hidden == name or ("/" in hidden) != ("/" in name)):
            owner = next((str(one) for one in distributions_in(packages.folder) if hidden in one.files), "a package")
            raise DependenciesError(f"{name} of the source and {hidden} of {owner} hide each other: rename yours")


def _module(name: str) -> str:
    """The first part of what is imported from a file."""
    return name.partition("/")[0].partition(".")[0]
