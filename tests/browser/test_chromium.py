"""Which browser the tests take."""

import pytest

from tests.browser import chromium


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder that is the whole PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)

    def add(name: str) -> str:
        (tmp_path / name).touch(mode=0o755)
        return str(tmp_path / name)

    return add


def test_takes_the_first_one_on_the_path(programs) -> None:
    programs("google-chrome")
    wanted = programs("chromium-browser")
    assert chromium.find() == wanted


def test_takes_the_one_that_is_named(programs, monkeypatch) -> None:
    programs("chromium")
    monkeypatch.setenv("CHROMIUM", programs("brave"))
    assert chromium.find().endswith("/brave")


def test_without_any_it_says_what_to_do(programs) -> None:
    with pytest.raises(FileNotFoundError, match=r"none of chromium, .* is on the PATH; run apt-get install chromium"):
        chromium.find()


def test_takes_no_other_than_the_one_that_is_named(programs, monkeypatch) -> None:
    programs("chromium")
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(FileNotFoundError, match="CHROMIUM='/nowhere/chromium' is no program"):
        chromium.find()
