"""From events of CodePipeline to notices: `chatops_runtime.contracts.pipeline_notice`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chatops_runtime import console
from chatops_runtime.contracts import pipeline_notice as contract
from chatops_runtime.delivery.commit import Commit
from chatops_runtime.log_line import LoggableError
from chatops_runtime.slack.plain_text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_runtime.delivery.pipeline import FailedAction, Pipeline

# https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
_ENDED = {"FAILED": contract.FAILED, "SUCCEEDED": contract.SUCCEEDED}
_STARTED = "STARTED"
_LONGEST_URL = 1_000


class UnknownEventError(LoggableError):
    """The function was invoked with something that it does not know."""


class Notices:
    """Says what is known of an event, and asks CodePipeline for the rest."""

    def __init__(self, pipeline: Pipeline, pipeline_arn: str, gates: Mapping[str, str]) -> None:
        """Without asking anything yet.

        Args:
            pipeline: The pipeline.
            pipeline_arn: Its ARN.
            gates: By the pipeline's stage with an approval, what people type for it.
        """
        self._pipeline = pipeline
        self._arn = pipeline_arn
        self._gates = dict(gates)

    def of(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The notice of an event. If CodePipeline cannot be asked, it says what is known, and why not more.

        Raises:
            UnknownEventError: It is no event of this pipeline, or of a state that nobody is told of.
        """
        detail = event.get("detail")
        if not isinstance(detail, dict) or not isinstance(detail.get("execution-id"), str):
            raise UnknownEventError("the event is none of CodePipeline")
        if "action" in detail:
            return self._waiting(detail)
        outcome = _ENDED.get(str(detail.get("state")))
        if outcome is None:
            raise UnknownEventError("the event's state is none of those that are told")
        return self._ended(detail, outcome)

    def _waiting(self, detail: Mapping[str, Any]) -> dict[str, Any]:
        name = self._gates.get(str(detail.get("stage")))
        if name is None or detail.get("state") != _STARTED:
            raise UnknownEventError("the event is of no approval that begins to wait")
        commit, trouble = self._commit(detail["execution-id"])
        subject = f"{detail['pipeline']} waits for an approval for {name}"
        return {
            "version": contract.VERSION,
            "kind": contract.KIND,
            "waiting": f"{name}/{detail['execution-id']}",
            **self._common(detail, contract.WAITING, subject, commit, trouble),
            "stage": name,
        }

    def _ended(self, detail: Mapping[str, Any], outcome: str) -> dict[str, Any]:
        commit, trouble = self._commit(detail["execution-id"])
        if outcome == contract.SUCCEEDED:
            common = self._common(detail, outcome, f"{detail['pipeline']} succeeded", commit, trouble)
            return {"version": contract.VERSION, "kind": contract.KIND, **common}
        failed, more_trouble = self._failed(detail["execution-id"])
        subject = f"{detail['pipeline']} failed" + (f" in {failed.stage}, {failed.name}" if failed else "")
        common = self._common(detail, outcome, subject, commit, trouble or more_trouble, failed)
        return {"version": contract.VERSION, "kind": contract.KIND, **common}

    def _common(
        self,
        detail: Mapping[str, Any],
        outcome: str,
        subject: str,
        commit: Commit,
        trouble: str,
        failed: FailedAction | None = None,
    ) -> dict[str, Any]:
        reason = clean(failed.reason).strip()[: contract.LONGEST_REASON] if failed else ""
        fields: dict[str, Any] = {
            "outcome": outcome,
            "pipeline": detail["pipeline"],
            "subject": subject,
            "execution": detail["execution-id"],
            "stage": failed.stage if failed else "",
            "action": failed.name if failed else "",
            "reason": reason,
            "reason_url": _link(failed.url) if failed else "",
            "commit": commit.to_contract(),
            "url": console.pipeline_execution(self._arn, detail["execution-id"]) or "",
            "detail": trouble,
        }
        return {**fields, "text": _text(fields, commit)}

    def _commit(self, execution: str) -> tuple[Commit, str]:
        try:
            return self._pipeline.commit_of(execution), ""
        except (ClientError, BotoCoreError) as error:
            return Commit(), _trouble(error)

    def _failed(self, execution: str) -> tuple[FailedAction | None, str]:
        try:
            return self._pipeline.failed_action(execution), ""
        except (ClientError, BotoCoreError) as error:
            return None, _trouble(error)


def _trouble(error: Exception) -> str:
    """Why CodePipeline does not tell, in its own word."""
    response = getattr(error, "response", {})
    return f"CodePipeline does not tell more: {response.get('Error', {}).get('Code') or type(error).__name__}"


def _text(fields: Mapping[str, Any], commit: Commit) -> str:
    """For people who get a mail."""
    named = f"{commit.short_id} by {commit.author or 'somebody'}: {commit.title}" if commit.id else ""
    where = " ".join(part for part in (commit.repository, commit.branch) if part)
    lines = (fields["subject"], named, where, fields["reason"], fields["detail"], fields["reason_url"], fields["url"])
    return "\n".join(one_line(line, contract.LONGEST_REASON) for line in lines if line)


def _link(url: str) -> str:
    return url if url.startswith("https://") and len(url) <= _LONGEST_URL else ""
