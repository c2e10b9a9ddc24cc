"""`chatops-local send`: types slash commands into an app and shows what came of them."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from chatops_local.cli import options
from chatops_local.cli.outcome import Outcome
from chatops_local.cli.progress import Progress
from chatops_local.cli.running_app import running_app
from chatops_local.cli.style import Style, indented
from chatops_local.slack import DEFAULT_CHANNEL, DEFAULT_USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import LocalCloud

EPILOG = """\
examples:
  chatops-local send examples/ops_bot "/ps" "/hello world"
  chatops-local send . "/disk" --channel C0123OPS --instances Role=web:3 --json

exit code: 0 if every command went well; 1 if one failed: its ack was refused or came after 3,000 ms, it was answered
instead of run (as one that is not allowed), its result did not come in time, or its execution did not succeed; 2 if the
command line was wrong.
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command."""
    parser = commands.add_parser(
        "send",
        help="type slash commands into an app and show what came of them",
        description="Synthesises the app, deploys it to a local cloud, and types the commands one after the other.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_app_options(parser)
    parser.add_argument(
        "commands", metavar="COMMAND", nargs="+", type=options.slash_command, help='what is typed, such as "/ps"'
    )
    parser.add_argument(
        "--user",
        metavar="ID",
        type=options.slack_id("user"),
        default=DEFAULT_USER,
        help="who types (U…). Default: %(default)s",
    )
    parser.add_argument(
        "--channel",
        metavar="ID",
        type=options.slack_id("channel"),
        default=DEFAULT_CHANNEL,
        help="where (C…): commands may be allowed in some channels only. Default: %(default)s",
    )
    parser.add_argument(
        "--endpoint", metavar="NAME", help="which endpoint, by its construct path or app id, if the app has several"
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=options.seconds,
        default=120.0,
        help="how long to wait for each command's result. Default: 120",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code."""
    progress = Progress(sys.stderr)
    with ExitStack() as running:
        cloud = running_app(arguments, progress, running)
        outcomes = []
        for outcome in _type_all(arguments, cloud):
            outcomes.append(outcome)
            if not arguments.json:
                print(outcome.as_text(Style.of(sys.stdout)), flush=True)
        if arguments.json:
            print(json.dumps(_document(arguments, progress, outcomes, cloud.slack.notes), ensure_ascii=False, indent=2))
        else:
            print(_summary(outcomes, cloud.slack.notes, Style.of(sys.stdout)))
    return 0 if all(outcome.ok for outcome in outcomes) else 1


def _type_all(arguments: argparse.Namespace, cloud: LocalCloud) -> Iterator[Outcome]:
    for line in arguments.commands:
        sent = cloud.slack.send(line, user=arguments.user, channel=arguments.channel, endpoint=arguments.endpoint)
        timed_out_after = None
        try:
            sent.wait(arguments.timeout)
        except TimeoutError:
            timed_out_after = arguments.timeout
        messages = [
            message
            for message in cloud.slack.messages
            if message.response_url == sent.response_url
            or (message.response_url is None and message.at >= sent.sent_at)
        ]
        problems = cloud.problems_of(sent, timed_out_after=timed_out_after)
        yield Outcome(line, sent, messages, cloud.executions_of(sent), problems)


def _summary(outcomes: list[Outcome], notes: list[str], style: Style) -> str:
    failed = [outcome.typed for outcome in outcomes if not outcome.ok]
    said = [indented(f"note: {note}", "  ") for note in notes]
    count = f"{len(outcomes)} command{'s' * (len(outcomes) != 1)}"
    if failed:
        return "\n".join([*said, f"{style.mark(ok=False)} {len(failed)} of {count} failed: {', '.join(failed)}"])
    return "\n".join([*said, f"{style.mark(ok=True)} {count}, all went well"])


def _document(
    arguments: argparse.Namespace, progress: Progress, outcomes: list[Outcome], notes: list[str]
) -> dict[str, Any]:
    return {
        "ok": all(outcome.ok for outcome in outcomes),
        "app": str(arguments.app),
        "seconds": {name: round(seconds, 3) for name, seconds in progress.seconds.items()},
        "commands": [outcome.as_json() for outcome in outcomes],
        "notes": notes,
    }
