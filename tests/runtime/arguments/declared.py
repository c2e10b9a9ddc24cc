"""Declarations of arguments, as the commands table has them, for tests."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any, cast

from hypothesis import strategies as st

from chatops_runtime.arguments import ArgumentError, parse
from tests.fuzz.hostile import UTF8_TEXT

if TYPE_CHECKING:
    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Value

INJECTIONS = (
    *("; rm -rf /", "$(id)", "`id`", "${IFS}", "$HOME", "| tee /etc/passwd", "&& reboot", "> /dev/sda", "*", "~root"),
    *(
        "a\nreboot",
        "a\r\nreboot",
        "{{ssm:/ops/secret}}",
        "{{ InstanceId }}",
        "$$",
        "'\"'\"'",
        "\\",
        "\\n",
        "%s%n",
        "!!",
    ),
    *("-rf", "--force", "x=1", "\u202e", "\x1b[2J", "雪 🚀", "<!channel>", "#", "()", "\t"),
)
"""What a shell, Systems Manager or Slack would make something of."""


def declared(name: str, kind: str, *, required: bool = False, **more: Any) -> ArgumentDeclaration:
    """One argument."""
    return cast("ArgumentDeclaration", {"name": name, "kind": kind, "required": required, **more})


def parsed(declarations: list[ArgumentDeclaration], text: str) -> tuple[dict[str, Value], str]:
    """The values, and what is said of a text that is wrong."""
    try:
        return parse(declarations, text), ""
    except ArgumentError as error:
        return {}, str(error)


def wrong(declarations: list[ArgumentDeclaration], text: str) -> str:
    """What is said of a text that is wrong."""
    values, said = parsed(declarations, text)
    assert said, f"{text!r} is {values}"
    return said


def one(kind: str, text: str, **more: Any) -> Value:
    """The value of a command's only argument."""
    return parse([declared("it", kind, required=True, **more)], text)["it"]


def check_parsed(declarations: list[ArgumentDeclaration], text: str) -> None:
    """Whatever the text is, there are values as they are declared, or an error for people."""
    by_name = {declaration["name"]: declaration for declaration in declarations}
    values, said = parsed(declarations, text)
    assert "<" not in said, "what was typed became Slack's markup"
    if said:
        return
    assert list(values) == [name for name in by_name if name in values]
    assert all(name in values for name, declaration in by_name.items() if declaration["required"])
    for name, value in values.items():
        declaration = by_name[name]
        kind = declaration["kind"]
        if value is None:
            assert kind == "choice"
            assert declaration["required"]
            continue
        assert type(value) is _TYPES.get(kind, str)
        if isinstance(value, int) and kind != "flag":
            assert declaration.get("least", value) <= value <= declaration.get("most", value)
        if isinstance(value, str):
            value.encode()
            assert _SHAPES.get(kind, _ANYTHING).fullmatch(value)
        if kind == "choice":
            assert value in declaration["choices"]
        if kind == "cidr":
            assert str(ipaddress.ip_network(str(value))) == value


_TYPES = {"integer": int, "duration": int, "flag": bool}
_ANYTHING = re.compile(".*", re.DOTALL)
_SHAPES = {
    "user": re.compile("[UW][A-Z0-9]+"),
    "channel": re.compile("[CGD][A-Z0-9]+"),
    "time": re.compile(r"-[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"),
}

ONE_OF_EACH = [
    declared("choice", "choice", required=True, choices=["nginx", "app"]),
    *(declared(kind, kind) for kind in ("text", "integer", "duration", "cidr", "user", "channel", "time", "flag")),
    declared("rest", "text", rest=True),
]

_NAMES = ("service", "since", "dry_run", "who", "stage", "x1", "on")
_LIMITS: dict[str, st.SearchStrategy[Any]] = {"least": st.integers(0, 100), "most": st.integers(100, 100_000)}
_BY_KIND: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "choice": st.fixed_dictionaries(
        {"choices": st.lists(st.sampled_from(["nginx", "app", "web 1", "Ω", *INJECTIONS]), min_size=1, unique=True)}
    ),
    "text": st.fixed_dictionaries(
        {}, optional={"longest": st.integers(1, 50), "pattern": st.sampled_from(["[a-z]+", ".*", "a|b"])}
    ),
    "integer": st.fixed_dictionaries({}, optional=_LIMITS),
    "duration": st.fixed_dictionaries({}, optional=_LIMITS),
    "cidr": st.fixed_dictionaries({}, optional={"family": st.sampled_from([4, 6])}),
    "flag": st.just({}),
    "user": st.just({}),
    "channel": st.just({}),
    "time": st.just({}),
}


@st.composite
def declarations(draw: st.DrawFn) -> list[ArgumentDeclaration]:
    """What a command may declare."""
    listed = []
    for name in draw(st.lists(st.sampled_from(_NAMES), unique=True, max_size=5)):
        kind = draw(st.sampled_from(list(_BY_KIND)))
        required = kind != "flag" and draw(st.booleans())
        listed.append(declared(name, kind, required=required, **draw(_BY_KIND[kind])))
    if listed and listed[-1]["kind"] == "text":
        listed[-1]["rest"] = draw(st.booleans())
    return listed


_WORDS = (
    *("nginx", "app", "3h", "90 minutes", "-5", "42", "203.0.113.0/24", "2001:db8::/32", "203.0.113.7", "true"),
    *("<@U0123ABCD|taro>", "<@U1>", "<#C0123OPS|ops>", "<#C1|>", "<http://example.com|example.com>", "&lt;b&gt;"),
    *("2026-11-22T10:00Z", "2026-02-30T10:00Z", "0001-01-01T00:00+23:00", "--", "--since", "--dry-run", "--on=", "="),
    *("'", '"', "\\", "\u201cweb\u201d", "\u2019", "\u2014force", "\u2013since", "\xa0", "--service=nginx", "９９"),
)

TYPED = st.lists(st.sampled_from(_WORDS) | st.sampled_from(INJECTIONS) | UTF8_TEXT, max_size=8).map(" ".join)
"""What somebody may type who knows the commands, and who does not."""
