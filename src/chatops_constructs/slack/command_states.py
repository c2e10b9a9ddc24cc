"""The states around every action: run it, leave an audit line, report what became of it, end accordingly.

[admission ->] action -> [give the turn back ->] audit line -> report -> the end
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops_constructs.slack import admission_states, audit_states, report_states, turn_states
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, literal, or_empty
from chatops_runtime.contracts import audit, report

if TYPE_CHECKING:
    from chatops_constructs.actions.action import BoundAction
    from chatops_constructs.slack.admission import Admission
    from chatops_constructs.slack.telling import Telling

ACTION = "Action"

# Errors of ours, so that the rule on executions that failed can tell what was told already.
ACTION_FAILED = "ChatOps.ActionFailed"
COMMAND_FAILED = "ChatOps.CommandFailed"
DECLINED = "ChatOps.Declined"

# What an audit line says of a command that was declined: refused, if the user may not run it.
_DECLINED_OUTCOMES = {
    report.NOT_ALLOWED: audit.REFUSED,
    report.SLACK_UNAVAILABLE: audit.REFUSED,
    report.DENIED: audit.DENIED,
    report.EXPIRED: audit.EXPIRED,
    report.CANCELLED: audit.CANCELLED,
    report.BUSY: audit.BUSY,
    report.CHANGED: audit.CHANGED,
}

OF_THE_EXECUTION = {
    "id": f"{EXECUTION}.Name",
    "execution_arn": f"{EXECUTION}.Id",
    "started_at": f"{EXECUTION}.StartTime",
}


def first_state(admission: Admission | None) -> str:
    """The state with which a command begins.

    Args:
        admission: What it asks for before it runs, if it does.
    """
    return admission_states.NAME if admission else ACTION


def states(action: BoundAction, *, telling: Telling, admission: Admission | None = None) -> States:
    """All states of a command.

    The action is the one branch of a Parallel state, so that any error in any of its states is caught at one place.
    An execution succeeds when the action did: what went wrong shows in the console and in the metrics of Step
    Functions too, not in Slack alone.

    Args:
        action: The action, bound to the command.
        telling: What the endpoint shares with its machines.
        admission: What the command asks for before it runs. Default: nothing.
    """
    if admission is None:
        return {
            ACTION: _caught({"StartAt": action.start_at, "States": action.states}, then=audit_states.FIRST),
            **_telling(f"{EXECUTION}.Input", telling=telling, declining=False, progress=action.tells_progress),
        }
    after = turn_states.GIVE_BACK if admission.turns else audit_states.FIRST
    return {
        **_admission(action, admission, after=after),
        ACTION: _caught(_with_what_was_admitted(action), then=after),
        **(
            turn_states.give_turn_back(admission.turns, admission.asking.machine, then=audit_states.FIRST)
            if admission.turns
            else {}
        ),
        **_telling("$admitted.request", telling=telling, declining=True, progress=action.tells_progress),
    }


def _caught(branch: dict[str, Any], *, then: str) -> dict[str, Any]:
    """The action, with what became of it in `$outcome`."""
    return {
        "Type": "Parallel",
        "Branches": [branch],
        "Assign": {
            "outcome": {"status": report.FINISHED, "result": expr("$states.result[0]")},
            **report_states.NOTHING_SAID_YET,
        },
        "Catch": [
            {
                "ErrorEquals": ["States.ALL"],
                "Assign": {"outcome": _failed(), **report_states.NOTHING_SAID_YET},
                "Next": then,
            }
        ],
        "Next": then,
    }


def _failed() -> dict[str, str]:
    return {
        "status": report.FAILED,
        "error": expr("$states.errorOutput.Error"),
        "cause": expr(f"$string({or_empty('$states.errorOutput.Cause')})"),
    }


def _admission(action: BoundAction, admission: Admission, *, after: str) -> States:
    """The states from `Admission` up to the action, which assign `$admitted`; or to `after`, with `$outcome` too."""
    not_known = {"admitted": False, "request": expr(f"{EXECUTION}.Input"), "approved_by": [], "used": 0}
    return {
        admission_states.NAME: {
            **admission_states.admission(admission, freeze=action.freeze),
            "Assign": {"admitted": expr("$states.result[0]")},
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "Assign": {"admitted": not_known, "outcome": _failed(), **report_states.NOTHING_SAID_YET},
                    "Next": after,
                }
            ],
            "Next": "Is it admitted?",
        },
        "Is it admitted?": {
            "Type": "Choice",
            "Choices": [choice("$admitted.admitted", then=ACTION)],
            "Default": "Decline",
        },
        "Decline": {
            "Type": "Pass",
            "Assign": {
                "outcome": {"status": report.FINISHED, "result": expr("$admitted.result")},
                **report_states.NOTHING_SAID_YET,
            },
            "Next": after,
        },
    }


def _with_what_was_admitted(action: BoundAction) -> dict[str, Any]:
    """The action as a branch. Its variables are those of the states that froze: `$request` and `$frozen`."""
    begin = {
        "Type": "Pass",
        "Assign": {"request": expr("$admitted.request"), "frozen": expr("$admitted.frozen")},
        "Next": action.start_at,
    }
    return {"StartAt": "Begin the action", "States": {"Begin the action": begin, **action.states}}


def _telling(request: str, *, telling: Telling, declining: bool, progress: bool) -> States:
    """The states from the audit line to the end.

    Args:
        request: A JSONata expression for what was typed.
        telling: What the endpoint shares with its machines.
        declining: Whether the command may be declined, and be approved.
        progress: Whether the beginning of the result may have been said.
    """
    given = {**OF_THE_EXECUTION, "request": request}
    declined = [choice(f"$outcome.result.kind = '{report.DECLINED}'", then="Declined")] if declining else []
    approved_by = {"approved_by": expr("$admitted.approved_by")} if declining else {}
    used = _used(declining=declining, progress=progress)
    return {
        **audit_states.states(_audit_line(given, declining=declining), telling=telling, then=report_states.FIRST),
        **report_states.states(
            {**report_states.event(**given), **approved_by, **used}, telling=telling, then="How did it end?"
        ),
        "How did it end?": {
            "Type": "Choice",
            "Choices": [
                *report_states.not_told(),
                choice("$not($audited)", then="Not audited"),
                choice(f"$outcome.status = '{report.FAILED}'", then="Failed"),
                choice("$outcome.result.ok", then="Succeeded"),
                *declined,
            ],
            "Default": "Bad result",
        },
        "Succeeded": {"Type": "Succeed"},
        "Not audited": audit_states.not_audited(),
        **({"Declined": _end(DECLINED, "Nothing was run, which was reported")} if declining else {}),
        "Bad result": _end(ACTION_FAILED, "The action came to its end with a bad result, which was reported"),
        "Failed": _end(
            COMMAND_FAILED,
            expr(f"$substring($outcome.error & ': ' & $outcome.cause, 0, {report_states.LONGEST_CAUSE})"),
        ),
    }


def _used(*, declining: bool, progress: bool) -> dict[str, str]:
    """How many messages the response_url has taken before the report."""
    before = "$admitted.used" if declining else "0"
    if progress:
        return {"used": expr(f"$exists($outcome.result.used) ? $outcome.result.used : {before}")}
    return {"used": expr(before)} if declining else {}


def _end(error: str, cause: str) -> dict[str, str]:
    return {"Type": "Fail", "Error": error, "Cause": cause}


def _audit_line(given: dict[str, str], *, declining: bool) -> str:
    bad = literal(audit.BAD_RESULT)
    if declining:
        is_declined = f"$outcome.result.kind = '{report.DECLINED}'"
        bad = f"{is_declined} ? $lookup({literal(_DECLINED_OUTCOMES)}, $outcome.result.reason) : {bad}"
    verdict = (
        f"$outcome.status = '{report.FAILED}' ? {literal(audit.FAILED)}"
        f" : $outcome.result.ok ? {literal(audit.SUCCEEDED)} : {bad}"
    )
    further = {"outcome": verdict, "error": "$outcome.error"}
    if declining:
        # What is not there is left out of the line.
        further |= {
            "reason": f"{is_declined} and ({verdict}) = '{audit.REFUSED}' ? $outcome.result.reason",
            "by": f"{is_declined} ? [$outcome.result.by]",
        }
    return audit_states.line(
        **given,
        arguments=f"{given['request']}.{audit.ARGUMENTS}",
        ended_at="$now()",
        approved_by="[$admitted.approved_by]" if declining else "[]",
        further=further,
    )
