"""The wheel: built, installed elsewhere, and what it synthesises there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chatops_constructs.packaging.runtime_modules import modules_of

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
PACKAGES = ("chatops_constructs", "chatops_runtime", "chatops_local", "chatops_setup")

SYNTHESISE = """
import json, sys
from pathlib import Path
import aws_cdk as cdk
import chatops_constructs, chatops_runtime
from chatops_constructs import *

app = cdk.App(outdir=sys.argv[1])
stack = cdk.Stack(app, "Ops")
slack = SlackCommandEndpoint(
    stack, "Slack",
    workspace=SlackWorkspace.team("T012AB3CD", app="A034CD5EF"),
    credentials=SlackCredentials.from_parameters("/ops/prod"),
)
RuntimeLayer.of(stack)
slack.add_command(
    "/ps", RunScript("ps", targets=Ec2Targets.by_tag("Role", "web")), description="top", allow=Allow.workspace()
)
app.synth()
print(json.dumps([chatops_constructs.__file__, chatops_runtime.__file__]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    pip("install", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


@dataclass(frozen=True)
class Elsewhere:
    """What the installed wheel synthesised: the assembly's folder, its template, and which files were imported."""

    assembly: Path
    template: dict[str, Any]
    imported: list[str]


@pytest.fixture(scope="module")
def elsewhere(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    # Not from the checkout: in a folder of its own, the installed packages before whatever lies beside CDK.
    folder = tmp_path_factory.mktemp("elsewhere")
    done = subprocess.run(
        [sys.executable, "-c", SYNTHESISE, str(folder / "out")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return Elsewhere(folder / "out", template_in(folder / "out"), json.loads(done.stdout))


def template_in(assembly: Path) -> dict[str, Any]:
    template: dict[str, Any] = json.loads((assembly / "Ops.template.json").read_text())
    return template


def sources(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for package in PACKAGES
        for file in (folder / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == set(sources(SRC))
    assert {"chatops_constructs/py.typed", "chatops_runtime/py.typed", "chatops_local/py.typed"} <= names


def test_says_what_it_is_and_needs(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = archive.read(name).decode()
    needed = [line.partition(": ")[2] for line in metadata.splitlines() if line.startswith("Requires-Dist:")]
    assert {one.partition("<")[0].partition(">")[0] for one in needed if "extra ==" not in one} == {
        "aws-cdk-lib",
        "constructs",
    }
    assert all("<" in one and ">=" in one for one in needed if "extra ==" not in one), "ranges, not pins"
    assert any("licenses/LICENSE" in name for name in archive.namelist())


def test_installed_elsewhere_it_synthesises_the_same_as_the_checkout(
    elsewhere: Elsewhere, installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(file.startswith(str(installed)) for file in elsewhere.imported)
    monkeypatch.setattr(sys, "argv", ["", str(tmp_path / "out")])
    exec(compile(SYNTHESISE, "checkout", "exec"), {})
    # The same keys of assets as well: byte code, times and places are not in their hashes.
    assert elsewhere.template == template_in(tmp_path / "out")


def belongs_to(name: str) -> str:
    """The module that a file is, or the package that it lies in."""
    path = Path(name)
    is_module = path.suffix == ".py" and path.stem != "__init__"
    return ".".join((path.with_suffix("") if is_module else path.parent).parts)


def test_its_assets_hold_what_runs(elsewhere: Elsewhere) -> None:
    runtime = {name: data for name, data in sources(SRC).items() if name.startswith("chatops_runtime/")}
    needed = modules_of("chatops_runtime.dispatch.handler.handler")
    of_dispatch = {name: data for name, data in runtime.items() if belongs_to(name) in needed}
    assert {"chatops_runtime/dispatch/handler.py"} < set(of_dispatch) < set(runtime)

    resources = elsewhere.template["Resources"].values()
    dispatch = next(one["Properties"]["Code"] for one in resources if one["Type"] == "AWS::Lambda::Function")
    layer = next(
        one["Properties"]["Content"]
        for one in resources
        if one["Type"] == "AWS::Lambda::LayerVersion" and "chatops_runtime" in one["Properties"]["Description"]
    )
    for code, prefix, expected in ((dispatch, "", of_dispatch), (layer, "python/", runtime)):
        asset = elsewhere.assembly / f"asset.{code['S3Key'].removesuffix('.zip')}"
        found = {str(file.relative_to(asset)): file.read_bytes() for file in asset.rglob("*") if file.is_file()}
        assert found == {f"{prefix}{name}": data for name, data in expected.items()}
