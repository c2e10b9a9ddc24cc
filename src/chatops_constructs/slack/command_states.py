"""The states around every action: run it, leave an audit line, report what became of it, end accordingly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.slack import audit_states, report_states
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, literal, or_empty
from chatops_runtime.contracts import audit, report

if TYPE_CHECKING:
    from chatops_constructs.actions.action import BoundAction
    from chatops_constructs.slack.telling import Telling

FIRST = "Action"

# Errors of ours, so that the rule on executions that failed can tell what was told already.
ACTION_FAILED = "ChatOps.ActionFailed"
COMMAND_FAILED = "ChatOps.CommandFailed"

OF_THE_EXECUTION = {
    "id": f"{EXECUTION}.Name",
    "execution_arn": f"{EXECUTION}.Id",
    "started_at": f"{EXECUTION}.StartTime",
    "request": f"{EXECUTION}.Input",
}

VERDICT = (
    f"$outcome.status = '{report.FAILED}' ? {literal(audit.FAILED)}"
    f" : $outcome.result.ok ? {literal(audit.SUCCEEDED)} : {literal(audit.BAD_RESULT)}"
)


def states(action: BoundAction, *, telling: Telling) -> States:
    """All states of a command.

    The action is the one branch of a Parallel state, so that any error in any of its states is caught at one place.
    An execution succeeds when the action did: what went wrong shows in the console and in the metrics of Step
    Functions too, not in Slack alone.

    Args:
        action: The action, bound to the command.
        telling: What the endpoint shares with its machines.
    """
    return {
        FIRST: {
            "Type": "Parallel",
            "Branches": [{"StartAt": action.start_at, "States": action.states}],
            "Assign": {
                "outcome": {"status": report.FINISHED, "result": expr("$states.result[0]")},
                **report_states.NOTHING_SAID_YET,
            },
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "Assign": {
                        "outcome": {
                            "status": report.FAILED,
                            "error": expr("$states.errorOutput.Error"),
                            "cause": expr(f"$string({or_empty('$states.errorOutput.Cause')})"),
                        },
                        **report_states.NOTHING_SAID_YET,
                    },
                    "Next": audit_states.FIRST,
                }
            ],
            "Next": audit_states.FIRST,
        },
        **audit_states.states(_audit_line(), telling=telling, then=report_states.FIRST),
        **report_states.states(report_states.event(**OF_THE_EXECUTION), telling=telling, then="How did it end?"),
        "How did it end?": {
            "Type": "Choice",
            "Choices": [
                *report_states.not_told(),
                choice("$not($audited)", then="Not audited"),
                choice(f"$outcome.status = '{report.FAILED}'", then="Failed"),
                choice("$outcome.result.ok", then="Succeeded"),
            ],
            "Default": "Bad result",
        },
        "Succeeded": {"Type": "Succeed"},
        "Not audited": audit_states.not_audited(),
        "Bad result": {
            "Type": "Fail",
            "Error": ACTION_FAILED,
            "Cause": "The action came to its end with a bad result, which was reported",
        },
        "Failed": {
            "Type": "Fail",
            "Error": COMMAND_FAILED,
            "Cause": expr(f"$substring($outcome.error & ': ' & $outcome.cause, 0, {report_states.LONGEST_CAUSE})"),
        },
    }


def _audit_line() -> str:
    return audit_states.line(
        **OF_THE_EXECUTION, ended_at="$now()", further={"outcome": VERDICT, "error": "$outcome.error"}
    )
