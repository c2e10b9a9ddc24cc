"""What came of one fired schedule, as text and as JSON."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from chatops_local.cli.message import message_as_json, message_as_text
from chatops_local.cli.style import Style, indented

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from chatops_local.cloud import Schedule, Tick
    from chatops_local.cloud.invocations import Invocation
    from chatops_local.server.messaging import Publication
    from chatops_local.server.observations import AsynchronousInvocation
    from chatops_local.server.scheduler import FiredExecution

_INDENT = "    "
_SUCCESS = "Success"
_NEXT_TIMES = 2


@dataclass(frozen=True)
class TickOutcome:
    """One fired schedule and what came of it."""

    tick: Tick
    executions: Sequence[FiredExecution]
    problems: Sequence[str]

    @property
    def title(self) -> str:
        """What the schedule is known by."""
        return self.tick.schedule.title

    @property
    def ok(self) -> bool:
        """Whether it went well."""
        return not self.problems

    def as_text(self, style: Style) -> str:
        """For people."""
        schedule = self.tick.schedule
        parts = [
            f"{style.mark(ok=self.ok)} {style.strong(schedule.title)}  {style.faint(_expression(schedule))}",
            style.faint(f"  {self._times()}"),
        ]
        parts += [self._run(run, style) for run in self.executions if not run.express]
        parts += [_invocation(each, style) for each in self.tick.invocations]
        parts += [_function(each, style) for each in self.tick.functions]
        parts += self._publications(style)
        parts += [message_as_text(message, self.tick.fired_at, style) for message in self.tick.messages]
        parts += [style.bad(indented(f"✘ {problem}", "  ")) for problem in self.problems]
        return "\n".join(parts) + "\n"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        schedule = self.tick.schedule
        return {
            "schedule": schedule.title,
            "name": schedule.name,
            "expression": schedule.expression,
            "time_zone": schedule.time_zone,
            "enabled": schedule.enabled,
            "next_times": [moment.isoformat() for moment in schedule.next_times],
            "scheduled_time": f"{self.tick.scheduled_time:%Y-%m-%dT%H:%M:%SZ}",
            "ok": self.ok,
            "deliveries": [
                {"attempts": each.attempts, "error": each.error, "dead_letter": each.dead_letter}
                for each in self.tick.deliveries
            ],
            "executions": [
                {"arn": each.arn, "status": each.status, "error": each.error, "starts": each.starts}
                for each in self.executions
            ],
            "functions": [asdict(each) for each in self.tick.functions],
            "instances": [
                {
                    "name": each.instance_name,
                    "instance_id": each.instance_id,
                    "status": each.status,
                    "exit_code": each.exit_code,
                    "output": each.output,
                }
                for each in self.tick.invocations
            ],
            "published": [
                {"topic": each.topic_arn, "subject": each.subject, "text": each.text()} for each in self.tick.published
            ],
            "messages": [message_as_json(message, self.tick.fired_at) for message in self.tick.messages],
            "problems": list(self.problems),
        }

    def _times(self) -> str:
        zone = ZoneInfo(self.tick.schedule.time_zone)
        due = f"fired as due {_shown(self.tick.scheduled_time.astimezone(zone))}"
        twice = f", delivered {len(self.tick.deliveries)} times" if len(self.tick.deliveries) > 1 else ""
        later = itertools.islice(self.tick.schedule.times_after(self.tick.scheduled_time), _NEXT_TIMES)
        after = ", ".join(_shown(moment.astimezone(zone)) for moment in later)
        return f"{due}{twice}; {f'next {after}' if after else 'not due again'}"

    def _publications(self, style: Style) -> Iterator[str]:
        texts: list[str] = []
        for each in self.tick.published:
            yield _publication(each, style, is_known=each.text() in texts)
            texts.append(each.text())

    def _run(self, run: FiredExecution, style: Style) -> str:
        took = "" if run.ended_at is None else f" after {run.ended_at - run.started_at:.1f} s"
        once = f", asked for {run.starts} times and started once" if run.starts > 1 else ""
        status = style.good(run.status) if run.status == "SUCCEEDED" else style.bad(run.status)
        return f"  run {run.name}: {status}{style.faint(took + once)}"


def _expression(schedule: Schedule) -> str:
    return f"{schedule.expression} {schedule.time_zone}" + ("" if schedule.enabled else ", disabled")


def _shown(moment: datetime) -> str:
    return f"{moment:%a %Y-%m-%d %H:%M %Z}"


def _invocation(invocation: Invocation, style: Style) -> str:
    code = "" if invocation.exit_code is None else f", exit code {invocation.exit_code}"
    head = f"  {invocation.instance_name or invocation.instance_id}: {invocation.status}{code}"
    if invocation.status != _SUCCESS:
        head = style.bad(head)
    return "\n".join([head, indented(invocation.output, _INDENT)]) if invocation.output.strip() else head


def _function(invocation: AsynchronousInvocation, style: Style) -> str:
    outcome = ("FAILED" if invocation.error else "SUCCEEDED") if invocation.is_over else "RUNNING"
    shown = style.good(outcome) if outcome == "SUCCEEDED" else style.bad(outcome)
    again = f" after {invocation.attempts} attempts" if invocation.attempts > 1 else ""
    head = f"  function {invocation.function}: {shown}{style.faint(again)}"
    return "\n".join([head, *(indented(line, _INDENT) for line in invocation.log)])


def _publication(publication: Publication, style: Style, *, is_known: bool) -> str:
    topic = publication.topic_arn.rpartition(":")[2]
    delivered = [f"{each.protocol} {each.outcome}" for each in publication.deliveries]
    head = f"  published to {topic}" + (
        f" ({', '.join(delivered)})" if delivered else ", which nobody has subscribed to"
    )
    if is_known:
        return style.faint(f"{head}: the same")
    subject, text = publication.subject, publication.text()
    # Many a text begins with its subject.
    text = text.removeprefix(subject).lstrip("\n") if subject else text
    strong = [style.strong(indented(subject, _INDENT))] if subject else []
    return "\n".join([style.faint(head), *strong, indented(text, _INDENT)])
