"""What holds for every text and all declarations."""

import ipaddress
import shlex

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatops_runtime.arguments import ArgumentError, parse
from chatops_runtime.arguments.words import Words
from tests.fuzz.hostile import UNTIMED
from tests.runtime.arguments.declared import INJECTIONS, ONE_OF_EACH, TYPED, check_parsed, declarations, declared, one


def words(text: str) -> list[str]:
    taken, typed = [], Words(text)
    while not typed.is_over():
        taken.append(typed.word())
    return taken


@UNTIMED
@given(declarations(), TYPED)
def test_there_are_values_as_declared_or_an_error_for_people(declared_arguments, text):
    check_parsed(declared_arguments, text)


@UNTIMED
@given(TYPED)
def test_one_of_each_kind(text):
    check_parsed(ONE_OF_EACH, text)


@UNTIMED
@given(st.text(st.sampled_from("ab \t\n\\'\";$`|&*#-=雪"), max_size=30))
@example('a\'b"c\'"d\\"e\\f"\\g')
def test_words_are_those_of_a_shell(text):
    """`shlex`, which expands nothing either, is the oracle."""
    try:
        theirs = shlex.split(text)
    except ValueError:
        with pytest.raises(ArgumentError):
            words(text)
        return
    assert words(text) == theirs


@UNTIMED
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<&")))
@example("\x1c \x85")
def test_whatever_is_quoted_arrives_as_it_is(text):
    quoted = shlex.quote(text)
    assert words(quoted) == [text]


@pytest.mark.parametrize("injection", INJECTIONS)
def test_what_a_shell_would_act_on_is_text(injection):
    quoted = "'" + injection.replace("'", "'\"'\"'") + "'"
    assert one("text", quoted) == injection
    assert one("text", f"--it={quoted}") == injection
    assert one("text", f"--it {quoted}") == injection
    assert parse([declared("it", "choice", choices=[injection])], quoted) == {"it": injection}


@pytest.mark.parametrize("injection", INJECTIONS)
def test_prose_is_text_without_quotes_as_well(injection):
    note = [declared("service", "text"), declared("why", "text", rest=True)]
    assert parse(note, f"web x {injection} y")["why"] == f"x {injection} y"


integers = st.integers(-(2**53) + 1, 2**53 - 1)
networks = st.ip_addresses().flatmap(
    lambda address: st.integers(0, address.max_prefixlen).map(
        lambda prefix: str(ipaddress.ip_network((address, prefix), strict=False))
    )
)


@UNTIMED
@given(st.sampled_from(["nginx", "web 1", "Ω", "a'b"]), integers, networks, st.booleans(), st.randoms())
def test_values_survive_being_typed(choice, number, network, flag, random):
    arguments = [
        declared("service", "choice", required=True, choices=["nginx", "web 1", "Ω", "a'b"]),
        declared("how_many", "integer"),
        declared("net", "cidr"),
        declared("dry_run", "flag"),
    ]
    named = [f"--service={shlex.quote(choice)}", f"--how-many {number}", f"--net={network}"]
    named += ["--dry-run"] * flag
    random.shuffle(named)
    expected = {"service": choice, "how_many": number, "net": network, "dry_run": flag}
    assert parse(arguments, " ".join(named)) == expected
    placed = f"{shlex.quote(choice)} {number} {network}{' --dry-run' * flag}"
    assert parse(arguments, placed) == expected
