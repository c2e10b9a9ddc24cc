"""What goes wrong with packages is said in words that name it and what to do, and with no credentials in them."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from chatops_constructs.packaging.dependencies import build, tools
from chatops_constructs.packaging.dependencies.error import DependenciesError
from chatops_constructs.packaging.dependencies.lock import Pyproject, RequirementsFile, UvLock
from chatops_constructs.packaging.dependencies.running import ToolError, without_credentials
from chatops_constructs.packaging.dependencies.target import Target
from tests.constructs.packaging.wheels import AARCH64, X86_314, elf, wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARM = Target.of_function(runtime="python3.14", architecture="arm64")
PASSWORD = "hunter2-canary"
NOBODY_LISTENS = f"http://me:{PASSWORD}@127.0.0.1:9/simple"
PROJECT = '[project]\nname = "orders"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = [{}]\n'


def refusal(path: Path, text: str) -> str:
    """What is said of these requirements."""
    path.joinpath("requirements.txt").write_text(text, encoding="utf-8")
    with pytest.raises(DependenciesError) as error:
        build.packages(RequirementsFile(path / "requirements.txt").lock(ARM), ARM)
    assert PASSWORD not in str(error.value)
    return str(error.value)


class RefusingIndex(BaseHTTPRequestHandler):
    """An index that lets nobody in."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Basic realm=private")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def refusing_index() -> Iterator[str]:
    """Its address, with credentials that it does not know."""
    server = HTTPServer(("127.0.0.1", 0), RefusingIndex)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://me:{PASSWORD}@127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def index(empty_caches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No configuration but what a test sets; what is not answered is not asked again."""
    for variable in ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / "empty.toml").touch()
    monkeypatch.setenv("UV_CONFIG_FILE", str(tmp_path / "empty.toml"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_RETRIES", "0")
    assert empty_caches.parent.parent == tmp_path
    return monkeypatch


LOCKED = f"fast==1.0 --hash=sha256:{'0' * 64}\n"


@pytest.mark.usefixtures("tool")
class TestInstalling:
    def test_no_wheel_for_the_target(self, wheels: Path, tmp_path: Path) -> None:
        said = refusal(tmp_path, wheel(wheels, "fast", {"fast.py": b""}, tag=X86_314))
        assert "requirements.txt: there is no wheel for Python 3.14 on arm64 Linux" in said
        assert "fast==1.0" in said
        assert "another architecture or runtime" in said
        assert "in_docker()" in said

    def test_a_file_that_is_not_the_one_that_was_locked(self, wheels: Path, tmp_path: Path) -> None:
        wheel(wheels, "fast", {"fast.py": b""})
        said = refusal(tmp_path, LOCKED)
        assert "what the index has is not what was locked" in said
        assert "find out who changed it" in said

    def test_a_lock_that_lacks_what_is_needed(self, wheels: Path, tmp_path: Path) -> None:
        wheel(wheels, "fast", {"fast.py": b""})
        said = refusal(tmp_path, wheel(wheels, "slow", {"slow.py": b""}, requires=["fast"]))
        assert "the requirements are not complete" in said
        assert "fast" in said
        assert "uv pip compile --universal --generate-hashes" in said

    @pytest.mark.usefixtures("wheels")
    def test_a_line_that_is_no_requirement(self, tmp_path: Path) -> None:
        said = refusal(tmp_path, LOCKED.replace("==", " =! "))
        assert "requirements.txt: a line in it is no requirement" in said
        assert "fast =! 1.0" in said

    def test_a_package_that_needs_a_newer_python(self, wheels: Path, tmp_path: Path) -> None:
        said = refusal(tmp_path, wheel(wheels, "young", {"young.py": b""}, requires_python=">=3.99"))
        assert "a package does not run on Python 3.14 on arm64 Linux" in said
        assert ">=3.99" in said

    def test_an_index_that_is_down(self, index: pytest.MonkeyPatch, tmp_path: Path) -> None:
        index.setenv("UV_DEFAULT_INDEX", NOBODY_LISTENS)
        index.setenv("PIP_INDEX_URL", NOBODY_LISTENS)
        said = refusal(tmp_path, LOCKED)
        assert "the index does not answer; check the network" in said
        assert "127.0.0.1:9" in said or "127.0.0.1', port=9" in said

    def test_an_index_that_does_not_know_the_credentials(
        self, index: pytest.MonkeyPatch, refusing_index: str, tmp_path: Path
    ) -> None:
        index.setenv("UV_DEFAULT_INDEX", refusing_index)
        index.setenv("PIP_INDEX_URL", refusing_index)
        assert "the index refuses the credentials" in refusal(tmp_path, LOCKED)

    def test_an_index_in_the_requirements(self, index: pytest.MonkeyPatch, refusing_index: str, tmp_path: Path) -> None:
        index.delenv("UV_DEFAULT_INDEX", raising=False)
        assert "the index refuses the credentials" in refusal(tmp_path, f"--index-url {refusing_index}\n{LOCKED}")

    def test_a_cache_that_cannot_be_written(
        self, wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setenv("CHATOPS_CACHE_DIR", str(tmp_path / "file"))
        said = refusal(tmp_path, wheel(wheels, "fast", {"fast.py": b""}))
        assert "packages cannot be kept in" in said
        assert "name another folder in CHATOPS_CACHE_DIR" in said


class TestReading:
    def test_offline_with_nothing_cached(self, index: pytest.MonkeyPatch, tmp_path: Path) -> None:
        index.setenv("UV_OFFLINE", "1")
        said = refusal(tmp_path, LOCKED)
        assert "uv is offline, and has not all of it in its cache" in said

    @pytest.mark.parametrize("text", ["fast\n", "fast==1.0\n"])
    def test_what_is_not_locked_and_has_no_wheel(self, text: str, wheels: Path, tmp_path: Path) -> None:
        wheel(wheels, "fast", {"fast/_c.so": elf(AARCH64)}, tag="cp314-cp314-macosx_11_0_arm64")
        assert "there is no wheel for Python 3.14 on arm64 Linux" in refusal(tmp_path, text)

    def test_an_unknown_package(self, wheels: Path, tmp_path: Path) -> None:
        assert wheels.is_dir()
        assert "the index does not have it" in refusal(tmp_path, "nowhere-to-be-found\n")

    def test_some_hashes_and_some_not(self, tmp_path: Path) -> None:
        said = refusal(tmp_path, f"{LOCKED}other==2.0\n")
        assert "has hashes, but none for other==2.0" in said

    @pytest.mark.parametrize(
        "line",
        [
            "-e ./library",
            "--editable ../library",
            ".",
            "./library",
            f"git+https://me:{PASSWORD}@example.com/library.git",
            f"library @ git+https://me:{PASSWORD}@example.com/library.git",
            "library @ file:///library",
        ],
    )
    def test_source(self, line: str, tmp_path: Path) -> None:
        said = refusal(tmp_path, line)
        assert "which is source; only wheels are installed" in said
        assert "build a wheel of it" in said

    def test_an_included_file_that_is_not_there(self, tmp_path: Path) -> None:
        assert "base.txt cannot be read" in refusal(tmp_path, "-r base.txt\n")

    @pytest.mark.usefixtures("wheels")
    def test_a_lock_that_is_out_of_date(self, tmp_path: Path) -> None:
        lock = _locked(tmp_path)
        (tmp_path / "pyproject.toml").write_text(PROJECT.format('"other"'), encoding="utf-8")
        with pytest.raises(DependenciesError) as error:
            lock.lock(ARM)
        assert "uv.lock does not fit pyproject.toml; run `uv lock` in that folder" in str(error.value)

    @pytest.mark.usefixtures("wheels")
    def test_a_project_for_another_python(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        lock = _locked(tmp_path)
        monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
        project = PROJECT.format("").replace(">=3.10", ">=3.98")
        (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
        with pytest.raises(DependenciesError, match="uv has no Python that the project allows"):
            lock.lock(ARM)

    def test_without_uv_what_is_not_locked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tools, "uv", lambda: None)
        assert "is not locked: what is not, is resolved with uv, and there is none: install uv (`pip install uv`" in (
            refusal(tmp_path, "fast\n")
        )
        for source in (UvLock(tmp_path / "uv.lock", ()), Pyproject(tmp_path / "pyproject.toml", ())):
            with pytest.raises(DependenciesError, match="pip install uv"):
                source.lock(ARM)

    def test_neither_uv_nor_pip(self, empty_caches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tools, "uv", lambda: None)
        monkeypatch.setattr(tools, "find_spec", lambda _: None)
        assert "there is neither uv nor pip to install packages with: install uv" in refusal(tmp_path, LOCKED)
        assert not empty_caches.exists()


def _locked(folder: Path) -> UvLock:
    """An empty project, locked."""
    (folder / "pyproject.toml").write_text(PROJECT.format(""), encoding="utf-8")
    (folder / "uv.lock").write_text(
        'version = 1\nrevision = 3\nrequires-python = ">=3.10"\n\n'
        '[[package]]\nname = "orders"\nversion = "1"\nsource = { virtual = "." }\n',
        encoding="utf-8",
    )
    lock = UvLock(folder / "uv.lock", ())
    assert lock.lock(ARM).requirements.packages == ()
    return lock


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://me:secret@host/simple", "https://***@host/simple"),
        ("https://token@host/simple and http://a:b@c", "https://***@host/simple and http://***@c"),
        ("https://me:se@cret@host/", "https://***@host/"),
        ("https://host/simple/a@b", "https://host/simple/a@b"),
    ],
)
def test_credentials_are_masked(text: str, said: str) -> None:
    assert without_credentials(text) == said
    assert str(ToolError(text)) == said
