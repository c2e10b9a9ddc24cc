"""A point in time."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from chatops_constructs.slack.arguments import durations
from chatops_constructs.slack.arguments.value_argument import ValueArgument
from chatops_runtime.contracts import arguments

if TYPE_CHECKING:
    from aws_cdk import Duration

    from chatops_constructs._problems import Problems
    from chatops_runtime.contracts.arguments import Kind


@dataclass(frozen=True)
class TimeArg(ValueArgument):
    """A point in time: so long ago, `3h`, or `2026-11-22T10:00Z`.

    Scripts and functions get `2026-11-22T10:00:00Z` or, of one that was given as so long ago, `-10800`: so many seconds
    before the command was typed.

    Example:
        from aws_cdk import Duration
        from chatops_constructs import TimeArg

        since = TimeArg("since", default=Duration.hours(1))

    Attributes:
        name: The name, which is typed as `--name`.
        default: How long ago it is when nothing is typed, in whole minutes. Default: none.
        required: Whether it has to be given; one with a default never has to. Default: True.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    _: KW_ONLY
    default: Duration | None = None

    @property
    def _kind(self) -> Kind:
        return arguments.TIME

    @property
    def _rendered_default(self) -> str | None:
        ago = durations.seconds_of(self.default)
        return None if ago is None else f"-{ago}"

    @property
    def _sample(self) -> str:
        ago = durations.seconds_of(self.default)
        return durations.typed(durations.COMMON if ago is None else ago)

    def _check(self, problems: Problems) -> None:
        durations.check_limit(problems, "default", self.default)
