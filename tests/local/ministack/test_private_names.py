"""The contract with MiniStack: every private name that a correction uses, as it is in the pinned version."""

from __future__ import annotations

import importlib
import re
from importlib.metadata import requires
from types import ModuleType

import pytest

from chatops_local.ministack import private as private_module
from chatops_local.ministack.private import (
    MINISTACK_VERSION,
    MiniStackChangedError,
    PrivateName,
    declared_names,
    private,
)

# Declares all of them.
importlib.import_module("chatops_local.ministack.corrections")


@pytest.mark.parametrize("name", declared_names(), ids=lambda name: f"{name.path}({name.parameters})")
def test_the_pinned_ministack_has_the_name(name: PrivateName):
    name.verify()


def test_every_wrapped_function_declares_its_parameters():
    declared = {name.path for name in declared_names() if name.parameters is not None}
    assert {"ministack.services.stepfunctions._invoke_resource", "ministack.app._dispatch_service_request"} <= declared


def test_the_version_is_the_one_that_is_installed_with_the_extra():
    pinned = [re.match(r"ministack==([\d.]+)", line) for line in requires("chatops-constructs") or []]
    assert [found[1] for found in pinned if found] == [MINISTACK_VERSION]


@pytest.fixture
def fake_module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("ministack.fake")
    monkeypatch.setitem(importlib.import_module("sys").modules, "ministack.fake", module)
    monkeypatch.setattr(private_module, "_declared", [])
    return module


def test_a_name_that_is_gone_is_an_error_that_says_so(fake_module: ModuleType):
    with pytest.raises(MiniStackChangedError, match=r"ministack\.fake\._gone does not exist.*ministack=="):
        private("fake:_gone").verify()


def test_other_parameters_are_an_error_that_shows_both(fake_module: ModuleType):
    vars(fake_module)["_changed"] = lambda resource, context: None
    with pytest.raises(MiniStackChangedError, match=r"takes \(resource, context\) and not \(resource, input_data\)"):
        private("fake:_changed", "resource, input_data").verify()


def test_a_wrapped_function_can_be_wrapped_again(fake_module: ModuleType):
    vars(fake_module)["_double"] = lambda number: number * 2
    name = private("fake:_double", "number")
    for _ in range(2):
        name.wrap(lambda original: lambda *arguments: original(*arguments) + 1)
    name.verify()
    assert name.get()(5) == 12
