"""PythonFunction: what is in its asset, what its hash is made of, and what the template says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Annotations, Match

from chatops_constructs import CommandFunction, PythonDependencies, PythonFunction
from chatops_constructs.packaging import python_asset
from chatops_constructs.packaging.dependencies.error import DependenciesError
from tests.constructs.packaging.simple_index import serve
from tests.constructs.packaging.wheels import AARCH64, ANY, ARM_314, X86_64, X86_314, elf, wheel
from tests.constructs.stacks import Synthesised, new_stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HANDLER = "def handler(event, context):\n    return 'fast'\n"
OPTIONS: dict[str, dict[str, Any]] = {
    "Arm": {},
    "X86": {"architecture": lambda_.Architecture.X86_64},
    "Older": {"runtime": lambda_.Runtime.PYTHON_3_13},
    "Again": {"architecture": lambda_.Architecture.ARM_64, "runtime": lambda_.Runtime.PYTHON_3_14},
}


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """A folder with a handler."""
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "orders.py").write_text(HANDLER, encoding="utf-8")
    return folder


@pytest.fixture
def locked(entry: Path, wheels: Path) -> Path:
    """The same folder, with requirements of a package that is compiled, for both architectures."""
    hashes = [
        wheel(wheels, "fast", {"fast/__init__.py": b"", "fast/_c.so": elf(machine)}, tag=tag)
        for machine, tag in (
            (AARCH64, ARM_314),
            (X86_64, X86_314),
            (AARCH64, ARM_314.replace("314", "313")),
            (AARCH64, "py2-none-any"),
        )
    ]
    hashes.append(wheel(wheels, "fast", {"fast/__init__.py": b""}, tag="cp310-abi3-win_amd64"))
    (entry / "requirements.txt").write_text(_together(hashes), encoding="utf-8")
    return entry


def _together(lines: list[str]) -> str:
    """One requirement with the hashes of all these wheels."""
    return " ".join([lines[0], *(line.split()[1] for line in lines[1:])])


def synthesised(entry: Path, context: Mapping[str, Any] | None = None, **options: Any) -> Synthesised:
    app = cdk.App(context=dict(context or {}))
    stack = cdk.Stack(app, "Test")
    PythonFunction(stack, "Orders", **{"entry": entry, "handler": "orders.handler", **options})
    return Synthesised.of(app, stack)


def files(found: Synthesised) -> list[str]:
    folder = found.asset(found.only("Lambda::Function")["Code"])
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def mark(found: Synthesised) -> Any:
    (function,) = (one for one in found.template["Resources"].values() if one["Type"] == "AWS::Lambda::Function")
    return function.get("Metadata", {}).get("chatops:python")


def key(found: Synthesised) -> str:
    return str(found.only("Lambda::Function")["Code"]["S3Key"])


class TestPlainSource:
    def test_defaults(self, entry: Path) -> None:
        found = synthesised(entry)
        function = found.only("Lambda::Function")
        assert function["Handler"] == "orders.handler"
        assert function["Runtime"] == "python3.14"
        assert function["Architectures"] == ["arm64"]
        assert function["MemorySize"] == 256
        assert function["Timeout"] == 60
        assert function["Description"] == "Handler orders.handler"
        assert "Environment" not in function
        assert "Layers" not in function
        (statement,) = found.statements("OrdersRole")
        assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
        assert files(found) == ["orders.py"]

    def test_what_is_hidden_stays_out(self, entry: Path) -> None:
        for name in (".env", ".venv/lib/x.py", ".git/config", "__pycache__/orders.cpython-314.pyc", "deep/.hidden"):
            (entry / name).parent.mkdir(parents=True, exist_ok=True)
            (entry / name).touch()
        (entry / "deep" / "data.json").touch()
        assert files(synthesised(entry)) == ["deep/data.json", "orders.py"]

    def test_an_entry_point(self, entry: Path) -> None:
        assert synthesised(entry, entry_point="layer.call").only("Lambda::Function")["Handler"] == "layer.call"

    @pytest.mark.parametrize(
        "pyproject", ["", "[tool.ruff]\nline-length = 120\n", '[project]\nname = "x"\ndependencies = []\n']
    )
    def test_a_pyproject_without_dependencies(self, pyproject: str, entry: Path) -> None:
        (entry / "pyproject.toml").write_text(pyproject, encoding="utf-8")
        assert files(synthesised(entry)) == ["orders.py", "pyproject.toml"]

    def test_requirements_that_name_nothing(self, entry: Path) -> None:
        (entry / "requirements.txt").write_text("# nothing yet\n", encoding="utf-8")
        assert files(synthesised(entry)) == ["orders.py", "requirements.txt"]

    def test_no_packages_wanted(self, locked: Path) -> None:
        found = synthesised(locked, dependencies=PythonDependencies.none())
        assert files(found) == ["orders.py", "requirements.txt"]


class TestPackages:
    def test_they_lie_beside_the_source(self, locked: Path) -> None:
        found = synthesised(locked)
        assert files(found) == [
            "fast-1.0.dist-info/METADATA",
            "fast-1.0.dist-info/RECORD",
            "fast-1.0.dist-info/WHEEL",
            "fast/__init__.py",
            "fast/_c.so",
            "orders.py",
            "requirements.txt",
        ]
        folder = found.asset(found.only("Lambda::Function")["Code"])
        assert (folder / "fast" / "_c.so").read_bytes() == elf(AARCH64)

    def test_a_command_function_has_them_as_well(self, locked: Path) -> None:
        app, stack = new_stack()
        CommandFunction(stack, "Orders", entry=locked, handler="orders.handler")
        assert "fast/_c.so" in files(Synthesised.of(app, stack))

    def test_everybody_may_read_them(self, locked: Path) -> None:
        (locked / "orders.py").chmod(0o600)
        (locked / "tool.sh").touch(0o700)
        found = synthesised(locked)
        folder = found.asset(found.only("Lambda::Function")["Code"])
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir() if path.is_file()}
        assert modes == {"orders.py": 0o644, "requirements.txt": 0o644, "tool.sh": 0o755}

    def test_the_environment_of_the_project_stays_out(self, locked: Path) -> None:
        for name in (".venv/lib/x.py", "env/pyvenv.cfg", "env/lib/y.py", ".env", "__pycache__/orders.cpython-314.pyc"):
            (locked / name).parent.mkdir(parents=True, exist_ok=True)
            (locked / name).touch()
        assert {name for name in files(synthesised(locked)) if not name.startswith("fast")} == {
            "orders.py",
            "requirements.txt",
        }

    def test_linked_source_is_copied(self, locked: Path, tmp_path: Path) -> None:
        (tmp_path / "shared").mkdir()
        (tmp_path / "shared" / "common.py").touch()
        (locked / "shared").symlink_to(tmp_path / "shared")
        assert "shared/common.py" in files(synthesised(locked))

    def test_a_link_to_a_folder_above(self, locked: Path) -> None:
        (locked / "loop").symlink_to(locked)
        with pytest.raises(ValueError, match="is a link to a folder above it: take it out of the source"):
            synthesised(locked)


class TestTheMark:
    def test_what_is_compiled_for_what(self, locked: Path) -> None:
        assert mark(synthesised(locked)) == {
            "version": 1,
            "built_for": "linux/arm64/3.14",
            "compiled": ["fast/_c.so"],
        }

    def test_none_without_anything_compiled(self, entry: Path, wheels: Path) -> None:
        (entry / "requirements.txt").write_text(wheel(wheels, "pure", {"pure.py": b""}), encoding="utf-8")
        assert mark(synthesised(entry)) is None

    def test_built_for_this_machine(self, entry: Path, wheels: Path) -> None:
        line = wheel(wheels, "mine", {"mine.py": b"", "mine_c.so": elf(X86_64)}, tag=ANY)
        (entry / "requirements.txt").write_text(line, encoding="utf-8")
        found = synthesised(entry, {"chatops-constructs:build-for": "host"})
        assert mark(found) == {"version": 1, "built_for": "host", "compiled": ["mine_c.so"]}

    def test_built_for_something_else(self, locked: Path) -> None:
        with pytest.raises(ValueError, match=r"build-for is 'mars'; allowed: 'host', or to leave it out"):
            synthesised(locked, {"chatops-constructs:build-for": "mars"})


class TestTheHash:
    def test_another_architecture_and_another_python_are_other_assets(self, locked: Path) -> None:
        app, stack = new_stack()
        for id, options in OPTIONS.items():
            PythonFunction(stack, id, entry=locked, handler="orders.handler", **options)
        found = Synthesised.of(app, stack)
        keys = {id: one["Code"]["S3Key"] for id, one in found.resources("Lambda::Function").items()}
        assert len(set(keys.values())) == 3
        by_id = {id[:3]: one for id, one in keys.items()}
        assert by_id["Arm"] == by_id["Aga"]
        binaries = {
            (found.asset(one["Code"]) / "fast" / "_c.so").read_bytes()
            for id, one in found.resources("Lambda::Function").items()
            if id.startswith(("Arm", "X86"))
        }
        assert binaries == {elf(AARCH64), elf(X86_64)}

    def test_it_is_the_same_on_another_machine(
        self, locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = synthesised(locked)
        elsewhere = tmp_path / "somewhere" / "else"
        shutil.copytree(locked, elsewhere, copy_function=shutil.copyfile)
        monkeypatch.setenv("CHATOPS_CACHE_DIR", str(tmp_path / "other-cache"))
        there = synthesised(elsewhere)
        assert key(there) == key(here)
        assert files(there) == files(here)

    @pytest.mark.parametrize("change", ["source", "a new file", "may be run", "packages"])
    def test_it_follows(self, change: str, locked: Path, wheels: Path) -> None:
        before = key(synthesised(locked))
        if change == "source":
            (locked / "orders.py").write_text(HANDLER + "\n", encoding="utf-8")
        elif change == "a new file":
            (locked / "data.json").touch()
        elif change == "may be run":
            (locked / "orders.py").chmod(0o755)
        else:
            with (locked / "requirements.txt").open("a", encoding="utf-8") as requirements:
                requirements.write("\n" + wheel(wheels, "more", {"more.py": b""}))
        assert key(synthesised(locked)) != before


class TestOutputThatIsThere:
    def test_nothing_is_copied_twice(self, locked: Path, tmp_path: Path) -> None:
        def once() -> Path:
            app = cdk.App(outdir=str(tmp_path / "cdk.out"))
            stack = cdk.Stack(app, "Test")
            PythonFunction(stack, "Orders", entry=locked, handler="orders.handler")
            found = Synthesised.of(app, stack)
            return found.asset(found.only("Lambda::Function")["Code"]) / "orders.py"

        first = once()
        inode = first.stat().st_ino
        assert once().stat().st_ino == inode

    def test_stacks_that_are_not_selected_build_nothing(self, locked: Path, empty_caches: Path) -> None:
        found = synthesised(locked, {"aws:cdk:bundling-stacks": ["Other"]})
        assert files(found) == ["orders.py", "requirements.txt"]
        assert not empty_caches.exists()


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


class TestRefused:
    def test_the_function_is_named(self, locked: Path, wheels: Path) -> None:
        shutil.rmtree(wheels)
        wheels.mkdir()
        with pytest.raises(DependenciesError, match=r"^PythonFunction 'Test/Orders': .*requirements\.txt: "):
            synthesised(locked)

    def test_more_than_lambda_takes(self, locked: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with (locked / "requirements.txt").open("a", encoding="utf-8") as requirements:
            requirements.write("\n" + wheel(wheels, "huge", {"huge.py": b"#" * 3_000_000}))
        (locked / "data.bin").write_bytes(bytes(2_000_000))
        monkeypatch.setattr(python_asset, "LARGEST", 4 * 1024 * 1024)
        with pytest.raises(DependenciesError, match="unzipped; Lambda takes 4 MB, layers included") as error:
            synthesised(locked)
        assert "Largest: huge 1.0 (3 MB), the source (2 MB), fast 1.0 (0 MB)" in str(error.value)

    def test_the_limit_is_that_of_lambda(self) -> None:
        assert python_asset.LARGEST == 262_144_000

    @pytest.mark.parametrize(
        ("source", "installed"),
        [("fast/__init__.py", "fast/__init__.py"), ("fast.py", "fast/"), ("only/x.py", "only.py")],
    )
    def test_a_module_in_both(self, source: str, installed: str, locked: Path, wheels: Path) -> None:
        with (locked / "requirements.txt").open("a", encoding="utf-8") as requirements:
            requirements.write("\n" + wheel(wheels, "only", {"only.py": b""}))
        (locked / source).parent.mkdir(exist_ok=True)
        (locked / source).touch()
        with pytest.raises(DependenciesError, match=f"{source} of the source and {installed}.* hide each other"):
            synthesised(locked)

    @pytest.mark.parametrize("name", ["poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"])
    def test_a_lock_that_is_not_read(self, name: str, entry: Path) -> None:
        (entry / name).touch()
        with pytest.raises(ValueError, match=rf"{name}'; allowed: a folder with uv\.lock, requirements\.txt or"):
            synthesised(entry)

    @pytest.mark.parametrize(
        ("factory", "parameter", "remedy"),
        [
            (PythonDependencies.from_requirements, "path", "name the one"),
            (PythonDependencies.from_pyproject, "path", "name the one"),
            (PythonDependencies.from_uv_lock, "project", "make it with `uv lock`"),
        ],
    )
    def test_a_file_that_is_not_there(self, factory: Any, parameter: str, remedy: str, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match=rf"{parameter} is '.*nowhere.*'; allowed: a file; {remedy}"):
            factory(tmp_path / "nowhere")

    def test_a_runtime_that_is_no_python(self, entry: Path) -> None:
        with pytest.raises(ValueError, match=r"runtime is 'nodejs22\.x'; allowed: one of Lambda's Pythons"):
            synthesised(entry, runtime=lambda_.Runtime.NODEJS_22_X)


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
