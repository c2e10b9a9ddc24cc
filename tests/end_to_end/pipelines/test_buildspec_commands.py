"""The commands of the pipeline's builds, taken out of the template and run: with what they install, and nothing else.

They need an index of Python packages and npm's registry; where that is out of reach they are skipped, and say so.
"""

from __future__ import annotations

import hashlib
import json
import runpy
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from tests.end_to_end.pipelines.buildspec_machine import ROOT, Machine, commands_of, requirements

APP = Path(__file__).parent / "delivered"


def template() -> dict[str, Any]:
    """The pipeline's, as it is synthesised here."""
    with mock.patch.object(cdk.App, "synth"):
        stack = runpy.run_path(str(APP / "app.py"))["tools"]
    return dict(Template.from_stack(stack).to_json())


@dataclass
class Built:
    """What the build left, and with what the next builds go on."""

    machine: Machine
    source: Path
    template: dict[str, Any]
    log: str

    @property
    def output(self) -> Path:
        return self.source / "jobs" / "cdk.out"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The repository, fetched and built."""
    folder = tmp_path_factory.mktemp("build")
    machine = Machine(folder)
    if machine.run(["npm ping"], folder).returncode != 0:
        pytest.skip("npm's registry is out of reach")
    source = folder / "source"
    shutil.copytree(APP, source / "jobs", ignore=shutil.ignore_patterns("__pycache__", "cdk.out"))
    wheel = wheel_in(folder / "wheel")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (source / "jobs" / "requirements.txt").write_text(requirements(wheel, digest))
    made = template()
    finished = machine.run(commands_of(made, "BuildSynth"), source)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return Built(machine, source, made, finished.stdout + finished.stderr)


def wheel_in(folder: Path) -> Path:
    arguments = ["wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_the_build_synthesises_every_stage(built: Built) -> None:
    manifest = json.loads((built.output / "manifest.json").read_text("utf-8"))
    assert "Tools" in manifest["artifacts"]
    assert {"assembly-Tools-staging", "assembly-Tools-production"} <= set(manifest["artifacts"])


def test_the_build_makes_the_template_that_was_deployed(built: Built) -> None:
    """Or the pipeline would change itself with each push."""
    made = json.loads((built.output / "Tools.template.json").read_text("utf-8"))
    assert commands_of(made, "BuildSynth") == commands_of(built.template, "BuildSynth")
    assert set(made["Resources"]) - {"CDKMetadata"} == set(built.template["Resources"])


def test_the_build_refuses_a_package_with_another_hash(built: Built) -> None:
    file = built.source / "jobs" / "requirements.txt"
    whole = file.read_text("utf-8")
    file.write_text(whole.replace("--hash=sha256:", "--hash=sha256:0000", 1))
    try:
        finished = built.machine.run(commands_of(built.template, "BuildSynth")[:2], built.source)
    finally:
        file.write_text(whole)
    assert finished.returncode != 0
    assert "hash" in (finished.stdout + finished.stderr).lower()


class TestTheSecretsCheck:
    def check(self, built: Built, stage: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
        """In another machine's folder, with the cloud assembly that the build left."""
        source = tmp_path / "source"
        shutil.copytree(built.source, source, ignore=shutil.ignore_patterns("cdk.out"))
        return built.machine.run(
            commands_of(built.template, f"{stage}gateSecrets"),
            source,
            CODEBUILD_SRC_DIR_Synth_Output=str(built.output),
            AWS_DEFAULT_REGION="us-east-1",
        )

    def test_lets_a_stage_pass_that_has_none(self, built: Built, tmp_path: Path) -> None:
        finished = self.check(built, "staging", tmp_path)
        assert finished.returncode == 0, finished.stdout + finished.stderr
        assert "no secrets are declared" in finished.stdout

    def test_stops_a_stage_whose_secrets_cannot_be_looked_at(self, built: Built, tmp_path: Path) -> None:
        """There are no credentials here."""
        finished = self.check(built, "production", tmp_path)
        assert finished.returncode == 1, finished.stdout + finished.stderr
        assert "credentials" in finished.stdout + finished.stderr
