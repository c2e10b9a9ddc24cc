"""Clients that never pause: each sends its next request as soon as it has the answer to the last one."""

from __future__ import annotations

import contextlib
import itertools
import queue
import random
import secrets
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from benchmarks.load.command import FUNCTION, SCRIPT, SUB_COMMAND, Command
from benchmarks.load.connection import Connection
from benchmarks.load.refused import RefusedRequests
from benchmarks.load.results_of_commands import ResultsOfCommands

if TYPE_CHECKING:
    from benchmarks.load.tally import Tally
    from chatops_local.slack import SlackDouble

TYPED = (FUNCTION, FUNCTION, SUB_COMMAND, SCRIPT)
"""Genuine commands, as often as they are named here."""
GENUINE_SHARE = 0.5
"""Of the requests, as long as not too many commands are under way."""
LATER_SHARE = 0.1
TWIN_SHARE = 0.3
"""Of the genuine commands: the same request comes over another connection at the same time."""

LATER_SECONDS = (5.0, 240.0)
"""How old a redelivered command is: its execution is over, and its signature is not yet stale."""
KEPT_FOR_LATER = 2_000

ARRIVAL_SECONDS = 0.2
"""Between one client and the next: each brings up to three functions to start cold, all of them on this machine."""


class Crowd:
    """As many clients as there are connections.

    Args:
        slack: Whose endpoint is sent to.
        size: How many clients. No more commands than that are under way: as a rule, each person waits for the result.
        tally: Counts the answers.
    """

    def __init__(self, slack: SlackDouble, size: int, tally: Tally) -> None:
        """Without sending yet."""
        self._slack = slack
        self._size = size
        self._tally = tally
        self._refused = RefusedRequests(slack)
        self._numbers = itertools.count()
        self._room = threading.Semaphore(size)
        self._twins: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._told: deque[Command] = deque(maxlen=KEPT_FOR_LATER)
        self._opened = [0] * size
        self.results = ResultsOfCommands(slack, self._is_told)

    @property
    def opened(self) -> int:
        """How many connections were opened: as many as there are clients, if all were kept."""
        return sum(self._opened)

    def send(self, seconds: float) -> None:
        """Send for so long. Look at `results` meanwhile and afterwards."""
        end = time.monotonic() + seconds
        clients = [threading.Thread(target=self._client, args=(number, end)) for number in range(self._size)]
        for client in clients:
            client.start()
            time.sleep(ARRIVAL_SECONDS)
        for client in clients:
            client.join()

    def _client(self, number: int, end: float) -> None:
        choose = random.Random(number)
        with Connection(self._slack.workspace.endpoint()) as connection:
            while time.monotonic() < end:
                self._send_one(connection, choose)
            self._opened[number] = connection.opened

    def _send_one(self, connection: Connection, choose: random.Random) -> None:
        dice = choose.random()
        if twin := self._twin():
            self._deliver(connection, twin, "the same at once", beside_another=True)
        elif dice < GENUINE_SHARE and self._room.acquire(blocking=False):
            self._type(connection, choose)
        elif dice < GENUINE_SHARE + LATER_SHARE and (command := self._of_some_age()):
            answer = connection.post(command.request)
            self._tally.count("the same later", command.redelivered, answer)
        else:
            kind, make = choose.choice(list(self._refused.kinds.items()))
            request, expected = make(next(self._numbers))
            self._tally.count(kind, expected, connection.post(request))

    def _type(self, connection: Connection, choose: random.Random) -> None:
        typed = choose.choice(TYPED)
        text = f"{secrets.token_hex(8)} für {next(self._numbers)}"
        command = Command(typed, self._slack.sign(self._slack.form(f"{typed.command} {text}")), text)
        self.results.expect(command)
        has_twin = choose.random() < TWIN_SHARE
        if has_twin:
            self._twins.put(command)
        self._deliver(connection, command, typed.kind, beside_another=has_twin)

    def _deliver(self, connection: Connection, command: Command, kind: str, *, beside_another: bool) -> None:
        expected = command.acknowledged_beside_another if beside_another else command.acknowledged
        answer = connection.post(command.request)
        if self._tally.count(kind, expected, answer):
            command.accepted = True

    def _twin(self) -> Command | None:
        with contextlib.suppress(queue.Empty):
            return self._twins.get_nowait()
        return None

    def _is_told(self, command: Command) -> None:
        self._told.append(command)
        self._room.release()

    def _of_some_age(self) -> Command | None:
        youngest, oldest = LATER_SECONDS
        now = time.monotonic()
        while self._told and now - self._told[0].made_at > oldest:
            self._told.popleft()
        if not self._told:
            return None
        command = self._told[0]
        self._told.rotate(-1)
        is_old_enough = command.told_at is not None and now - command.told_at > youngest
        return command if is_old_enough else None
