"""Parameters of documents: https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html."""

from __future__ import annotations

import pytest

from chatops_local.run_command import ServiceError
from chatops_local.run_command.document_parameters import DocumentParameter, values_for


def declare(**declared) -> dict[str, DocumentParameter]:
    return {"p": DocumentParameter.read("p", declared)}


def value(declared: dict[str, DocumentParameter], *given: str) -> object:
    return values_for(declared, {"p": list(given)})["p"]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("String", ["a b"], "a b"),
        ("String", [""], ""),
        ("StringList", ["a", "b"], ["a", "b"]),
        ("StringList", [], []),
        ("Integer", ["-5"], -5),
        ("Boolean", ["true"], True),
        ("Boolean", ["false"], False),
    ],
)
def test_values_are_typed(kind, given, expected):
    assert value(declare(type=kind), *given) == expected


@pytest.mark.parametrize(
    ("declared", "given", "message"),
    [
        ({"type": "String"}, ["a", "b"], "one value is allowed, 2 were given"),
        ({"type": "String"}, [], "one value is allowed, 0 were given"),
        ({"type": "Integer"}, ["5.0"], "a whole number"),
        ({"type": "Boolean"}, ["True"], "true and false"),
        ({"type": "String", "allowedValues": ["a", "b"]}, ["c"], "allowed values are a, b"),
        ({"type": "String", "allowedPattern": "^[a-z]*$"}, ["a1"], r"allowed pattern \^\[a-z\]\*\$"),
        ({"type": "String", "allowedPattern": "^[a-z]*$"}, ["a\n"], "allowed pattern"),
        ({"type": "String", "allowedPattern": "[a-z]"}, ["ab"], "allowed pattern"),
        ({"type": "String", "minChars": 2}, ["a"], "minChars is 2, 1 were given"),
        ({"type": "String", "maxChars": 2}, ["abc"], "maxChars is 2, 3 were given"),
        ({"type": "StringList", "minItems": 1}, [], "minItems is 1, 0 were given"),
        ({"type": "StringList", "maxItems": 1}, ["a", "b"], "maxItems is 1, 2 were given"),
        ({"type": "StringList", "allowedPattern": "[a-z]+"}, ["a", "1"], "allowed pattern"),
    ],
)
def test_values_that_are_refused(declared, given, message):
    with pytest.raises(ServiceError, match=message) as caught:
        value(declare(**declared), *given)
    assert caught.value.code == "InvalidParameters"


def test_a_refused_value_is_not_repeated():
    with pytest.raises(ServiceError) as caught:
        value(declare(type="String", allowedPattern="[0-9]+"), "s3cret")
    assert "s3cret" not in str(caught.value)


def test_a_reference_to_the_parameter_store_is_left_to_the_agent():
    assert value(declare(type="String", allowedPattern="[0-9]+"), "{{ssm:/port}}") == "{{ssm:/port}}"


def test_defaults_required_and_unknown():
    assert values_for(declare(type="StringList", default=["x"]), {}) == {"p": ["x"]}
    with pytest.raises(ServiceError, match="InvalidParameters: parameter p is required"):
        values_for(declare(type="String"), {})
    with pytest.raises(ServiceError, match=r"InvalidParameters: the document has no parameter q \(it has: p\)"):
        values_for(declare(type="String", default=""), {"q": ["1"]})


def test_a_default_may_be_empty():
    assert values_for(declare(type="String", default=""), {}) == {"p": ""}
