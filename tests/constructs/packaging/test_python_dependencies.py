"""Where packages are written down: locked or not, in uv.lock, for Docker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk.assertions import Annotations, Match

from chatops_constructs import PythonDependencies, PythonFunction
from chatops_constructs.packaging.dependencies.error import DependenciesError
from tests.constructs.packaging.functions import HANDLER, files, key, synthesised
from tests.constructs.packaging.simple_index import serve
from tests.constructs.packaging.wheels import wheel
from tests.constructs.stacks import Synthesised, new_stack

if TYPE_CHECKING:
    from collections.abc import Iterator


class TestUnlocked:
    def test_requirements_without_hashes_are_resolved_and_warned_of(self, entry: Path, wheels: Path) -> None:
        wheel(wheels, "slow", {"slow.py": b""}, requires=["fast>=1"])
        wheel(wheels, "fast", {"fast.py": b""})
        (entry / "requirements.txt").write_text("slow\n", encoding="utf-8")
        app, stack = new_stack()
        PythonFunction(stack, "Orders", entry=entry, handler="orders.handler")
        Annotations.from_stack(stack).has_warning(
            "/Ops/Orders", Match.string_like_regexp(r"requirements\.txt is not locked: .*uv pip compile --universal")
        )
        assert {"slow.py", "fast.py"} <= set(files(Synthesised.of(app, stack)))

    def test_what_was_resolved_is_what_is_hashed(self, entry: Path, wheels: Path) -> None:
        wheel(wheels, "fast", {"fast.py": b""})
        (entry / "requirements.txt").write_text("fast\n", encoding="utf-8")
        before = key(synthesised(entry))
        assert key(synthesised(entry)) == before
        wheel(wheels, "fast", {"fast.py": b"newer = True\n"}, version="1.1")
        assert key(synthesised(entry)) != before

    def test_a_pyproject(self, entry: Path, wheels: Path) -> None:
        wheel(wheels, "fast", {"fast.py": b""})
        wheel(wheels, "extra", {"extra.py": b""})
        (entry / "pyproject.toml").write_text(
            '[project]\nname = "orders"\nversion = "1"\ndependencies = [\n  "fast",\n]\n'
            '[project.optional-dependencies]\nmore = ["extra"]\n',
            encoding="utf-8",
        )
        assert "fast.py" in files(synthesised(entry))
        both = PythonDependencies.from_pyproject(entry, extras=["more"])
        assert {"fast.py", "extra.py"} <= set(files(synthesised(entry, dependencies=both)))

    def test_no_warning_of_what_is_locked(self, locked: Path) -> None:
        _, stack = new_stack()
        PythonFunction(stack, "Orders", entry=locked, handler="orders.handler")
        Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


class TestUvLock:
    @pytest.fixture
    def project(self, entry: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """A project, locked, with a group and an extra."""
        for name in ("fast", "extra", "tool", "tests"):
            wheel(wheels, name, {f"{name}.py": b""})
        (entry / "pyproject.toml").write_text(
            '[project]\nname = "orders"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["fast"]\n'
            '[project.optional-dependencies]\nmore = ["extra"]\n'
            '[dependency-groups]\ndev = ["tests"]\ntools = ["tool"]\n',
            encoding="utf-8",
        )
        uv = Path(sys.executable).with_name("uv")
        with serve(wheels) as index:
            monkeypatch.delenv("UV_CONFIG_FILE")
            monkeypatch.setenv("UV_DEFAULT_INDEX", index)
            subprocess.run([uv, "lock", "--quiet", "--python", sys.executable], cwd=entry, check=True)
            yield entry

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ({}, {"fast"}),
            ({"extras": ["more"]}, {"fast", "extra"}),
            ({"groups": ["tools"]}, {"fast", "tool"}),
            ({"only_groups": ["tools", "dev"]}, {"tool", "tests"}),
            ({"package": "orders"}, {"fast"}),
        ],
    )
    def test_what_is_taken_of_it(self, options: dict[str, Any], expected: set[str], project: Path) -> None:
        found = synthesised(project, dependencies=PythonDependencies.from_uv_lock(project, **options))
        assert {Path(name).stem for name in files(found) if name.endswith(".py")} == {"orders", *expected}

    def test_it_is_found_in_the_folder_before_requirements(self, project: Path) -> None:
        (project / "requirements.txt").write_text("nowhere-to-be-found\n", encoding="utf-8")
        assert "fast.py" in files(synthesised(project))

    def test_an_index_that_is_only_for_one_package(
        self, entry: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wheel(wheels, "private", {"private.py": b""})
        with serve(wheels) as index:
            monkeypatch.delenv("UV_CONFIG_FILE")
            monkeypatch.setenv("UV_DEFAULT_INDEX", f"{index}/nothing")
            (entry / "pyproject.toml").write_text(
                '[project]\nname = "orders"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["private"]\n'
                f'[[tool.uv.index]]\nname = "ours"\nurl = "{index}"\nexplicit = true\n'
                '[tool.uv.sources]\nprivate = { index = "ours" }\n',
                encoding="utf-8",
            )
            uv = Path(sys.executable).with_name("uv")
            subprocess.run([uv, "lock", "--quiet", "--python", sys.executable], cwd=entry, check=True)
            assert "private.py" in files(synthesised(entry))

    def test_one_that_was_locked_from_a_folder(self, entry: Path, wheels: Path) -> None:
        wheel(wheels, "fast", {"fast.py": b""})
        (entry / "pyproject.toml").write_text(
            '[project]\nname = "orders"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["fast"]\n',
            encoding="utf-8",
        )
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "lock", "--quiet", "--python", sys.executable], cwd=entry, check=True)
        with pytest.raises(DependenciesError, match=r"uv\.lock has no hashes for fast==1\.0, since"):
            synthesised(entry)

    def test_an_unknown_group(self, project: Path) -> None:
        with pytest.raises(DependenciesError, match=r"Orders'.*uv\.lock: [\s\S]*Group `nope` is not defined"):
            synthesised(project, dependencies=PythonDependencies.from_uv_lock(project, groups=["nope"]))


class TestDocker:
    APP = """
