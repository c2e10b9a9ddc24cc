"""The templates of all examples, as `cdk synth` makes them."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.constructs.stacks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import aws_cdk as cdk

EXAMPLES = ROOT / "examples"


def write_templates(folder: Path, *, work: Path) -> list[str]:
    """Synthesise every example below `work`, and collect the templates in `folder` by names that say whose they are."""
    for app in sorted(EXAMPLES.glob("*/app.py")):
        environment = {**os.environ, "CDK_OUTDIR": str(work / app.parent.name)}
        subprocess.run([sys.executable, app.name], cwd=app.parent, env=environment, check=True)
    for size in ("minimal", "maximal"):
        for path in sorted((EXAMPLES / size).glob("*.py")):
            app_of_it: cdk.App = runpy.run_path(str(path))["app"]
            shutil.copytree(app_of_it.synth().directory, work / f"{size}-{path.stem}")
    # Those of stages are in folders of their own.
    templates = sorted(work.rglob("*.template.json"))
    names = ["--".join(template.relative_to(work).parts) for template in templates]
    for template, name in zip(templates, names, strict=True):
        shutil.copy(template, folder / name)
    return names
