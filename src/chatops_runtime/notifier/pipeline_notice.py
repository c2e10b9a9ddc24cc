"""A notice of a delivery pipeline: `chatops_runtime.contracts.pipeline_notice`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import pipeline_notice as contract
from chatops_runtime.notifier.notice import Notice, Severity
from chatops_runtime.notifier.short_text import bold, link, paragraph, short
from chatops_runtime.slack import mrkdwn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.notifier.envelope import Envelope

# The mark, how much it matters, and what is counted in a digest: `2 failed`.
_OUTCOMES = {
    contract.WAITING: (":raised_hand:", Severity.DOUBTFUL, "waiting"),
    contract.FAILED: (":x:", Severity.BAD, "failed"),
    contract.SUCCEEDED: (":white_check_mark:", Severity.GOOD, "succeeded"),
}

_LONGEST_SUBJECT = 300
_LONGEST_URL = 1_000
_SHORT_EXECUTION = 8
_SHORT_COMMIT = 7


@dataclass(frozen=True)
class PipelineNotice(Notice):
    """An execution of a pipeline that waits for somebody, or has ended.

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
    def of(cls, notice: dict[str, Any], envelope: Envelope) -> PipelineNotice | None:
        """The notice in a JSON object, or None if that is none, or of a version or an outcome unknown to this code."""
        if notice.get("kind") != contract.KIND or notice.get("version") != contract.VERSION:
            return None
        if notice.get("outcome") not in _OUTCOMES:
            return None
        return cls(notice, ("pipeline", str(notice["pipeline"])), envelope.sent_at, *_OUTCOMES[notice["outcome"]])

    @property
    def line(self) -> str:
        """What happened, to which commit, in which execution."""
        commit = self.notice["commit"]
        what = f": {short(commit['id'][:_SHORT_COMMIT], 20)} by {short(commit['author'], 80)}" if commit["id"] else ""
        return f"{self._subject}{what} ({self._execution})"

    def full(self, room: int) -> str:  # noqa: ARG002 - a pipeline's notice is never as long as the least room
        """What happened, the commit with its author and message, what failed, and where to look."""
        notice = self.notice
        commit = notice["commit"]
        lines = [
            self._subject,
            _commit(commit),
            short(commit["message"], 300),
            " · ".join(short(part, 120) for part in (commit["repository"], commit["branch"]) if part),
            mrkdwn.preformatted(part) if (part := mrkdwn.unescape(paragraph(notice["reason"], 900))) else "",
            short(notice["detail"], 200),
            " · ".join(part for part in (self._execution, _link("what it says", notice["reason_url"])) if part),
        ]
        return "\n".join(line for line in lines if line)

    @property
    def _subject(self) -> str:
        return f"{self.mark} {bold(self.notice['subject'], _LONGEST_SUBJECT)}"

    @property
    def _execution(self) -> str:
        label = f"execution {self.notice['execution'][:_SHORT_EXECUTION]}"
        return _link(label, self.notice["url"]) or short(label, 40)


def _commit(commit: Mapping[str, Any]) -> str:
    """`abc1234 by Taro <taro@example.com>`; nothing if nobody knows."""
    if not commit["id"]:
        return ""
    id = short(commit["id"][:_SHORT_COMMIT], 20)
    by = f" by {short(commit['author'], 150)}" if commit["author"] else ""
    return f"{_link(id, commit['url']) or mrkdwn.code(id)}{by}"


def _link(label: str, url: str) -> str:
    """A link, if there is somewhere to lead."""
    return link(label, url) if url.startswith("https://") and len(url) <= _LONGEST_URL else ""
