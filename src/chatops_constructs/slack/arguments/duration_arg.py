"""A length of time."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from chatops_constructs.slack.arguments import durations
from chatops_constructs.slack.arguments.value_argument import ValueArgument
from chatops_runtime.contracts import arguments

if TYPE_CHECKING:
    from aws_cdk import Duration

    from chatops_constructs._problems import Problems
    from chatops_runtime.contracts.arguments import ArgumentDeclaration, Kind


@dataclass(frozen=True)
class DurationArg(ValueArgument):
    """A length of time: `15m`, `3h`, `1h30m`, `2 days`. Scripts and functions get its seconds.

    Example:
        from aws_cdk import Duration
        from chatops_constructs import DurationArg

        lasting = DurationArg("lasting", least=Duration.minutes(1), most=Duration.hours(8), default=Duration.hours(1))

    Attributes:
        name: The name, which is typed as `--name`.
        least: The least that may be typed, in whole minutes as all of them. Default: 1 minute.
        most: The most that may be typed, up to 366 days. Default: 366 days.
        default: The duration when nothing is typed. Default: none.
        required: Whether it has to be given; one with a default never has to. Default: True.
        help: What it means in a few words, for `help` and for menus. Default: nothing.
    """

    _: KW_ONLY
    least: Duration | None = None
    most: Duration | None = None
    default: Duration | None = None

    @property
    def _kind(self) -> Kind:
        return arguments.DURATION

    @property
    def _rendered_default(self) -> int | None:
        return durations.seconds_of(self.default)

    @property
    def _limits(self) -> tuple[int, int]:
        least, most = durations.seconds_of(self.least), durations.seconds_of(self.most)
        return durations.MINUTE if least is None else least, durations.LONGEST if most is None else most

    @property
    def _sample(self) -> str:
        least, most = self._limits
        default = durations.seconds_of(self.default)
        return durations.typed(min(max(durations.COMMON, least), most) if default is None else default)

    def _check(self, problems: Problems) -> None:
        before = problems.count
        durations.check_limit(problems, "least", self.least)
        durations.check_limit(problems, "most", self.most)
        durations.check_limit(problems, "default", self.default)
        if problems.count > before:
            return
        least, most = self._limits
        default = durations.seconds_of(self.default)
        problems.check(
            least <= most, "least", durations.typed(least), f"at most most, {durations.typed(most)}", "lower it"
        )
        problems.check(
            default is None or least > most or least <= default <= most,
            "default",
            durations.typed(default or 0),
            f"{durations.typed(least)} to {durations.typed(most)}",
            "choose another one",
        )

    def _complete(self, declaration: ArgumentDeclaration) -> None:
        super()._complete(declaration)
        declaration["least"], declaration["most"] = self._limits
