"""`chatops-local tick`: fires an app's schedules now and shows what came of them."""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from chatops_local.cli import options
from chatops_local.cli.progress import Progress
from chatops_local.cli.running_app import running_app
from chatops_local.cli.style import Style, indented
from chatops_local.cli.tick_outcome import TickOutcome
from chatops_local.cloud.read_queues import wait_until_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import LocalCloud

EPILOG = """\
examples:
  chatops-local tick examples/scheduled_batch NightlyBatch
  chatops-local tick . NightlyBatch --at 2026-11-22T02:00 --twice
  chatops-local tick . --all --instances Role=web:3 --offline web-2 --time-scale 0.05

exit code: 0 if every run succeeded; 1 if one failed: EventBridge Scheduler could not start it, an execution did not
succeed or did not end in time, a message was not delivered; 2 if the command line was wrong.
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "tick",
        help="fire an app's schedules now and show what came of them",
        description="Synthesises the app, deploys it to a local cloud, and fires its schedules, one after the other.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_app_options(parser)
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="which schedules: the path or id of the construct, or the schedule's name. Default: the only one",
    )
    parser.add_argument("--all", action="store_true", help="every schedule that is enabled, in the order of deployment")
    parser.add_argument(
        "--at",
        metavar="TIME",
        type=options.moment,
        help="the scheduled time, such as 2026-11-22T02:00 in the schedule's zone, or with Z in UTC. "
        "Default: when it is due next",
    )
    parser.add_argument("--twice", action="store_true", help="deliver it twice: EventBridge Scheduler may")
    parser.add_argument("--force", action="store_true", help="fire a schedule although it is disabled")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=options.seconds,
        default=300.0,
        help="how long to wait for each run's end. Default: 300",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")
    parser.set_defaults(run=run, usage_error=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code."""
    if arguments.all and arguments.names:
        arguments.usage_error("NAME and --all: give one of them")
    progress = Progress(sys.stderr)
    with ExitStack() as ending:
        cloud = running_app(arguments, progress, ending)
        outcomes = []
        for outcome in _fire_all(arguments, cloud):
            outcomes.append(outcome)
            if not arguments.json:
                print(outcome.as_text(Style.of(sys.stdout)), flush=True)
        if arguments.json:
            print(json.dumps(_document(arguments, progress, outcomes, cloud.slack.notes), ensure_ascii=False, indent=2))
        else:
            print(_summary(outcomes, cloud.slack.notes, Style.of(sys.stdout)))
    return 0 if outcomes and all(outcome.ok for outcome in outcomes) else 1


def _fire_all(arguments: argparse.Namespace, cloud: LocalCloud) -> Iterator[TickOutcome]:
    for name in _names(arguments, cloud):
        yield _fire(name, arguments, cloud)


def _names(arguments: argparse.Namespace, cloud: LocalCloud) -> list[str | None]:
    if arguments.all:
        return [schedule.arn for schedule in cloud.schedules if schedule.enabled or arguments.force]
    return arguments.names or [None]


def _fire(name: str | None, arguments: argparse.Namespace, cloud: LocalCloud) -> TickOutcome:
    deadline = time.monotonic() + arguments.timeout
    tick = cloud.tick(name, at=arguments.at, times=2 if arguments.twice else 1, force=arguments.force)
    timed_out_after = None
    try:
        tick.wait(arguments.timeout)
    except TimeoutError:
        timed_out_after = arguments.timeout
    unread = wait_until_read(cloud.server, deadline - time.monotonic())
    problems = tick.problems(timed_out_after=timed_out_after)
    problems += [f"{count} messages in queue {queue} are not delivered yet" for queue, count in unread.items()]
    return TickOutcome(tick, tick.executions, problems)


def _summary(outcomes: list[TickOutcome], notes: list[str], style: Style) -> str:
    failed = [outcome.title for outcome in outcomes if not outcome.ok]
    said = [indented(f"note: {note}", "  ") for note in notes]
    count = f"{len(outcomes)} schedule{'s' * (len(outcomes) != 1)}"
    if failed:
        return "\n".join([*said, f"{style.mark(ok=False)} {len(failed)} of {count} failed: {', '.join(failed)}"])
    return "\n".join([*said, f"{style.mark(ok=bool(outcomes))} {count} fired" + ", all went well" * bool(outcomes)])


def _document(
    arguments: argparse.Namespace, progress: Progress, outcomes: list[TickOutcome], notes: list[str]
) -> dict[str, Any]:
    return {
        "ok": bool(outcomes) and all(outcome.ok for outcome in outcomes),
        "app": str(arguments.app),
        "seconds": {name: round(seconds, 3) for name, seconds in progress.seconds.items()},
        "schedules": [outcome.as_json() for outcome in outcomes],
        "notes": notes,
    }
