"""Declared arguments: how they are shown, how they are written down, and what dispatch reads of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Duration
from hypothesis import given
from hypothesis import strategies as st

from chatops_constructs import (
    Argument,
    ChannelArg,
    Choice,
    Cidr,
    DurationArg,
    Flag,
    Integer,
    Text,
    TimeArg,
    UserArg,
)
from chatops_constructs.slack.argument_checks import render_arguments
from chatops_runtime.arguments import ArgumentError, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

HOURS = Duration.hours
MANY = [f"service-{number}" for number in range(100)]

# What is declared, how help shows it, and what the table says beside name and kind.
DECLARED: dict[str, tuple[Argument, str, dict[str, Any]]] = {
    "choice": (
        Choice("service", ["nginx", "app"]),
        "<nginx|app>",
        {"kind": "choice", "required": True, "choices": ["nginx", "app"]},
    ),
    "choice with a default": (
        Choice("stage", ["dev", "prod"], default="dev", help="where"),
        "[--stage dev|prod]",
        {"kind": "choice", "required": False, "default": "dev", "help": "where", "choices": ["dev", "prod"]},
    ),
    "one of many": (
        Choice("service", MANY),
        "<service>",
        {"kind": "choice", "required": True, "choices": MANY},
    ),
    "text": (Text("ticket"), "<ticket>", {"kind": "text", "required": True, "longest": 1000}),
    "optional text": (
        Text("ticket", required=False, pattern=r"OPS-\d+", longest=20),
        "[--ticket text]",
        {"kind": "text", "required": False, "longest": 20, "pattern": r"OPS-\d+"},
    ),
    "the rest": (
        Text("reason", rest=True),
        "<reason …>",
        {"kind": "text", "required": True, "longest": 1000, "rest": True},
    ),
    "perhaps the rest": (
        Text("reason", rest=True, default="none"),
        "[reason …]",
        {"kind": "text", "required": False, "default": "none", "longest": 1000, "rest": True},
    ),
    "integer": (Integer("count"), "<count>", {"kind": "integer", "required": True}),
    "integer within limits": (
        Integer("count", least=0, most=20, required=False),
        "[--count 0]",
        {"kind": "integer", "required": False, "least": 0, "most": 20},
    ),
    "integer with a default": (
        Integer("count", default=0),
        "[--count 0]",
        {"kind": "integer", "required": False, "default": 0},
    ),
    "duration": (
        DurationArg("lasting"),
        "<lasting>",
        {"kind": "duration", "required": True, "least": 60, "most": 366 * 86_400},
    ),
    "duration within limits": (
        DurationArg("lasting", most=HOURS(2), required=False),
        "[--lasting 2h]",
        {"kind": "duration", "required": False, "least": 60, "most": 7200},
    ),
    "duration with a default": (
        DurationArg("lasting", least=Duration.seconds(0), default=Duration.minutes(90)),
        "[--lasting 90m]",
        {"kind": "duration", "required": False, "default": 5400, "least": 0, "most": 366 * 86_400},
    ),
    "cidr": (Cidr("source"), "<source>", {"kind": "cidr", "required": True}),
    "cidr of one family": (
        Cidr("source", family=6, required=False),
        "[--source 2001:db8::/32]",
        {"kind": "cidr", "required": False, "family": 6},
    ),
    "cidr with a default": (
        Cidr("source", default="2001:DB8:0::/32"),
        "[--source 2001:db8::/32]",
        {"kind": "cidr", "required": False, "default": "2001:db8::/32"},
    ),
    "flag": (Flag("dry_run"), "[--dry-run]", {"kind": "flag", "required": False}),
    "user": (UserArg("whom"), "<@whom>", {"kind": "user", "required": True}),
    "optional user": (UserArg("whom", required=False), "[--whom @whom]", {"kind": "user", "required": False}),
    "channel": (
        ChannelArg("where", default="C0123OPS"),
        "[--where #where]",
        {"kind": "channel", "required": False, "default": "C0123OPS"},
    ),
    "time": (TimeArg("since"), "<since>", {"kind": "time", "required": True}),
    "time with a default": (
        TimeArg("since", default=HOURS(36)),
        "[--since 36h]",
        {"kind": "time", "required": False, "default": "-129600"},
    ),
}


@pytest.mark.parametrize("name", DECLARED)
def test_is_shown_and_written_down(name: str) -> None:
    argument, usage, declaration = DECLARED[name]
    assert argument.usage == usage
    assert argument.render() == {"name": argument.name, **declaration}


@pytest.mark.parametrize("name", [name for name, (_, _, written) in DECLARED.items() if "default" in written])
def test_its_default_is_what_dispatch_makes_of_nothing(name: str) -> None:
    argument, _, declaration = DECLARED[name]
    assert parse(render_arguments([argument]), "") == {argument.name: declaration["default"]}


@pytest.mark.parametrize("name", ["duration within limits", "duration with a default", "time with a default"])
def test_what_stands_for_a_duration_can_be_typed(name: str) -> None:
    argument, usage, _ = DECLARED[name]
    assert argument.name in parse(render_arguments([argument]), usage.strip("[]"))


# What is typed for each kind, as the usage shows it, and what comes of it.
TYPED: list[tuple[Argument, str, object]] = [
    (Choice("service", ["nginx", "app"]), "app", "app"),
    (Text("ticket", pattern=r"OPS-\d+"), "OPS-7", "OPS-7"),
    (Text("reason", rest=True), "it is  on fire", "it is  on fire"),
    (Integer("count", least=1, most=3), "3", 3),
    (DurationArg("lasting", most=HOURS(3)), "3h", 10_800),
    (Cidr("source"), "203.0.113.0/24", "203.0.113.0/24"),
    (Flag("force"), "--force", True),
    (UserArg("whom"), "<@U012AB3CD|taro>", "U012AB3CD"),
    (ChannelArg("where"), "<#C0123OPS|ops>", "C0123OPS"),
    (TimeArg("since"), "2026-11-22T10:00Z", "2026-11-22T10:00:00Z"),
]


@pytest.mark.parametrize(("argument", "typed", "value"), TYPED, ids=lambda value: getattr(value, "name", None))
def test_dispatch_reads_what_is_written_down(argument: Argument, typed: str, value: object) -> None:
    assert parse(render_arguments([argument]), typed) == {argument.name: value}


def test_only_those_with_ids_ask_for_mentions() -> None:
    assert {type(argument) for argument, _, _ in TYPED if argument.reads_mentions} == {UserArg, ChannelArg}


class TestOptionalOnesInFrontOfRequiredOnes:
    """They are given by their names: otherwise a value in its place would be taken for another argument's."""

    SAY = (ChannelArg("to", required=False), Flag("loud"), Text("message", rest=True))

    def test_are_marked(self) -> None:
        marked = {each["name"] for each in render_arguments(self.SAY) if each.get("named")}
        assert marked == {"to"}

    def test_leave_the_place_to_the_required_one(self) -> None:
        assert parse(render_arguments(self.SAY), "hello world") == {"loud": False, "message": "hello world"}

    def test_are_given_by_name(self) -> None:
        assert parse(render_arguments(self.SAY), "--to <#C0123OPS|ops> hello world") == {
            "to": "C0123OPS",
            "loud": False,
            "message": "hello world",
        }

    def test_behind_them_all_have_places(self) -> None:
        optional_last = (Choice("service", ["nginx"]), DurationArg("since", required=False), Flag("force"))
        assert not any("named" in each for each in render_arguments(optional_last))
        assert parse(render_arguments(optional_last), "nginx 3h")["since"] == 10_800


