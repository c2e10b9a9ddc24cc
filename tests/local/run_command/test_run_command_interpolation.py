"""The agent's rules, from its source: https://github.com/aws/amazon-ssm-agent/tree/mainline/agent/framework/docparser."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_local.run_command.interpolation import (
    InterpolationError,
    replace_parameters,
    replace_ssm_references,
    ssm_references,
)


def replaced(text: str, **parameters) -> object:
    return replace_parameters({"text": text}, parameters)["text"]


def resolved(value: object, **stored) -> object:
    return replace_ssm_references({"value": value}, {name.replace("_", "/"): text for name, text in stored.items()})[
        "value"
    ]


@pytest.mark.parametrize("reference", ["{{name}}", "{{ name }}", "{{name }}", "{{\tname\n}}"])
def test_any_blanks_around_the_name(reference):
    assert replaced(f"hello {reference}!", name="you") == "hello you!"


@pytest.mark.parametrize(
    "text", ["{{ other }}", "{ { name } }", "{{ na me }}", "{{ Name }}", "{{}}", "{{ name }", "{{ name.x }}"]
)
def test_what_is_no_reference_stays(text):
    assert replaced(text, name="you") == text


def test_a_reference_alone_gives_the_value_itself():
    assert replaced("{{ lines }}", lines=["a", "b"]) == ["a", "b"]
    assert replaced("{{ n }}", n=5) == 5


def test_within_text_a_list_is_json_as_go_writes_it():
    assert replaced("x {{ lines }}", lines=["a<b", "é"]) == 'x ["a\\u003cb","é"]'
    assert replaced("{{ n }} {{ yes }}", n=5, yes=True) == "5 true"


def test_dollars_of_a_value_are_halved_within_text_only():
    assert replaced("x {{ v }}", v="a$$b$$$") == "x a$b$$"
    assert replaced("{{ v }}", v="a$$b") == "a$$b"


def test_dollars_of_the_document_stay():
    assert replaced("echo $$ {{ v }} $$", v="1") == "echo $$ 1 $$"


def test_what_was_put_in_is_not_looked_at_again():
    assert replaced("x {{ a }}", a="{{ b }}", b="secret") == "x {{ b }}"


def test_lists_and_objects_are_gone_through():
    inputs = {"runCommand": ["echo {{ a }}", "{{ a }}"], "deep": {"k": "{{ a }}"}, "n": 5}
    assert replace_parameters(inputs, {"a": "x"}) == {"runCommand": ["echo x", "x"], "deep": {"k": "x"}, "n": 5}


def test_references_to_the_parameter_store_are_found_once_each():
    assert ssm_references(["{{ssm:/a/b}} {{ ssm:c:3 }}", {"x": "{{ssm:/a/b}}"}, "{{ ssm : d }}", "{{ssm:é}}"]) == [
        "/a/b",
        "c:3",
    ]


def test_a_stored_string_takes_the_references_place():
    assert resolved("a {{ ssm:x }} {{ssm:x}}", x="1") == "a 1 1"


def test_a_stored_list_is_split_where_it_stands_alone_in_a_list():
    assert resolved(["date", " {{ssm:x}} ", "ls"], x=["a", "b"]) == ["date", "a", "b", "ls"]


@pytest.mark.parametrize("value", ["{{ssm:x}}", ["echo {{ssm:x}}"]])
def test_a_stored_list_is_no_string(value):
    with pytest.raises(InterpolationError, match="Parameter x of type StringList cannot be used as a String"):
        resolved(value, x=["a", "b"])


def test_a_stored_value_is_not_looked_at_again():
    assert resolved("{{ssm:x}}", x="{{ssm:y}}", y="secret") == "{{ssm:y}}"


@settings(deadline=None)
@given(st.binary())
def test_base64_passes_byte_for_byte(data):
    encoded = b64encode(data).decode()
    text = f"printf %s '{encoded}' | base64 -d"
    assert replaced(text, name="you") == text
    assert replaced("x {{ name }}", name=encoded) == f"x {encoded}"
    assert ssm_references(text) == []


@settings(deadline=None)
@given(st.text(alphabet="{} $nameé:\n"))
def test_text_without_double_braces_never_changes(text):
    if "{{" not in text:
        assert replaced(text, name="you", na="x", n=1) == text


@settings(deadline=None)
@given(st.lists(st.sampled_from(["{{ a }}", "{{b}}", "{", "}", "$$", " ", "text"]), min_size=2))
def test_every_reference_is_replaced_and_nothing_else(pieces):
    text = "x" + "".join(pieces)
    expected = text.replace("{{ a }}", "1").replace("{{b}}", "2")
    assert replaced(text, a="1", b="2") == expected
