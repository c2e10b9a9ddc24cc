"""Options that several commands have, and how their values are checked."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from chatops_local.cli.mention import Mention
from chatops_local.cli.numbers import positive
from chatops_local.cli.step import Step
from chatops_local.cloud import InstanceGroup, moments
from chatops_local.slack import SlashCommand
from chatops_local.slack.ids import require_id

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_MAX_PORT = 65_535


def add_app(parser: argparse.ArgumentParser) -> None:
    """Which app."""
    parser.add_argument(
        "app", metavar="APP_DIR", type=_folder, help="the folder of a CDK app (cdk.json or app.py), or its cdk.out"
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")


def add_app_options(parser: argparse.ArgumentParser) -> None:
    """Which app, on what instances, how fast."""
    add_app(parser)
    parser.add_argument(
        "--stage",
        metavar="NAME",
        help="which stage of the app, by the id or path of its construct, such as Staging; `.` for the stacks that "
        "are in none. Default: all stacks, if the app has one stage at most",
    )
    parser.add_argument(
        "--instances",
        metavar="KEY=VALUE:COUNT",
        action="append",
        type=_checked(InstanceGroup.parse),
        help="instances to run, such as Role=web:3, or Role=web,Stage=prod:1; may be repeated. "
        "Default: two for each tag that the app's commands are aimed at",
    )
    parser.add_argument(
        "--offline",
        metavar="NAME",
        action="append",
        default=[],
        help="an instance whose agent is not connected, such as web-1; may be repeated",
    )
    parser.add_argument(
        "--time-scale",
        metavar="X",
        type=positive,
        default=1.0,
        help="what waits of state machines are multiplied with; 0.05 makes a minute three seconds. Default: 1.0",
    )


def slash_command(text: str) -> str:
    """A slash command, for argparse."""
    _checked(SlashCommand.typed)(text)
    return text


def command_or_step(text: str) -> str | Mention | Step:
    """A slash command, a mention of the app, or what is done after one, for argparse."""
    return _checked(Step.parse)(text) or Mention.parse(text) or slash_command(text)


def user_group(text: str) -> tuple[str, list[str]]:
    """A user group and its users, for argparse."""
    group, _, users = text.partition("=")
    return slack_id("user group")(group), [slack_id("user")(each) for each in users.split(",") if each]


def slack_id(kind: str) -> Callable[[str], str]:
    """A Slack id of that kind, for argparse."""
    return _checked(lambda value: require_id(kind, value))


def moment(text: str) -> str:
    """A time with or without a zone, for argparse."""
    _checked(moments.parsed)(text)
    return text


def seconds(text: str) -> float:
    """A time, for argparse."""
    return positive(text)


def port(text: str) -> int:
    """A port, for argparse."""
    if not (text.isascii() and text.isdigit() and int(text) <= _MAX_PORT):
        raise argparse.ArgumentTypeError(f"{text!r}: a port from 0 to {_MAX_PORT} is expected")
    return int(text)


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is no folder; name the folder of a CDK app or its cdk.out")
    return path


def _checked(check: Callable[[str], T]) -> Callable[[str], T]:
    """`check`, its ValueErrors shown as they are."""

    def checked(text: str) -> T:
        try:
            return check(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return checked
