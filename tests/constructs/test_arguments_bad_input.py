"""Arguments that would be none: refused where they are declared, with the parameter, the value and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration

from chatops_constructs import (
    Argument,
    ChannelArg,
    Choice,
    Cidr,
    DurationArg,
    Flag,
    Integer,
    RunScript,
    Text,
    TimeArg,
    UserArg,
)
from chatops_constructs.slack.arguments.patterns import MOST_CHARACTERS
from tests.constructs.stacks import WEB, add, endpoint, new_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TOKEN = cdk.Aws.REGION
MINUTES = Duration.minutes

RESERVED = [
    "path",
    "home",
    "ifs",
    "env",
    "bash_env",
    "bash_func_x",
    "shell",
    "shellopts",
    "ld_preload",
    "ld_library_path",
    "chatops_text",
    "ps4",
    "prompt_command",
    "pager",
    "lc_all",
    "aws_profile",
    "pythonpath",
    "perl5opt",
    "user",
    "uid",
    "seconds",
    "https_proxy",
    "git_ssh_command",
    "tz",
]

BAD: dict[str, tuple[Callable[[], Argument], str, str]] = {
    **{
        f"name {name!r}": (lambda name=name: Flag(name), "name is", "write it like 'service'")  # type: ignore[misc]
        for name in ("", "Service", "1st", "a-b", "a b", "-a", "_a", "ä", "a" * 32, "a\n", "$(id)", None)
    },
    "a name known at deploy time": (lambda: Flag(TOKEN), "name is known at deploy time only", "in plain"),
    "help": (lambda: Flag("help"), "name is 'help'", "built in"),
    **{
        f"variable {name}": (
            lambda name=name: Flag(name),  # type: ignore[misc]
            f"name is {name!r}",
            f"{name.upper()}, does not change how a script runs",
        )
        for name in RESERVED
    },
    "a long help": (lambda: Flag("force", help="x" * 151), "help is 'xxx", "up to 150 characters in one line"),
    "help in two lines": (lambda: Flag("force", help="a\nb"), "help is 'a", "in one line"),
    "no choices": (lambda: Choice("service", []), "choices is ()", "a list of 1 to 100"),
    "a word for choices": (lambda: Choice("service", "nginx"), "choices is 'nginx'", "a list of 1 to 100"),
    "101 choices": (lambda: Choice("service", list(map(str, range(101)))), "a list of 101", "as many as a menu"),
    "a choice twice": (lambda: Choice("service", ["a", "b", "a"]), "choices is ['a', 'b', 'a']", "each one once"),
    **{
        f"choice {choice!r}": (
            lambda choice=choice: Choice("service", [choice]),  # type: ignore[misc]
            f"choices is {choice!r}",
            "write it like 'nginx'",
        )
        for choice in ("", " ", "a b", "-a", "—a", "a|b", "<a>", "a&b", '"a"', "a'b", "a\\", "“a”", "a\n", "x" * 76, 7)
    },
    "a choice known at deploy time": (lambda: Choice("region", [TOKEN]), "choices is known at deploy", "in plain"),
    "a default that is no choice": (
        lambda: Choice("stage", ["dev", "prod"], default="test"),
        "default is 'test'",
        "one of the choices, dev, prod",
    ),
    "a pattern that is none": (lambda: Text("ticket", pattern="("), "pattern is '('", "re.compile"),
    "an empty pattern": (lambda: Text("ticket", pattern=""), "pattern is ''", "re.compile"),
    "a long pattern": (
        lambda: Text("ticket", pattern="a" * (MOST_CHARACTERS + 1)),
        "pattern is 'aaa",
        f"up to {MOST_CHARACTERS} characters",
    ),
    "a verbose pattern": (lambda: Text("ticket", pattern="(?x) a # )"), "pattern is", "without (?x)"),
    **{
        f"pattern {pattern}": (
            lambda pattern=pattern: Text("ticket", pattern=pattern),  # type: ignore[misc]
            "pattern is",
            "may take for ever",
        )
        for pattern in (
            "(a+)+",
            "(a*)*b",
            "(?:a|aa)*b",
            "(?P<word>[a-z]+)*!",
            "(a?){30}",
            "((a+)b?){2,}",
            "(a{1,3}){11}",
            r"([a-z(]+\))*",
            "(.*a){20}",
            "(a+)+?",
            r"(?:\w+)*$",
            r"[]a]*([\]]+)+",
        )
    },
    "no characters": (lambda: Text("ticket", longest=0), "longest is 0", "1 to 4000"),
    "too many characters": (lambda: Text("ticket", longest=4001), "longest is 4001", "1 to 4000"),
    "true characters": (lambda: Text("ticket", longest=True), "longest is True", "1 to 4000"),
    "a default against the pattern": (
        lambda: Text("ticket", pattern=r"OPS-\d+", default="OPS-"),
        "default is 'OPS-'",
        "longest and pattern allow",
    ),
    "a long default": (lambda: Text("ticket", longest=3, default="four"), "default is 'four'", "longest"),
    "an empty default": (lambda: Text("ticket", default=""), "default is ''", "required=False for none"),
    "NUL in a default": (lambda: Text("ticket", default="a\0"), "default is 'a", "one line"),
    "limits the wrong way round": (lambda: Integer("count", least=2, most=1), "least is 2", "at most most, 1"),
    "a default below the least": (lambda: Integer("count", least=2, default=1), "default is 1", "2 to"),
    "a default above the most": (lambda: Integer("count", most=2, default=3), "default is 3", "to 2"),
    "a default of no kind": (lambda: Integer("count", default=True), "default is True", "a whole number"),
    "half a number": (lambda: Integer("count", most=1.5), "most is 1.5", "a whole number"),  # type: ignore[arg-type]
    "more than JSON holds": (lambda: Integer("count", most=2**53), "most is 9007199254740992", "a whole number"),
    "durations the wrong way round": (
        lambda: DurationArg("lasting", least=MINUTES(2), most=MINUTES(1)),
        "least is '2m'",
        "at most most, 1m",
    ),
    "a default that is too long": (
        lambda: DurationArg("lasting", most=MINUTES(1), default=MINUTES(2)),
        "default is '2m'",
        "1m to 1m",
    ),
    "a number for a duration": (
        lambda: DurationArg("lasting", default=90),  # type: ignore[arg-type]
        "default is 90",
        "a Duration of up to 366d",
    ),
    "years": (lambda: DurationArg("lasting", most=Duration.days(367)), "most is '367 days'", "366d"),
    "half a second": (lambda: TimeArg("since", default=Duration.millis(500)), "default is", "in whole minutes"),
    "seconds": (
        lambda: DurationArg("lasting", least=Duration.seconds(90)),
        "least is '1 minute 30 seconds'",
        "people type minutes",
    ),
    "a duration known at deploy time": (
        lambda: DurationArg("lasting", most=Duration.minutes(cdk.Token.as_number({"Ref": "Minutes"}))),
        "most is <aws_cdk.Duration object",
        "known at synthesis",
    ),
    "a family that there is not": (
        lambda: Cidr("source", family=5),  # type: ignore[arg-type]
        "family is 5",
        "4 or 6",
    ),
    "bits behind the prefix": (lambda: Cidr("source", default="10.0.0.1/8"), "default is '10.0.0.1/8'", "behind"),
    "no range": (lambda: Cidr("source", default="here"), "default is 'here'", "203.0.113.0/24"),
    "the other family": (
        lambda: Cidr("source", family=6, default="10.0.0.0/8"),
        "default is '10.0.0.0/8'",
        "2001:db8::/32",
    ),
    "a person's name": (lambda: UserArg("whom", default="@taro"), "default is '@taro'", "copy the id"),
    "a channel's name": (lambda: ChannelArg("where", default="#ops"), "default is '#ops'", "copy the id"),
    "a channel for a person": (lambda: UserArg("whom", default="C0123OPS"), "default is 'C0123OPS'", "an id"),
}


@pytest.mark.parametrize("name", BAD)
def test_is_refused(name: str) -> None:
    make, wrong, remedy = BAD[name]
    with pytest.raises(ValueError, match=r"^(\w+) .*: ") as error:
        make()
    assert wrong in str(error.value)
    assert remedy in str(error.value)


@pytest.mark.parametrize(
    "pattern",
    [
        r"OPS-\d+",
        r"\d{1,3}(\.\d{1,3}){3}",
        "[a-z]+(-[a-z]+)?",
        "(?:ab)*",
        "(a|b)",
        "(a|b){2}",
        r"[(+*|]+",
        r"\(+\)+",
        "(?=a+)a",
        "(?i)prod|dev",
        "a{2,3}b*",
        "{}",
        "日本.*",
    ],
)
def test_harmless_patterns_are_taken(pattern: str) -> None:
    assert Text("ticket", pattern=pattern).render()["pattern"] == pattern


# What a command refuses of arguments that are fine by themselves.
BAD_LISTS: dict[str, tuple[Sequence[Any], str, str]] = {
    "a name twice": ([Flag("a"), Text("a")], "arguments is ['a', 'a']", "names that differ"),
    "the rest in the middle": ([Text("a", rest=True), Flag("b")], "a, with rest=True", "put it last"),
    "21 of them": ([Flag(f"a{number}") for number in range(21)], "a list of 21", "up to 20"),
    "no argument": (["service"], "arguments is 'service'", "Choice(…), Text(…)"),
}


@pytest.mark.parametrize("name", BAD_LISTS)
def test_a_command_refuses(name: str) -> None:
    arguments, wrong, remedy = BAD_LISTS[name]
    _, stack = new_stack()
    slack = endpoint(stack)
    with pytest.raises(ValueError, match="SlackCommandEndpoint 'Ops/Slack': ") as error:
        add(slack, "/ops", arguments=arguments)
    assert wrong in str(error.value)
    assert remedy in str(error.value)
    assert not slack.commands


def test_a_command_refuses_arguments_for_an_action_that_declares_its_own() -> None:
    class Restart(RunScript):
        @property
        def arguments(self) -> Sequence[Argument]:
            return (Choice("service", ["nginx"]),)

    _, stack = new_stack()
    slack = endpoint(stack)
    with pytest.raises(ValueError, match="none with Restart, which declares its own: service; leave them out"):
        add(slack, "/restart", Restart("ps", targets=WEB), arguments=[Flag("force")])
    assert add(slack, "/restart", Restart("ps", targets=WEB)).entry["usage"] == "/restart <nginx>"
