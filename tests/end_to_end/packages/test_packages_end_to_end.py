"""Functions with compiled packages run in the local cloud, if they were built for this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatops_local.app import synth
from chatops_local.cloud import LocalCloud
from chatops_local.server import UnsupportedError

APP = Path(__file__).parent / "app"


@pytest.fixture(scope="module")
def for_lambda(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cdk.out as `cdk synth` makes it."""
    output = tmp_path_factory.mktemp("for-lambda")
    subprocess.run([sys.executable, "app.py"], cwd=APP, env=os.environ | {"CDK_OUTDIR": str(output)}, check=True)
    return output


def test_they_run(tmp_path: Path):
    with LocalCloud.start(time_scale=0.05) as cloud:
        cloud.deploy(synth(APP, tmp_path, account="123456789012", region="us-east-1").directory)
        for line in ("/plain <b>", "/command <b>"):
            sent = cloud.slack.send(line)
            sent.wait(60)
            assert cloud.problems_of(sent) == []
            (message,) = sent.results
            assert "markupsafe/.so &lt;b&gt;" in message.shown


def test_built_for_lambda_they_are_refused(for_lambda: Path):
    with LocalCloud.start(time_scale=0.05) as cloud, pytest.raises(UnsupportedError) as error:
        cloud.deploy(for_lambda)
    assert "its dependencies were compiled for linux/arm64/3.14" in str(error.value)
    assert "markupsafe/_speedups.cpython-314-aarch64-linux-gnu.so" in str(error.value)


def test_of_one_lock_the_files_for_lambda_are_others(for_lambda: Path):
    template = json.loads((for_lambda / "Packages.template.json").read_text(encoding="utf-8"))
    marks = [
        one["Metadata"]["chatops:python"] for one in template["Resources"].values() if "chatops:python" in str(one)
    ]
    assert [mark["built_for"] for mark in marks] == ["linux/arm64/3.14"] * 2
