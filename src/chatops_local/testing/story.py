"""What happened on a local cloud during a test, told when the test fails."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatops_local.cli.message import click_as_text, message_as_text
from chatops_local.cli.outcome import Outcome
from chatops_local.cli.style import Style
from chatops_local.slack import SentEvent, mrkdwn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chatops_local.cloud import LocalCloud
    from chatops_local.server.observations import Decision
    from chatops_local.slack import SentCommand

_NO_COLOURS = Style()


@dataclass(frozen=True)
class Beginning:
    """Where a test begins in what local clouds have recorded."""

    at: float
    """Unix time."""
    recorded: dict[LocalCloud, tuple[int, int]] = field(default_factory=dict)
    """How many notes and refusals there were, of the clouds that ran already."""

    @classmethod
    def now(cls, clouds: Iterable[LocalCloud]) -> Beginning:
        """Here."""
        recorded = {cloud: (len(cloud.slack.notes), len(cloud.server.refusals())) for cloud in clouds}
        return cls(time.time(), recorded)

    def story(self, cloud: LocalCloud) -> str:
        """What Slack showed on that cloud since, and what was denied or refused; empty if nothing was."""
        told = [*self._requests(cloud), *self._clicks(cloud), *self._other_messages(cloud), *self._refused(cloud)]
        return "\n".join(told)

    def _requests(self, cloud: LocalCloud) -> Iterator[str]:
        requests: list[SentCommand | SentEvent] = [*cloud.slack.sent, *cloud.slack.events.sent]
        for sent in sorted(requests, key=lambda each: each.sent_at):
            if sent.sent_at >= self.at:
                yield _outcome(cloud, sent).as_text(_NO_COLOURS).rstrip()

    def _clicks(self, cloud: LocalCloud) -> Iterator[str]:
        for click in cloud.slack.clicked:
            if click.sent_at >= self.at:
                yield click_as_text(click, self.at, _NO_COLOURS)
                yield from (message_as_text(each, click.sent_at, _NO_COLOURS) for each in click.messages)

    def _other_messages(self, cloud: LocalCloud) -> Iterator[str]:
        for message in cloud.slack.messages:
            if message.at >= self.at and message.response_url is None:
                yield message_as_text(message, self.at, _NO_COLOURS)

    def _refused(self, cloud: LocalCloud) -> Iterator[str]:
        notes, refusals = self.recorded.get(cloud, (0, 0))
        denied = [_described(each) for each in cloud.server.decisions() if each.at >= self.at and not each.allowed]
        yield from dict.fromkeys(denied)
        for refusal in cloud.server.refusals()[refusals:]:
            yield f"refused: {refusal.service} for {refusal.source} did not reach {refusal.target}: {refusal.reason}"
        yield from (f"note: {note}" for note in cloud.slack.notes[notes:])


def _outcome(cloud: LocalCloud, sent: SentCommand | SentEvent) -> Outcome:
    executions = cloud.executions_of(sent)
    is_running = any(execution.status == "RUNNING" for execution in executions)
    problems = cloud.problems_of(sent, timed_out_after=round(time.time() - sent.sent_at, 1) if is_running else None)
    # What is posted with a token is told by itself: nothing in it says what it is about.
    messages = [message for message in sent.messages if message.response_url is not None]
    return Outcome(_typed(sent), sent, messages, executions, problems)


def _typed(sent: SentCommand | SentEvent) -> str:
    if isinstance(sent, SentEvent):
        return f"{sent.event['type']} {mrkdwn.plain(str(sent.event.get('text') or ''))}".rstrip()
    return f"{sent.command.command} {sent.command.text}".rstrip()


def _described(denied: Decision) -> str:
    who = denied.principal.rpartition(":")[2]
    why = f"{denied.policy}, {denied.statement}" if denied.policy else "no policy allows it"
    return f"denied: {who} may not do {denied.action} on {denied.resource} ({why})"