def values_of(argument: Argument) -> st.SearchStrategy[str]:
    """What people may type for an argument."""
    if isinstance(argument, Choice):
        return st.sampled_from(argument.choices)
    if isinstance(argument, Integer):
        return st.integers(0, 99).map(str)
    return st.from_regex(r"[a-z]{1,9}", fullmatch=True)


@st.composite
def declared_and_typed(draw: st.DrawFn) -> tuple[Sequence[Argument], dict[str, str]]:
    """Arguments of several kinds, required or not in any order, with a value for each required one and some others."""
    kinds = draw(st.lists(st.sampled_from(["choice", "integer", "text"]), min_size=1, max_size=6))
    arguments: list[Argument] = []
    for number, kind in enumerate(kinds):
        required = draw(st.booleans())
        if kind == "choice":
            arguments.append(Choice(f"a{number}", ["nginx", "app", "eu-1"], required=required))
        elif kind == "integer":
            arguments.append(Integer(f"a{number}", required=required))
        else:
            arguments.append(Text(f"a{number}", required=required))
    given_ones = [each for each in arguments if each.is_required or draw(st.booleans())]
    return arguments, {each.name: draw(values_of(each)) for each in given_ones}


@given(declared_and_typed())
def test_required_ones_may_be_given_in_their_order_and_all_others_by_name(
    drawn: tuple[Sequence[Argument], dict[str, str]],
) -> None:
    arguments, typed = drawn
    required = [typed[each.name] for each in arguments if each.is_required]
    optional = [each.name for each in arguments if not each.is_required and each.name in typed]
    by_name = [f"--{name} {typed[name]}" for name in optional]
    parsed = parse(render_arguments(arguments), " ".join([*by_name, *required]))
    assert {name: str(value) for name, value in parsed.items()} == typed


def test_what_is_too_much_is_refused() -> None:
    with pytest.raises(ArgumentError, match="one too many"):
        parse(render_arguments([Integer("count", required=False), Choice("service", ["nginx"])]), "nginx 3")
