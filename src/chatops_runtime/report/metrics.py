"""The metrics in the log line about a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_runtime import embedded_metrics
from chatops_runtime.contracts import endpoint_metrics as names
from chatops_runtime.contracts import report as contract

if TYPE_CHECKING:
    from chatops_runtime.report.report import Report


def facts(endpoint: str, report: Report, now: float) -> dict[str, object]:
    """The facts that are metrics: how the command went, once for each command that was left to go.

    Args:
        endpoint: The endpoint's physical name.
        report: What is reported.
        now: Unix time in seconds.
    """
    if report.tries or _is_as_people_wanted(report):
        return {}
    return embedded_metrics.facts(
        {names.SUCCEEDED if _is_good(report) else names.FAILED: 1},
        namespace=names.NAMESPACE,
        dimension=names.DIMENSION,
        name=endpoint,
        now=now,
    )


def _is_as_people_wanted(report: Report) -> bool:
    """Whether it was declined or cancelled, which is no failure that an alarm should tell of."""
    outcome = report.outcome
    return report.kind == contract.DECLINED or outcome.get("error") == contract.CANCELLED_ERROR


def _is_good(report: Report) -> bool:
    outcome = report.outcome
    return outcome["status"] == contract.FINISHED and outcome["result"].get("ok") is True
