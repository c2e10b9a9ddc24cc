"""The asset of a function whose packages are installed in Docker, by CDK's own means."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import BundlingOptions, BundlingOutput
from aws_cdk import aws_lambda as lambda_

from chatops_constructs.packaging.dependencies.error import DependenciesError
from chatops_constructs.packaging.source_files import hash_of, source_files

if TYPE_CHECKING:
    from chatops_constructs.packaging.dependencies.lock import Lock
    from chatops_constructs.packaging.dependencies.target import Target

# To be raised whenever the same inputs make another asset.
_FORMAT = 1
_REQUIREMENTS = "requirements.txt"
_SOURCE = "source"
_BUILD = (
    f"pip install --requirement {_REQUIREMENTS} --require-hashes --no-cache-dir --no-compile --target /asset-output "
    f"&& cp -r {_SOURCE}/. /asset-output"
)


def docker_asset_of(
    folder: Path, lock: Lock, target: Target, runtime: lambda_.Runtime, architecture: lambda_.Architecture
) -> lambda_.Code:
    """The code of a function.

    Args:
        folder: The source.
        lock: The packages.
        target: Where they run.
        runtime: The same, as CDK has it.
        architecture: The same, as CDK has it.

    Raises:
        DependenciesError: There is no Docker.
        ValueError: The source cannot be read.
    """
    # CDK's own variable for another program that takes Docker's arguments.
    program = os.environ.get("CDK_DOCKER", "docker")
    if not shutil.which(program):
        raise DependenciesError(
            f"the packages of {lock.name} are to be installed in Docker, and there is no {program} on the path: "
            "install it, or leave out in_docker() if there are wheels of all of them"
        )
    source = source_files(folder)
    inputs = [_FORMAT, target.fingerprint, [str(one) for one in lock.requirements.packages], hash_of(source)]
    return lambda_.Code.from_asset(
        str(_staged(source, str(lock.requirements))),
        asset_hash=sha256(json.dumps(["docker", *inputs]).encode()).hexdigest(),
        bundling=BundlingOptions(
            image=runtime.bundling_image,
            platform=architecture.docker_platform,
            command=["bash", "-c", _BUILD],
            output_type=BundlingOutput.NOT_ARCHIVED,
        ),
    )


def _staged(source: dict[str, Path], requirements: str) -> Path:
    """What the container is given, removed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="chatops-docker-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / _REQUIREMENTS).write_text(requirements, encoding="utf-8")
    for name, path in source.items():
        copy = folder / _SOURCE / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return folder
