"""Packages are installed for the function's machine and Python, by uv and by pip alike."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from chatops_constructs.packaging.dependencies import build, pip, tools, uv
from chatops_constructs.packaging.dependencies.build import packages
from chatops_constructs.packaging.dependencies.error import DependenciesError
from chatops_constructs.packaging.dependencies.lock import RequirementsFile
from chatops_constructs.packaging.dependencies.target import Target
from tests.constructs.packaging.wheels import AARCH64, ARM_314, I386, MACH_O, X86_64, X86_314, elf, wheel

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_constructs.packaging.dependencies.build import Packages

ARM = Target.of_function(runtime="python3.14", architecture="arm64")
X86 = Target.of_function(runtime="python3.14", architecture="x86_64")
OLD = Target.of_function(runtime="python3.11", architecture="arm64")


def install(folder: Path, *requirements: str, target: Target = ARM) -> Packages:
    """What these requirements make."""
    path = folder / "requirements.txt"
    path.write_text("\n".join(requirements), encoding="utf-8")
    return packages(RequirementsFile(path).lock(target), target)


def tree(built: Packages) -> dict[str, bytes]:
    """Every file of it."""
    paths = (path for path in built.folder.rglob("*") if path.is_file())
    return {path.relative_to(built.folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.usefixtures("tool")
class TestTheTarget:
    def test_the_wheel_is_the_one_of_the_architecture(self, wheels: Path, tmp_path: Path) -> None:
        lines = [
            wheel(wheels, "fast", {"fast/__init__.py": b"", "fast/_c.so": elf(machine)}, tag=tag)
            for machine, tag in ((AARCH64, ARM_314), (X86_64, X86_314))
        ]
        both = f"{lines[0]} {lines[1].split()[1]}"
        assert tree(install(tmp_path, both, target=ARM))["fast/_c.so"] == elf(AARCH64)
        assert tree(install(tmp_path, both, target=X86))["fast/_c.so"] == elf(X86_64)

    def test_a_wheel_for_musl_or_macos_is_not_taken(self, wheels: Path, tmp_path: Path) -> None:
        others = ("cp314-cp314-musllinux_1_2_aarch64", "cp314-cp314-macosx_11_0_arm64")
        hashes = [wheel(wheels, "fast", {"fast.py": tag.encode()}, tag=tag) for tag in (*others, ARM_314)]
        line = " ".join([hashes[0], *(one.split()[1] for one in hashes[1:])])
        assert tree(install(tmp_path, line))["fast.py"] == ARM_314.encode()

    @pytest.mark.parametrize(("target", "taken"), [(ARM, "2_34"), (OLD, "2_17")])
    def test_the_c_library_is_that_of_the_runtime(
        self, target: Target, taken: str, wheels: Path, tmp_path: Path
    ) -> None:
        python = f"cp{target.version.replace('.', '')}"
        hashes = [
            wheel(wheels, "fast", {"fast.py": glibc.encode()}, tag=f"{python}-{python}-manylinux_{glibc}_aarch64")
            for glibc in ("2_39", "2_34", "2_17")
        ]
        line = " ".join([hashes[0], *(one.split()[1] for one in hashes[1:])])
        assert tree(install(tmp_path, line, target=target))["fast.py"] == taken.encode()

    def test_markers_are_those_of_the_target(self, wheels: Path, tmp_path: Path) -> None:
        lines = [
            f"{name}==1.0 ; {marker} {wheel(wheels, name, {f'{name}.py': b''}).split()[1]}"
            for name, marker in {
                "newer": "python_full_version >= '3.14'",
                "older": "python_version < '3.14'",
                "arm": "platform_machine == 'aarch64' and sys_platform == 'linux'",
                "windows": "sys_platform == 'win32'",
            }.items()
        ]
        modules = {name for name in tree(install(tmp_path, *lines)) if name.endswith(".py")}
        assert modules == {"newer.py", "arm.py"}

    def test_what_needs_a_newer_python_than_this_one_is_installed(self, wheels: Path, tmp_path: Path) -> None:
        line = wheel(wheels, "young", {"young.py": b""}, requires_python=">=3.14")
        assert "young.py" in tree(install(tmp_path, line))

    def test_this_machine(self, wheels: Path, tmp_path: Path) -> None:
        line = wheel(wheels, "mine", {"mine.py": b""}, requires_python=f"=={sys.version_info[0]}.*")
        host = install(tmp_path, line, target=Target.host())
        assert "mine.py" in tree(host)
        assert host.key != install(tmp_path, line).key


class TestTheTree:
    def test_it_is_the_same_by_uv_and_by_pip(
        self, wheels: Path, tmp_path: Path, empty_caches: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files = {"tidy/__init__.py": b"", "tidy/_c.so": elf(AARCH64), "tidy-1.0.data/data/share/note.txt": b"hello"}
        files["tidy-1.0.data/scripts/tool.sh"] = b"#!/bin/sh\n"
        line = wheel(wheels, "tidy", files, tag=ARM_314, scripts="tidy = tidy:main")
        by_uv = tree(install(tmp_path, line))
        shutil.rmtree(empty_caches)
        build._contents.cache_clear()
        monkeypatch.setattr(tools, "uv", lambda: None)
        assert tree(install(tmp_path, line)) == by_uv
        assert sorted(by_uv) == [
            "share/note.txt",
            "tidy-1.0.dist-info/METADATA",
            "tidy-1.0.dist-info/RECORD",
            "tidy-1.0.dist-info/WHEEL",
            "tidy-1.0.dist-info/entry_points.txt",
            "tidy/__init__.py",
            "tidy/_c.so",
        ]
        recorded = [one.split(",")[0] for one in by_uv["tidy-1.0.dist-info/RECORD"].decode().splitlines()]
        assert recorded == sorted(by_uv)

    def test_a_program_among_the_scripts_is_kept(self, wheels: Path, tmp_path: Path) -> None:
        files = {"tool.py": b"", "tool-1.0.data/scripts/tool": elf(AARCH64)}
        built = install(tmp_path, wheel(wheels, "tool", files, tag=ARM_314))
        assert tree(built)["bin/tool"] == elf(AARCH64)
        assert built.contents.compiled == ["bin/tool"]

    def test_its_contents_say_what_is_compiled_and_how_large_it_is(self, wheels: Path, tmp_path: Path) -> None:
        files = {"fast/__init__.py": b"x = 1", "fast/_c.so": elf(AARCH64)}
        contents = install(tmp_path, wheel(wheels, "fast", files, tag=ARM_314)).contents
        assert contents.compiled == ["fast/_c.so"]
        assert contents.files["fast/__init__.py"] == 5
        assert contents.distributions == {"fast 1.0": sum(contents.files.values())}


@pytest.mark.usefixtures("tool")
class TestRefused:
    @pytest.mark.parametrize(
        ("tag", "binary", "options", "said"),
        [
            (
                X86_314,
                elf(X86_64),
                {"uv": "x86_64-manylinux2014", "pip": "manylinux_2_17_x86_64"},
                "for 64-bit x86_64 Linux",
            ),
            (
                "cp314-cp314-macosx_11_0_arm64",
                MACH_O,
                {"uv": "aarch64-apple-darwin", "pip": "macosx_11_0_arm64"},
                "fast 1.0 is a wheel for macosx_11_0_arm64; fast/_c.so of fast 1.0 is for macOS",
            ),
            (
                "cp314-cp314-musllinux_1_2_aarch64",
                elf(AARCH64),
                {"uv": "aarch64-unknown-linux-musl", "pip": "musllinux_1_2_aarch64"},
                "fast 1.0 is a wheel for musllinux_1_2_aarch64",
            ),
        ],
    )
    def test_a_tool_that_brings_what_is_for_another_platform(
        self,
        tag: str,
        binary: bytes,
        options: dict[str, str],
        said: str,
        tool: str,
        wheels: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """As it would on a laptop of that kind that were not told for what to install."""
        flag = {"uv": "--python-platform", "pip": "--platform"}[tool]
        module = {"uv": uv, "pip": pip}[tool]
        forced = ["--only-binary", ":all:", "--python-version", "3.14", flag, options[tool]]
        forced += ["--implementation", "cp"] if tool == "pip" else ["--python", sys.executable]
        monkeypatch.setattr(module, "_for", lambda _: forced)
        line = wheel(wheels, "fast", {"fast/__init__.py": b"", "fast/_c.so": binary}, tag=tag)
        with pytest.raises(DependenciesError, match="cannot run with") as error:
            install(tmp_path, line)
        assert said in str(error.value)

    @pytest.mark.parametrize(
        ("file", "content", "said"),
        [
            ("bad/_c.so", elf(X86_64), "64-bit x86_64 Linux"),
            ("bad/_c.so", elf(I386, bits=32), "32-bit x86 Linux"),
            ("bad/_c.abi3.so", elf(40, bits=32), "32-bit arm Linux"),
            ("bad/_c.cpython-314-darwin.so", MACH_O, "macOS"),
            ("bad/lib.dylib", b"", "macOS"),
            ("bad/_c.pyd", b"MZ", "Windows"),
            ("bad/no_suffix", elf(X86_64), "64-bit x86_64 Linux"),
            ("bad/_c.cpython-314-aarch64-linux-musl.so", elf(AARCH64), "a Linux with musl"),
        ],
    )
    def test_what_was_compiled_for_another_machine(
        self, file: str, content: bytes, said: str, wheels: Path, tmp_path: Path, empty_caches: Path
    ) -> None:
        line = wheel(wheels, "bad", {"bad/__init__.py": b"", file: content}, tag=ARM_314)
        with pytest.raises(DependenciesError, match=r"cannot run with Python 3\.14 on arm64 Linux") as error:
            install(tmp_path, line)
        assert f"{file} of bad 1.0 is for {said}" in str(error.value)
        assert not list(empty_caches.iterdir())

    def test_a_program_for_windows_that_is_only_data(self, wheels: Path, tmp_path: Path) -> None:
        line = wheel(wheels, "launchers", {"launchers/__init__.py": b"", "launchers/t64.exe": b"MZ"})
        assert "launchers/t64.exe" in tree(install(tmp_path, line))

    def test_packages_without_a_module(self, wheels: Path, tmp_path: Path) -> None:
        line = wheel(wheels, "hollow", {"hollow/readme.txt": b""})
        with pytest.raises(DependenciesError, match=r"hollow 1\.0 brought no Python module"):
            install(tmp_path, line)

    def test_requirements_that_are_all_for_other_platforms(self, wheels: Path, tmp_path: Path) -> None:
        line = wheel(wheels, "windows", {"windows.py": b""}).replace(" ", " ; sys_platform == 'win32' ", 1)
        with pytest.raises(DependenciesError, match="nothing is installed: the markers"):
            install(tmp_path, line)