import sys
import aws_cdk as cdk
from chatops_constructs import PythonDependencies, PythonFunction

app = cdk.App(outdir=sys.argv[2])
PythonFunction(
    cdk.Stack(app, "Test"), "Orders", entry=sys.argv[1], handler="orders.handler",
    dependencies=PythonDependencies.found_in(sys.argv[1]).in_docker(),
)
app.synth()
"""

    def synthesise(self, entry: Path, docker: str, output: Path) -> subprocess.CompletedProcess[str]:
        # CDK's own process reads the variable when it starts.
        return subprocess.run(
            [sys.executable, "-c", self.APP, str(entry), str(output)],
            env=os.environ | {"CDK_DOCKER": docker},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_the_build_image_installs_what_is_locked(self, locked: Path, tmp_path: Path) -> None:
        log = tmp_path / "log"
        docker = tmp_path / "docker"
        docker.write_text(
            f"#!{sys.executable}\n"
            "import json, pathlib, sys\n"
            "volumes = {one.split(':')[1]: pathlib.Path(one.split(':')[0]) for one in sys.argv if ':/asset-' in one}\n"
            "given = volumes['/asset-input']\n"
            "files = {p.relative_to(given).as_posix(): p.read_text() for p in given.rglob('*') if p.is_file()}\n"
            f"pathlib.Path({str(log)!r}).write_text(json.dumps([sys.argv[1:], files]))\n"
            "(volumes['/asset-output'] / 'built.py').touch()\n",
            encoding="utf-8",
        )
        docker.chmod(0o755)
        done = self.synthesise(locked, str(docker), tmp_path / "cdk.out")
        assert done.returncode == 0, done.stderr
        arguments, given = json.loads(log.read_text(encoding="utf-8"))
        assert "public.ecr.aws/sam/build-python3.14" in arguments
        assert arguments[arguments.index("--platform") + 1] == "linux/arm64"
        assert arguments[-1].startswith("pip install --requirement requirements.txt --require-hashes ")
        assert given["source/orders.py"] == HANDLER
        assert given["requirements.txt"].startswith("fast==1.0 --hash=sha256:")
        template = json.loads((tmp_path / "cdk.out" / "Test.template.json").read_text(encoding="utf-8"))
        (function,) = (one for one in template["Resources"].values() if one["Type"] == "AWS::Lambda::Function")
        assert function["Metadata"]["chatops:python"]["built_for"] == "linux/arm64/3.14"
        assert list((tmp_path / "cdk.out").glob("asset.*/built.py"))

    def test_no_docker(self, locked: Path, tmp_path: Path) -> None:
        done = self.synthesise(locked, "no-such-docker", tmp_path / "cdk.out")
        assert "are to be installed in Docker, and there is no no-such-docker on the path" in done.stderr

    def test_only_what_is_locked(self, entry: Path) -> None:
        (entry / "requirements.txt").write_text("fast\n", encoding="utf-8")
        with pytest.raises(DependenciesError, match="is not locked, and in Docker only what is locked is installed"):
            synthesised(entry, dependencies=PythonDependencies.found_in(entry).in_docker())

    def test_not_for_this_machine(self, entry: Path, wheels: Path) -> None:
        (entry / "requirements.txt").write_text(wheel(wheels, "mine", {"mine.py": b""}), encoding="utf-8")
        found = synthesised(
            entry, {"chatops-constructs:build-for": "host"}, dependencies=PythonDependencies.found_in(entry).in_docker()
        )
        assert "mine.py" in files(found)
