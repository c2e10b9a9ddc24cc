"""`chatops-local` without the packages of the extra `local`."""

from __future__ import annotations

from importlib.metadata import requires

from packaging.requirements import Requirement

from chatops_local import cli


def test_what_is_missing_is_named_with_the_remedy(monkeypatch, capsys):
    monkeypatch.setattr(cli, "find_spec", lambda name: None if name in {"boto3", "ministack"} else object())
    assert cli.main(["--version"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "boto3, ministack not installed" in told.err
    assert "pip install 'chatops-constructs[local]'" in told.err


def test_every_package_it_looks_for_is_in_the_extra():
    extra = {
        requirement.name
        for requirement in map(Requirement, requires("chatops-constructs") or [])
        if requirement.marker and requirement.marker.evaluate({"extra": "local"})
    }
    assert set(cli._NEEDED) <= extra
