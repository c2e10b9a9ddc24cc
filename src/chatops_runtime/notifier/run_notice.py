"""A notice of a scheduled run: `chatops_runtime.contracts.run_notice`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime import console
from chatops_runtime.contracts import run_notice as contract
from chatops_runtime.notifier.envelope import unix_time
from chatops_runtime.notifier.notice import Notice, Severity
from chatops_runtime.notifier.short_text import bold, link, moment, short
from chatops_runtime.run_command import instances, nowhere
from chatops_runtime.run_command.invocation_status import is_success
from chatops_runtime.run_command.output import END
from chatops_runtime.slack import mrkdwn, text_budget

if TYPE_CHECKING:
    from chatops_runtime.notifier.envelope import Envelope

# The mark, how much it matters, and what is counted in a digest: `2 failed`.
_OUTCOMES = {
    contract.SUCCEEDED: (":white_check_mark:", Severity.GOOD, "succeeded"),
    contract.FAILED: (":x:", Severity.BAD, "failed"),
    contract.ERROR: (":x:", Severity.BAD, "not carried out"),
    contract.ENDED: (":x:", Severity.BAD, "ended early"),
    contract.ALARM: (":rotating_light:", Severity.BAD, "missing"),
    contract.SKIPPED: (":fast_forward:", Severity.DOUBTFUL, "skipped"),
}
_ENDINGS = {"TIMED_OUT": "it took longer than it may", "ABORTED": "it was stopped by hand"}

_LONGEST_SUBJECT = 300
_LATE_SECONDS = 60
_MOST_NAMES = 15


@dataclass(frozen=True)
class RunNotice(Notice):
    """How a scheduled run went, or that there was none.

    Attributes:
        notice: The notice as it was published.
        about: See `Notice`.
        at: See `Notice`.
        mark: The outcome's emoji.
        severity: See `Notice`.
        state: See `Notice`.
    """

    notice: dict[str, Any]
    about: tuple[str, str]
    at: float
    mark: str
    severity: Severity
    state: str

    @classmethod
    def of(cls, notice: dict[str, Any], envelope: Envelope) -> RunNotice | None:
        """The notice in a JSON object, or None if that is none, or of a version or an outcome unknown to this code."""
        if notice.get("kind") != contract.KIND or notice.get("version") != contract.VERSION:
            return None
        if notice.get("outcome") not in _OUTCOMES:
            return None
        return cls(notice, ("run", str(notice["task"])), envelope.sent_at, *_OUTCOMES[notice["outcome"]])

    @property
    def line(self) -> str:
        """What happened, and where to look."""
        where = [part for part in (self._id, self._execution) if part]
        return f"{self._subject} ({', '.join(where)})" if where else self._subject

    def full(self, room: int) -> str:
        """What happened, when, where; then how it went on each instance, or what stood in the way."""
        told = "\n".join(part for part in (self._subject, self._particulars) if part)
        lines = self._details(room - text_budget.units(f"{told}\n"))
        # Every part is kept short by itself; this is for results that no state machine of ours makes.
        return text_budget.cut_markup("\n".join([told, *lines]), room)

    @property
    def _subject(self) -> str:
        return f"{self.mark} {bold(self.notice['subject'], _LONGEST_SUBJECT)}"

    @property
    def _id(self) -> str:
        id = self.notice.get("id")
        return f"id {mrkdwn.code(short(id, 80))}" if id else ""

    @property
    def _execution(self) -> str:
        url = console.execution(str(self.notice.get("execution")))
        return link("execution", url) if url else ""

    @property
    def _particulars(self) -> str:
        notice = self.notice
        # The subject begins with it as a rule.
        is_named = str(notice["subject"]).startswith(str(notice["task"]))
        task = "" if is_named else mrkdwn.code(short(notice["task"], 300))
        told = [task, *self._when, self._id, self._execution]
        return " · ".join(part for part in told if part)

    @property
    def _when(self) -> list[str]:
        scheduled, started = self.notice.get("scheduled_at"), self.notice.get("started_at")
        if not scheduled:
            return [f"started by hand {moment(started)}"] if started else []
        late = (unix_time(started) or 0) - (unix_time(scheduled) or 0) >= _LATE_SECONDS
        return [f"scheduled for {moment(scheduled)}", *([f"started {moment(started)}"] if late else [])]

    def _details(self, room: int) -> list[str]:
        notice, outcome = self.notice, self.notice["outcome"]
        if outcome in {contract.SUCCEEDED, contract.FAILED}:
            return _of_result(notice["result"], room)
        if outcome in {contract.ERROR, contract.ENDED}:
            return [_of_error(str(notice.get("error") or ""), str(notice.get("cause") or ""))]
        if outcome == contract.SKIPPED:
            return [
                f"Not run, since {mrkdwn.code(short(notice.get('other') or 'another execution', 80))} is under way."
            ]
        return [": ".join(part for part in (short(notice.get(key) or "", 900) for key in ("alarm", "reason")) if part)]


def _of_result(result: dict[str, Any], room: int) -> list[str]:
    """Those that did not succeed one by one, the others by their names."""
    if result["instances"]:
        others = [instance for instance in result["instances"] if not is_success(instance)]
        succeeded = _names([instance for instance in result["instances"] if is_success(instance)])
        return instances.lines({**result, "instances": others}, room, part=END, runner="task", besides=succeeded)
    why, advice = nowhere.reason(result)
    return [f"It ran nowhere: {why}.", advice, *instances.offline(result["offline"])]


def _names(succeeded: list[dict[str, Any]]) -> list[str]:
    if not succeeded:
        return []
    names = [mrkdwn.code(short(each.get("name") or each["instance_id"], 60)) for each in succeeded[:_MOST_NAMES]]
    more = f" and {len(succeeded) - len(names)} more" if len(succeeded) > len(names) else ""
    return [f"Success on {', '.join(names)}{more}"]


def _of_error(error: str, cause: str) -> str:
    what = _ENDINGS.get(error, "")
    told = [part for part in (short(error, 100), short(what or cause, 900)) if part]
    return ": ".join(told)
