"""Shows findings as they come, and says what they come to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from chatops_local.cli.style import Style, indented
from chatops_setup.cli.progress import Progress
from chatops_setup.finding import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatops_setup.checks import Step
    from chatops_setup.finding import Finding

_MARKS = {Level.OK: "✔", Level.WARNING: "!", Level.PROBLEM: "✘", Level.UNKNOWN: "?"}
_HANGING = "    "


class Output:
    """Results on one stream, progress on another.

    Attributes:
        findings: Everything found so far.
        progress: Says what is being done.
    """

    def __init__(self, results: TextIO, progress: TextIO, *, as_json: bool = False, with_details: bool = False) -> None:
        """Write to these streams; as JSON only at the end."""
        self._results = results
        self._style = Style.of(results)
        self._as_json = as_json
        self._with_details = with_details
        self.progress = Progress(progress)
        self.findings: list[Finding] = []

    def run(self, steps: Iterable[Step]) -> None:
        """Run checks and show what they find."""
        for step in steps:
            with self.progress.step(step.description):
                findings = list(step.run())
            for finding in findings:
                self.show(finding)

    def show(self, finding: Finding) -> None:
        """Show a finding."""
        self.findings.append(finding)
        mark = _MARKS[finding.level]
        line = f"{self._coloured(mark, finding.level)} {self._style.strong(finding.check)}: {_printable(finding.says)}"
        self.say(line + (f"\n{_HANGING}→ {_printable(finding.remedy)}" if finding.remedy else ""))
        if self._with_details and finding.detail:
            self.say(self._style.faint(indented(finding.detail, _HANGING)))

    def say(self, text: str = "") -> None:
        """Show text for people."""
        if not self._as_json:
            self._results.write(f"{text}\n")
            self._results.flush()

    def title(self, text: str) -> None:
        """Show a heading."""
        self.say(f"\n{self._style.strong(text)}")

    def finish(self, **about: str) -> int:
        """Show what all comes to; the exit code.

        Args:
            about: What was checked, for the JSON document: its stack or its stage.
        """
        failures = [finding for finding in self.findings if finding.is_failure]
        if self._as_json:
            self._results.write(json.dumps(self._document(about), ensure_ascii=False, indent=2) + "\n")
        elif failures:
            count = f"{len(failures)} of {len(self.findings)} checks ask for something to be done"
            self.say(f"\n{self._style.bad('✘')} {count}")
        else:
            self.say(f"\n{self._style.good('✔')} {len(self.findings)} checks, no problem")
        return 1 if failures else 0

    def _document(self, about: Mapping[str, str]) -> dict[str, Any]:
        return {
            "ok": not any(finding.is_failure for finding in self.findings),
            **about,
            "checks": [
                {"level": each.level.value, "check": each.check, "says": each.says, "remedy": each.remedy}
                for each in self.findings
            ],
        }

    def _coloured(self, mark: str, level: Level) -> str:
        if level is Level.OK:
            return self._style.good(mark)
        return self._style.strong(mark) if level is Level.WARNING else self._style.bad(mark)


def _printable(text: str) -> str:
    """`text` without what moves the cursor or turns the direction: names of instances are anybody's."""
    return "".join(each if each.isprintable() else "�" for each in text)
