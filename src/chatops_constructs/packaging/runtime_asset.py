"""Copies of `chatops_runtime`, laid out as Lambda wants them, without what must not be in an asset's hash."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from aws_cdk import aws_lambda as lambda_

import chatops_runtime.contracts

# The package's folder, wherever it is installed. `chatops_runtime` itself is imported for its contracts only.
PACKAGE = Path(chatops_runtime.contracts.__file__).parent.parent

# Byte code differs between Python versions and machines, and so would the hash.
EXCLUDED = ("__pycache__", "*.pyc")


@cache
def staged(prefix: str) -> Path:
    """A folder that holds `prefix/chatops_runtime`, one per process, removed when the process ends.

    A copy, since an asset has to contain the package's folder itself, and beside it in site-packages lies everything
    else that is installed. CDK hashes an asset by names and contents, so the hash is that of any other copy.
    """
    root = Path(tempfile.mkdtemp(prefix="chatops-runtime-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    shutil.copytree(PACKAGE, root / prefix / PACKAGE.name, ignore=shutil.ignore_patterns(*EXCLUDED))
    return root


def code(prefix: str = "") -> lambda_.Code:
    """The runtime package as Lambda code: for a function without `prefix`, for a layer with `python`."""
    return lambda_.Code.from_asset(str(staged(prefix)), exclude=[f"**/{pattern}" for pattern in EXCLUDED])
