"""One local cloud, and commands for some time."""

from __future__ import annotations

import itertools
import json
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from benchmarks.soak.commands import CHANNELS, KINDS
from benchmarks.soak.tally import Fate
from chatops_local.cloud import LocalCloud

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.soak.commands import Typed
    from benchmarks.soak.tally import Tally
    from chatops_local.slack import SentCommand

TIME_SCALE = 0.05
SECONDS_BETWEEN = 0.75
"""Between commands; each fifth time three come at once."""
AT_ONCE = 3
ENDING_SECONDS = 30.0
"""For what is still under way at the end."""

_STATE_MACHINE = "AWS::StepFunctions::StateMachine"


def run(assembly: Path, seconds: float, tally: Tally) -> None:
    """Send commands to a new local cloud for so long, from its first moment on, and count what came of them."""
    with LocalCloud.start(time_scale=TIME_SCALE) as cloud, ThreadPoolExecutor(max_workers=8) as people:
        stack = cloud.deploy(assembly)
        under_way = [people.submit(_send, cloud, *each) for each in _paced(seconds)]
        sent = [each.result() for each in under_way]
        executions = _ended(cloud, stack.resources(_STATE_MACHINE), sent)
    tally.clouds += 1
    for number, (kind, command) in enumerate(sent):
        tally.redelivered += kind.again
        tally.add(_fate(kind, command, executions[command.response_url], first=number == 0))


def _paced(seconds: float) -> Iterator[tuple[int, Typed]]:
    started = time.monotonic()
    numbers = zip(itertools.count(), itertools.cycle(KINDS), strict=False)
    for beat in itertools.count():
        wait = started + beat * SECONDS_BETWEEN - time.monotonic()
        if beat and beat * SECONDS_BETWEEN >= seconds:
            return
        time.sleep(max(wait, 0))
        yield from itertools.islice(numbers, AT_ONCE if beat % 5 == 4 else 1)


def _send(cloud: LocalCloud, number: int, kind: Typed) -> tuple[Typed, SentCommand]:
    line, channel = kind.line.format(number=number), CHANNELS[number % len(CHANNELS)]
    sent = cloud.slack.send(line, channel=channel)
    if kind.again:
        cloud.slack.deliver(sent.request)
    return kind, sent


def _ended(
    cloud: LocalCloud, state_machines: list[str], sent: list[tuple[Typed, SentCommand]]
) -> dict[str, tuple[str, ...]]:
    """How the executions ended, by the response_url of the command that started them; waits for them."""
    deadline = time.monotonic() + ENDING_SECONDS
    while True:
        found = _statuses(cloud, state_machines)
        awaited = [command for kind, command in sent if kind.runs and command.ack.ok]
        missing = [each for each in awaited if not each.results or "RUNNING" in found[each.response_url]]
        if not missing or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


def _statuses(cloud: LocalCloud, state_machines: list[str]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for state_machine in state_machines:
        for execution in cloud.server.executions(state_machine):
            url = json.loads(execution.input or "{}").get("response_url")
            if url:
                found[url] += (execution.status,)
    return found


def _fate(kind: Typed, sent: SentCommand, statuses: tuple[str, ...], *, first: bool) -> Fate:
    at = time.strftime("%H:%M:%S", time.localtime(sent.sent_at))
    ack_error = "" if sent.ack.ok else f"{sent.ack.error}: {sent.ack.problem}"
    name = f"{sent.command.command} {sent.command.text} at {at}"
    return Fate(name, first, kind.runs, ack_error, statuses, len(sent.results), bool(sent.ack.text or sent.messages))
