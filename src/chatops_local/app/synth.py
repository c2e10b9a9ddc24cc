"""Runs a CDK app."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from chatops_local.app.assembly import Assembly
from chatops_local.app.cdk_json import CdkJson
from chatops_local.app.environment import app_environment

_SHOWN_LINES = 30

_NO_BUNDLING: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
"""For whoever wants the templates only: the dependencies of functions need not be there for them."""


class SynthError(RuntimeError):
    """An app did not synthesise. The text has the end of what it printed."""


def synth(
    app: Path, output: Path, *, account: str = "123456789012", region: str = "us-east-1", bundling: bool = True
) -> Assembly:
    """The cloud assembly of `app`.

    Runs the command in the app's `cdk.json` (default: `python app.py`) in a shell, as the cdk command line does. A
    command that starts with `python` or `python3` gets the interpreter that runs this.

    Args:
        app: The app's folder; or a cloud assembly, which is taken as it is.
        output: The folder to synthesise into.
        account: What the app sees as `CDK_DEFAULT_ACCOUNT`.
        region: What the app sees as `CDK_DEFAULT_REGION`.
        bundling: Whether dependencies of functions are built, which takes time. Without them the assembly cannot be
            deployed.

    Raises:
        SynthError: `app` is no folder with an app, or the app failed.
        ValueError: `cdk.json` or the assembly cannot be used.
        NodeNotFoundError: There is no Node.
    """
    if Assembly.is_in(app):
        return Assembly.read(app)
    settings = CdkJson.read(_app_folder(app))
    if Assembly.is_in(app / settings.app):
        return Assembly.read(app / settings.app)
    context = settings.context if bundling else settings.context | _NO_BUNDLING
    _run(settings.app, app, app_environment(context, output, account=account, region=region))
    if not Assembly.is_in(output):
        raise SynthError(
            f"{app}: the app `{settings.app}` ended well but synthesised nothing: does it call `app.synth()`?"
        )
    return Assembly.read(output)


def _app_folder(app: Path) -> Path:
    if not app.is_dir():
        raise SynthError(f"{app}: no such folder; name the folder of a CDK app or its cdk.out")
    if not ((app / "cdk.json").is_file() or (app / "app.py").is_file()):
        raise SynthError(f"{app}: no CDK app (cdk.json or app.py) and no cloud assembly (manifest.json) in this folder")
    return app


def _run(command: str, folder: Path, environment: dict[str, str]) -> None:
    with_this_python = re.sub(r"^\s*python3?(?=\s|$)", lambda _: shlex.quote(_this_python()), command)
    run = subprocess.run(  # noqa: S602 - `app` in cdk.json is a shell command by definition, and the user's own
        with_this_python,
        shell=True,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if run.returncode:
        printed = (run.stderr.strip() or run.stdout.strip() or "(it printed nothing)").splitlines()[-_SHOWN_LINES:]
        shown = "\n".join(f"  {line}" for line in printed)
        raise SynthError(
            f"{folder}: the app `{command}` failed with exit code {run.returncode}. It printed:\n{shown}\n"
            "Correct the app; or, if it misses a package, install it for the interpreter that runs this: "
            + _this_python()
        )


def _this_python() -> str:
    """Whole, since the app runs in its own folder; through a relative PATH Python may know itself by a relative one."""
    return str(Path(sys.executable).absolute())
