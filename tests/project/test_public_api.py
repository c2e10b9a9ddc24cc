"""The public API: what it is, and that all of it is documented."""

from __future__ import annotations

import ast
import inspect
import re
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

import chatops_constructs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syrupy.assertion import SnapshotAssertion

EVERYTHING = {name: getattr(chatops_constructs, name) for name in chatops_constructs.__all__}
PUBLIC: dict[str, type] = {name: each for name, each in EVERYTHING.items() if inspect.isclass(each)}


def own_members(cls: type) -> Iterator[tuple[str, Any]]:
    """Public members that are declared in our code, not inherited from CDK."""
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("chatops_constructs"):
            for name, member in vars(base).items():
                if not name.startswith("_") or (name == "__init__" and has_own_constructor(base)):
                    yield name, inspect.unwrap(getattr(member, "__func__", member)) if callable_(member) else member


def has_own_constructor(cls: type) -> bool:
    """Data classes and protocols are given theirs."""
    return "__dataclass_fields__" not in vars(cls) and not getattr(cls, "_is_protocol", False)


def callable_(member: Any) -> bool:
    return inspect.isfunction(member) or isinstance(member, staticmethod | classmethod)


def functions() -> list[tuple[str, Any]]:
    """Every public function, constructor, method and factory."""
    members = {
        f"{class_name}.{name}": member for class_name, cls in PUBLIC.items() for name, member in own_members(cls)
    }
    return sorted((name, each) for name, each in {**EVERYTHING, **members}.items() if inspect.isfunction(each))


FUNCTIONS = dict(functions())


def described(cls: Any) -> dict[str, Any]:
    """A class as the snapshot has it: bases, fields, members with their signatures; or a function's signature."""
    if inspect.isfunction(cls):
        return {"signature": str(inspect.signature(cls))}
    members: dict[str, str] = {}
    for name, member in own_members(cls):
        if inspect.isfunction(member):
            members[name] = str(inspect.signature(member))
        elif isinstance(member, property):
            members[name] = (
                f"property: {inspect.signature(member.fget).return_annotation}" if member.fget else "property"
            )
        elif isinstance(member, Enum):
            members[name] = repr(member.value)
    fields = getattr(cls, "__dataclass_fields__", {})
    return {
        "bases": [base.__name__ for base in cls.__bases__],
        "fields": {name: str(field.type) for name, field in fields.items()},
        "members": dict(sorted(members.items())),
    }


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def test_a_change_of_the_api_is_looked_at(snapshot: SnapshotAssertion) -> None:
    """After looking: `python -m pytest tests/project/test_public_api.py --snapshot-update`, and the changelog."""
    assert {name: described(each) for name, each in EVERYTHING.items()} == snapshot


def test_all_is_sorted_and_complete() -> None:
    assert list(EVERYTHING) == sorted(EVERYTHING)
    imported = {name for name, each in vars(chatops_constructs).items() if not inspect.ismodule(each)}
    assert {name for name in imported if not name.startswith("_")} == set(EVERYTHING)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_class_is_documented_with_an_example_where_one_can_make_it(name: str) -> None:
    cls = PUBLIC[name]
    assert cls.__doc__
    made_by_users = {
        "CommandFunction",
        "DualStackSite",
        "InvokeFunction",
        "IpSetPair",
        "MaintenanceWindow",
        "RunCommandInstancePolicy",
        "RunScript",
        "RuntimeLayer",
        "ScheduledRunCommand",
        "SlackCommandEndpoint",
        "SlackNotifier",
        "StartWorkflow",
        "WafMaintenanceSwitch",
    }
    if name in made_by_users:
        assert "Example:" in cls.__doc__


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_parameter_is_documented_with_its_default(name: str) -> None:
    function = FUNCTIONS[name]
    documentation = inspect.getdoc(function)
    assert documentation, name
    arguments = sections(documentation).get("Args", {})
    parameters = {
        key: parameter
        for key, parameter in inspect.signature(function).parameters.items()
        if key not in {"self", "cls"}
    }
    assert set(arguments) == set(parameters), name
    for key, parameter in parameters.items():
        if parameter.default is not inspect.Parameter.empty:
            assert "Default:" in arguments[key], f"{name}: {key} does not say its default"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_raises_a_value_error_says_so(name: str) -> None:
    source = inspect.getsource(FUNCTIONS[name])
    documentation = inspect.getdoc(FUNCTIONS[name]) or ""
    if re.search(r"\bproblems\b|\bcheck\(", source):
        assert "ValueError" in documentation


@pytest.mark.parametrize("name", PUBLIC)
def test_every_attribute_of_a_data_class_is_documented(name: str) -> None:
    cls = PUBLIC[name]
    documented = sections(inspect.getdoc(cls) or "").get("Attributes", {})
    public = {field for field in getattr(cls, "__dataclass_fields__", {}) if not field.startswith("_")}
    assert public <= set(documented)


@pytest.mark.parametrize(
    "name",
    [
        "DualStackSite",
        "EndpointCommand",
        "EndpointHandler",
        "IpSetPair",
        "ScheduledRunCommand",
        "SlackCommandEndpoint",
        "SlackCredentials",
        "SlackNotifier",
        "WafMaintenanceSwitch",
    ],
)
def test_every_public_attribute_that_a_constructor_sets_is_documented(name: str) -> None:
    constructors = [
        node
        for cls in inspect.getmro(PUBLIC[name])
        if cls.__module__.startswith("chatops_constructs")
        for node in ast.walk(ast.parse(inspect.getsource(cls)))
        if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    ]
    set_there = {
        node.attr
        for constructor in constructors
        for node in ast.walk(constructor)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and not node.attr.startswith("_")
    }
    assert set_there
    assert set_there == set(sections(inspect.getdoc(PUBLIC[name]) or "")["Attributes"])


def sections(documentation: str) -> dict[str, dict[str, str]]:
    """The entries of the sections of a Google-style docstring, by name."""
    found: dict[str, dict[str, str]] = {}
    section, entry = "", ""
    for line in documentation.splitlines():
        if match := re.fullmatch(r"(\w+):", line):
            section, entry = match[1], ""
            found[section] = {}
        elif match := re.match(r" {4}(\*{0,2}\w+): (.*)", line):
            entry = match[1].lstrip("*")
            if section:
                found[section][entry] = match[2]
        elif section and entry and line.startswith(" " * 8):
            found[section][entry] += f" {line.strip()}"
    return found
