"""docs/fault-matrix.md: its rows are the outcomes of the tests, its sections their modules."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.end_to_end.faults.cells import cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.end_to_end.faults.outcome import Outcome

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[2] / "docs" / "fault-matrix.md"
MODULES = (
    "test_faults_of_slack_at_the_response_url",
    "test_faults_of_slack_at_the_web_api",
    "test_faults_of_slack_at_uploads",
    "test_faults_of_slack_that_does_not_answer",
    "test_faults_of_what_a_command_runs",
    "test_faults_of_reporting",
    "test_faults_of_auditing",
    "test_faults_of_requests",
    "test_faults_of_starting",
    "test_faults_of_parameters",
    "test_faults_of_instances",
    "test_faults_of_executions",
    "test_faults_of_events",
    "test_faults_of_scheduled_bots",
    "test_faults_of_the_local_cloud",
)
"""The sections, in the order of the page."""

HEAD = """\
# What goes wrong, and what you see

<!-- Made by `python -m tests.end_to_end.faults` from the outcomes of the tests: change those. -->

Each row is a test: it types a command into an app on the [local cloud](local-cloud.md), mentions the app, or has a
scheduled bot speak, lets one thing go wrong, and writes down what came of it. It fails when it sees something else than
this page says.

- **Seen** is everything that is shown of the command: first what answers Slack within its three seconds, then the rest,
  in order. `/function` and what comes of it are for everybody in the channel, the scripts for who typed them.
- **Ran** is how often the script or the function itself ran, whatever executions there were.
- **Lost** asks whether anybody could be left without knowing what became of the command.
- **Shows** is where whoever looks after the app finds it: the status of the command's execution, its audit line,
  warnings and errors in the functions' logs, metrics, alarms, the dead-letter queue. Everything about one command has
  the same id.

In none of these {rows} rows has anything run more often than it was typed, and in none is it lost in silence.
"""
_COLUMNS = ("What goes wrong", "Seen", "Ran", "Lost", "Shows")


@dataclass(frozen=True)
class Section:
    """A module of tests: its title and, by what goes wrong, its tests."""

    title: str
    introduction: str
    causes: tuple[str, ...]


def sections() -> list[Section]:
    """The sections of the page, read from the modules' docstrings and those of their tests."""
    return [_section(ast.parse((FOLDER / f"{module}.py").read_text("utf-8"))) for module in MODULES]


def cause_of(docstring: str | None) -> str:
    """What goes wrong, from a test's docstring."""
    return " ".join((docstring or "").split()).removesuffix(".")


def row(cause: str, outcome: Outcome) -> str:
    """One line of the table."""
    return "| " + " | ".join([cause, *cells(outcome)]) + " |"


def page(rows: Mapping[str, str]) -> str:
    """The whole page, from its rows by what goes wrong."""
    parts = [HEAD.format(rows=sum(len(section.causes) for section in sections()))]
    for section in sections():
        found = [rows[cause] for cause in section.causes if cause in rows]
        parts += [*([""] if parts[-1].startswith("|") else []), f"## {section.title}", ""]
        parts += [section.introduction, ""] if section.introduction else []
        parts += ["| " + " | ".join(_COLUMNS) + " |", "|" + "---|" * len(_COLUMNS), *found]
    return "\n".join(parts) + "\n"


def rows_on_the_page() -> dict[str, str]:
    """The rows as they are, by what goes wrong."""
    lines = PAGE.read_text("utf-8").splitlines() if PAGE.exists() else []
    return {line.split(" | ")[0].removeprefix("| "): line for line in lines if line.startswith("| ")}


def _section(module: ast.Module) -> Section:
    title, _, introduction = (ast.get_docstring(module) or "").partition("\n\n")
    tests = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    causes = tuple(cause_of(ast.get_docstring(test)) for test in tests)
    return Section(cause_of(title), " ".join(introduction.split()), causes)
