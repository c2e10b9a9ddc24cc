"""What happens to bots that speak on a schedule."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from chatops_local.slack import Fault
from tests.iam.apps import Story
from tests.iam.stories.denials import denied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.iam.laboratory import Laboratory

_START = "states:StartExecution"
_PUBLISH = "sns:Publish"
_OFTEN = 99
_AGAIN = 5


def stories_of(bot: str, *, tells_topics: bool = False) -> tuple[Story, ...]:
    """Everything that can become of a bot, by the path of its construct; topics are told of its failures as well."""
    id = bot.rpartition("/")[2]
    nobody_is_told = Story(
        f"nobody can be told of a failure of {id}",
        lambda laboratory: _is_told_to_nobody(laboratory, bot, f"{id}MachineRole"),
        denies=(_PUBLISH,),
    )
    return (
        *([nobody_is_told] if tells_topics else []),
        Story(f"{id} speaks", lambda laboratory: _speaks(laboratory, bot)),
        Story(f"Slack takes nothing from {id}", lambda laboratory: _is_not_heard(laboratory, bot)),
        Story(f"{id} is aborted", lambda laboratory: _is_aborted(laboratory, bot)),
        Story(
            f"{id} cannot be started by its schedule",
            lambda laboratory: _is_kept_by_schedule(laboratory, bot, f"{id}ScheduleRole"),
            denies=(_START,),
        ),
        Story(
            f"{id} cannot be started at its tick",
            lambda laboratory: _is_kept_by_tick(laboratory, bot),
            denies=(_START,),
        ),
    )


def _speaks(laboratory: Laboratory, bot: str) -> None:
    tick = laboratory.cloud.tick(bot)
    tick.wait()
    problems = tick.problems()
    assert problems == [], problems


def _is_not_heard(laboratory: Laboratory, bot: str) -> None:
    with _deaf_slack(laboratory):
        tick = laboratory.cloud.tick(bot)
        tick.wait()
        laboratory.wait_until_quiet()
    assert any(run.status == "FAILED" for run in tick.runs)


def _is_told_to_nobody(laboratory: Laboratory, bot: str, role: str) -> None:
    with denied(laboratory, laboratory.id(role), _PUBLISH):
        _is_not_heard(laboratory, bot)


def _is_aborted(laboratory: Laboratory, bot: str) -> None:
    states = laboratory.cloud.server.client("stepfunctions")
    for _ in range(_AGAIN):
        tick = laboratory.cloud.tick(bot)
        (run,) = laboratory.until(lambda tick=tick: [run for run in tick.runs if run.name.startswith("at-")])  # type: ignore[misc]
        states.stop_execution(executionArn=run.arn)
        tick.wait()
        laboratory.wait_until_quiet()
        if any(one.status == "ABORTED" for one in tick.runs):
            return
    raise AssertionError(f"{bot} cannot be aborted")


def _is_kept_by_schedule(laboratory: Laboratory, bot: str, role: str) -> None:
    with denied(laboratory, laboratory.id(role), _START):
        (delivery,) = laboratory.cloud.tick(bot).deliveries
    assert delivery.dead_letter == "sent", delivery


def _is_kept_by_tick(laboratory: Laboratory, bot: str) -> None:
    with denied(laboratory, laboratory.id("ScheduleTickMachineRole"), _START):
        laboratory.cloud.tick(bot).wait()
    laboratory.wait_until_quiet()


@contextmanager
def _deaf_slack(laboratory: Laboratory) -> Iterator[None]:
    faults = laboratory.cloud.slack.faults
    faults.inject("chat.postMessage", Fault.refusal("is_archived"), times=_OFTEN)
    try:
        yield
    finally:
        faults.clear()
