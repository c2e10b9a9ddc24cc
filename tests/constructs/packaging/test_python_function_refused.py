"""What no function is made of, in words that name it and say what to do."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_lambda as lambda_

from chatops_constructs import PythonDependencies
from chatops_constructs.packaging import python_asset
from chatops_constructs.packaging.dependencies.error import DependenciesError
from tests.constructs.packaging.functions import files, synthesised
from tests.constructs.packaging.wheels import ANY, MACH_O, wheel

if TYPE_CHECKING:
    from pathlib import Path


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

    def test_binaries_for_other_machines_unless_they_are_allowed(self, entry: Path, wheels: Path) -> None:
        line = wheel(wheels, "browser_driver", {"driver/__init__.py": b"", "driver/mac": MACH_O}, tag=ANY)
        (entry / "requirements.txt").write_text(line, encoding="utf-8")
        dependencies = PythonDependencies.found_in(entry)
        with pytest.raises(DependenciesError, match=r"driver/mac of browser_driver 1\.0 is for macOS"):
            synthesised(entry)
        with pytest.raises(DependenciesError, match="is for macOS"):
            synthesised(entry, dependencies=dependencies.with_foreign_binaries("another"))
        found = synthesised(entry, dependencies=dependencies.with_foreign_binaries("another", "Browser.Driver"))
        assert "driver/mac" in files(found)
        # Built for who allows it, it is still refused to who does not.
        with pytest.raises(DependenciesError, match="is for macOS"):
            synthesised(entry)

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
