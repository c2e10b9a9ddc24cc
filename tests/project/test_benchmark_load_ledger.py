"""The ledger of the load test: executions, work and messages against the commands that were typed."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.load.command import FUNCTION, SCRIPT, Command, Typed
from benchmarks.load.ledger import Ledger
from benchmarks.load.results_of_commands import ResultsOfCommands
from benchmarks.load.tally import Tally
from chatops_local.server import Execution
from chatops_local.slack import Message, SlackApp, SlackDouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOOD = {"commands": 2, "executions": 2, "work done": 2, "results": 2}


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackDouble]:
    with SlackDouble() as double:
        app = SlackApp("A034CD5EF", "T012AB3CD")
        double.set_request_url("App/Slack", app, "http://127.0.0.1:9/slack/commands", "api.example.com")
        yield double


def typed(slack: SlackDouble, text: str, kind: Typed = FUNCTION) -> Command:
    return Command(kind, slack.sign(slack.form(f"{kind.command} {text}")), text)


class FakeServer:
    """Executions, log lines and an instance's directory, as the ledger asks a server for them."""

    def __init__(self, directory: Path) -> None:
        self.path = directory
        self.found: list[Execution] = []
        self.lines: list[str] = []

    def executions(self, _: str) -> list[Execution]:
        return self.found

    def instances(self) -> list[FakeServer]:
        return [self]

    def client(self, _: str) -> FakeServer:
        return self

    def get_paginator(self, _: str) -> FakeServer:
        return self

    def paginate(self, **_: object) -> list[dict[str, Any]]:
        return [{"events": [{"message": line} for line in self.lines]}]

    def start(self, command: Command, status: str = "SUCCEEDED") -> None:
        given = json.dumps({"command": command.typed.command, "response_url": command.response_url})
        self.found.append(Execution(f"arn:{command.name}", command.name, status, given, "", "", ""))

    def note(self, command: Command) -> None:
        self.lines.append(f"noted {command.name}")

    def sign(self, command: Command) -> None:
        with (self.path / "signatures").open("a") as file:
            file.write(f"{command.name}\n")


class Accounts:
    """A command of each kind that went well, and the ledger of that."""

    def __init__(self, slack: SlackDouble, directory: Path) -> None:
        self.server = FakeServer(directory)
        self.slack = SimpleNamespace(messages=[], notes=[])
        self.results = ResultsOfCommands(self.slack, lambda _: None)  # type: ignore[arg-type]
        self.noted, self.signed = typed(slack, "one"), typed(slack, "two", SCRIPT)
        self.server.note(self.noted)
        self.server.sign(self.signed)
        for command in (self.noted, self.signed):
            self.results.expect(command)
            command.accepted = True
            self.server.start(command)
            self.tell(command.response_url, command.result)

    def tell(self, response_url: str, text: str) -> None:
        message = Message("C0", "U0", text, (), "response_url", time.time(), "1.0", response_url=response_url)
        self.slack.messages.append(message)

    def settled(self) -> dict[str, int]:
        """What was counted, but for the zeros."""
        with self.results:
            """What Slack has shown is read at the latest when it is left."""
        stack = SimpleNamespace(resources=lambda _: ["machine"], outputs={"NotesLog": "notes"})
        tally = Tally()
        ledger = Ledger(SimpleNamespace(server=self.server, slack=self.slack), stack, self.results)  # type: ignore[arg-type]
        ledger.settle(tally)
        return dict(tally.accounts)


@pytest.fixture
def accounts(slack: SlackDouble, tmp_path: Path) -> Accounts:
    return Accounts(slack, tmp_path)


class TestLedger:
    def test_all_went_well(self, accounts: Accounts):
        assert accounts.settled() == GOOD

    def test_a_second_execution(self, accounts: Accounts):
        accounts.server.start(accounts.noted)
        assert accounts.settled() == GOOD | {"executions": 3, "doubled": 1}

    def test_work_done_twice(self, accounts: Accounts):
        accounts.server.sign(accounts.signed)
        assert accounts.settled() == GOOD | {"work done": 3, "doubled": 1}

    def test_a_result_told_twice(self, accounts: Accounts):
        accounts.tell(accounts.noted.response_url, accounts.noted.result)
        assert accounts.settled() == GOOD | {"results": 3, "doubled": 1}

    def test_an_execution_that_is_missing(self, accounts: Accounts):
        del accounts.server.found[0]
        assert accounts.settled() == GOOD | {"executions": 1, "lost": 1}

    def test_an_execution_that_failed(self, accounts: Accounts):
        accounts.server.found.pop()
        accounts.server.start(accounts.signed, "FAILED")
        assert accounts.settled() == GOOD | {"lost": 1}

    def test_work_that_was_not_done(self, accounts: Accounts):
        accounts.server.lines.clear()
        assert accounts.settled() == GOOD | {"work done": 1, "lost": 1}

    def test_a_result_that_is_missing(self, accounts: Accounts):
        del accounts.slack.messages[0]
        assert accounts.settled() == GOOD | {"results": 1, "lost": 1}

    def test_what_could_not_be_started_was_not(self, accounts: Accounts, slack: SlackDouble):
        accounts.results.expect(typed(slack, "told to try again"))
        assert accounts.settled() == GOOD | {"not started": 1}

    def test_what_could_not_be_started_was_nevertheless(self, accounts: Accounts, slack: SlackDouble):
        command = typed(slack, "told to try again")
        accounts.results.expect(command)
        accounts.server.start(command)
        accounts.server.note(command)
        accounts.tell(command.response_url, command.result)
        assert accounts.settled() == dict.fromkeys(GOOD, 3)

    def test_what_could_not_be_started_runs_on_and_on(self, accounts: Accounts, slack: SlackDouble):
        command = typed(slack, "told to try again")
        accounts.results.expect(command)
        accounts.server.start(command, "RUNNING")
        assert accounts.settled() == GOOD | {"commands": 3, "executions": 3, "lost": 1}

    def test_a_result_of_another_command(self, accounts: Accounts):
        accounts.slack.messages.clear()
        accounts.tell(accounts.noted.response_url, accounts.signed.result)
        accounts.tell(accounts.signed.response_url, accounts.noted.result)
        assert accounts.settled() == GOOD | {"astray": 2}

    def test_what_a_refused_request_started(self, accounts: Accounts, slack: SlackDouble):
        refused = typed(slack, "refused")
        accounts.server.start(refused)
        accounts.server.note(refused)
        accounts.tell(refused.response_url, refused.result)
        assert accounts.settled() == GOOD | {"astray": 3}

    def test_what_slack_refused(self, accounts: Accounts):
        accounts.slack.notes.append("a POST to a response_url was refused: used_url")
        assert accounts.settled() == GOOD | {"astray": 1}

    def test_other_state_machines(self, accounts: Accounts):
        accounts.server.found += [
            Execution("arn:1", "1", "SUCCEEDED", '{"detail": {}}', "", "", ""),
            Execution("arn:2", "2", "FAILED", "[]", "", "States.Runtime", ""),
        ]
        assert accounts.settled() == GOOD | {"other executions": 2, "astray": 1}
