"""`chatops-local send`: types slash commands into an app, clicks on what it answers, and shows what came of it."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from chatops_local.cli import options
from chatops_local.cli.mention import Mention
from chatops_local.cli.outcome import Outcome
from chatops_local.cli.progress import Progress
from chatops_local.cli.running_app import running_app
from chatops_local.cli.step import Step
from chatops_local.cli.style import Style, indented
from chatops_local.cloud.verdict import problems_of_executions
from chatops_local.slack import DEFAULT_CHANNEL, DEFAULT_USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.cloud import LocalCloud
    from chatops_local.slack import SentClick, SentCommand, SentEvent

_GRACE_SECONDS = 1.0
"""How long a command is waited for that nobody can go on with."""

EPILOG = """\
examples:
  chatops-local send examples/ops_bot "/ps" "/hello world"
  chatops-local send . "@bot is the shop open?" "@bot since when?" --channel C0123OPS
  chatops-local send . "/disk" --channel C0123OPS --instances Role=web:3 --json
  chatops-local send . "/ops restart nginx" "click Approve as U0LOCALSAM" --group S0ADMINS=U0LOCALSAM
  chatops-local send . "/ops restart" "choose nginx" "click Submit" "click Deny as U0LOCALSAM"

What begins with "@" is a mention of the app, whatever the name after it; say which app with --endpoint if there are
several. A mention that the app has no handler for has failed.

After a command may come what people do with the messages that it leads to: "click BUTTON [as USER]" and "choose OPTION,
OPTION [as USER]", in the latest message that has it; without `as` by who typed the command, and `as U0EVE@T0OTHER` by
somebody of another workspace. Buttons are named by their label, a part of it, or their action_id.

exit code: 0 if every command went well; 1 if one failed: its ack was refused or came after 3,000 ms, it was answered
instead of run (as one that is not allowed), its result did not come in time, its execution did not succeed, there was
no such button or option, or a click was not taken within 3,000 ms; 2 if the command line was wrong.
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
        "commands",
        metavar="COMMAND",
        nargs="+",
        type=options.command_or_step,
        help='what is typed, such as "/ps" or "@bot hello", or done then, such as "click Approve as U0LOCALSAM"',
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
        "--group",
        metavar="ID=USER,…",
        action="append",
        type=options.user_group,
        default=[],
        help="a user group and who is in it, such as S0ADMINS=U0LOCALSAM,U0LOCALKIM; may be repeated. Others are empty",
    )
    parser.add_argument(
        "--endpoint", metavar="NAME", help="which endpoint, by its construct path or app id, if the app has several"
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=options.seconds,
        default=120.0,
        help="how long to wait for each command's result, and for each control. Default: 120",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")
    parser.set_defaults(run=run, usage_error=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the exit code."""
    if isinstance(arguments.commands[0], Step):
        arguments.usage_error(f"{arguments.commands[0].text!r} comes after a slash command or a mention, not before it")
    progress = Progress(sys.stderr)
    with ExitStack() as running:
        cloud = running_app(arguments, progress, running)
        cloud.slack.workspace.people.of_new_groups = ()
        for group, users in arguments.group:
            cloud.slack.workspace.people.set_group(group, users)
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
    lines = list(arguments.commands)
    while lines:
        line, steps = lines.pop(0), list(itertools.takewhile(lambda each: isinstance(each, Step), lines))
        del lines[: len(steps)]
        yield _type(line, steps, arguments, cloud)


def _type(line: str | Mention, steps: list[Step], arguments: argparse.Namespace, cloud: LocalCloud) -> Outcome:
    where = {"user": arguments.user, "channel": arguments.channel, "endpoint": arguments.endpoint}
    sent: SentCommand | SentEvent
    if isinstance(line, Mention):
        sent, typed = cloud.slack.mention(line.text, **where), line.typed
    else:
        sent, typed = cloud.slack.send(line, **where), line
    clicks, problems = _take(steps, sent, arguments, cloud)
    timed_out_after = None
    # What nobody clicks on may wait for hours.
    timeout = _GRACE_SECONDS if problems else arguments.timeout
    try:
        sent.wait(timeout)
    except TimeoutError:
        timed_out_after = timeout
    urls = {sent.response_url, None, *(click.response_url for click in clicks)}
    messages = [each for each in cloud.slack.versions if each.shown_at >= sent.sent_at and each.response_url in urls]
    problems += cloud.problems_of(sent, timed_out_after=timed_out_after)
    return Outcome(typed, sent, messages, cloud.executions_of(sent), problems, clicks)


def _take(
    steps: list[Step], sent: SentCommand | SentEvent, arguments: argparse.Namespace, cloud: LocalCloud
) -> tuple[list[SentClick], list[str]]:
    """What was clicked, and what went wrong; what comes after it is not done."""
    clicks: list[SentClick] = []
    for step in steps:
        try:
            click = step.take(cloud.slack, arguments.user, sent.sent_at, arguments.timeout)
            if click is None:
                continue
            clicks.append(click)
            click.wait(arguments.timeout)
        except (TimeoutError, ValueError) as error:
            return clicks, [str(error)]
        if not click.ack.ok:
            return clicks, [f"{step.text}: Slack shows a warning: {click.ack.error}: {click.ack.problem}"]
        if problems := problems_of_executions(cloud.executions_of(click)):
            return clicks, [f"{step.text}: {problem}" for problem in problems]
    return clicks, []


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
