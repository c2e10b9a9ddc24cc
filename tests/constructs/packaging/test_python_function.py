"""PythonFunction: what is in its asset, what its hash is made of, and what the template says."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_

from chatops_constructs import CommandFunction, PythonDependencies, PythonFunction
from tests.constructs.packaging.functions import HANDLER, files, key, mark, synthesised
from tests.constructs.packaging.wheels import AARCH64, ANY, X86_64, elf, wheel
from tests.constructs.stacks import Synthesised, new_stack

if TYPE_CHECKING:
    from pathlib import Path


OPTIONS: dict[str, dict[str, Any]] = {
    "Arm": {},
    "X86": {"architecture": lambda_.Architecture.X86_64},
    "Older": {"runtime": lambda_.Runtime.PYTHON_3_13},
    "Again": {"architecture": lambda_.Architecture.ARM_64, "runtime": lambda_.Runtime.PYTHON_3_14},
}


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
        for name in ("env/pyvenv.cfg", "env/lib/y.py"):
            (entry / name).parent.mkdir(parents=True, exist_ok=True)
            (entry / name).touch()
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
