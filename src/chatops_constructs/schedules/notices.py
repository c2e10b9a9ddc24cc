"""The states that tell how a scheduled task went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from chatops_constructs.schedules.notification_target import NotificationTarget, TopicNotification, is_topic
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, literal, one_line, or_empty
from chatops_runtime.contracts import report, run_notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_sns as sns

NOT_TOLD = "ChatOps.NotTold"

# SNS wants less than a hundred characters of ASCII: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
MOST_SUBJECT = 99
MOST_CAUSE = 1_000


@dataclass(frozen=True)
class Notice:
    """What is told of one kind of ending, as JSONata expressions.

    Attributes:
        outcome: Its name in the contract.
        subject: What follows the task's name in the subject.
        lines: The lines of the text after the first.
        facts: What the notice has beside what all have.
        error: The error that the execution ends with; empty: it succeeds.
        result: An expression for the result that is told, `$r` in the other expressions; empty: there is none.
    """

    outcome: str
    subject: str
    lines: str
    facts: dict[str, str]
    error: str
    result: str = ""

    @property
    def is_of_this_run(self) -> bool:
        """Whether the execution that tells it is the one that it is about."""
        return self.outcome not in (run_notice.ENDED, run_notice.ALARM)


ENDED_STATUS = "$states.input.detail.status"
ENDED_NAME = "$states.input.detail.name"
_CAUSE = f"$substring($outcome.cause, 0, {MOST_CAUSE})"

ERROR = Notice(
    outcome=run_notice.ERROR,
    subject="' came to no verdict: ' & $outcome.error",
    lines=f"[{_CAUSE}]",
    facts={"error": "$outcome.error", "cause": _CAUSE},
    error="ChatOps.RunError",
)
ALARM = Notice(
    outcome=run_notice.ALARM,
    subject="': ' & $states.input.detail.alarmName",
    lines="[$states.input.detail.configuration.description, $states.input.detail.state.reason]",
    facts={"alarm": "$states.input.detail.alarmName", "reason": "$states.input.detail.state.reason"},
    error="ChatOps.Alarm",
)


def ended(aftermath: str) -> Notice:
    """An ending that no state can catch, told by an event of Step Functions.

    Args:
        aftermath: What it may leave behind, a sentence.
    """
    return Notice(
        outcome=run_notice.ENDED,
        subject=f"' ended without a verdict: ' & {ENDED_STATUS}",
        lines=f"['The run ' & {ENDED_NAME} & ' ended as ' & {ENDED_STATUS} & ', and nothing else was told of it. "
        f"{aftermath}']",
        facts={"error": ENDED_STATUS, "cause": "''"},
        error="ChatOps.RunEnded",
    )


def compose(task: str, notice: Notice, *, then: str) -> States:
    """The state that makes the variable `$notice`; its name is that of `first`.

    Args:
        task: The task's name.
        notice: What is told.
        then: The state that follows.
    """
    result = f"$r := {notice.result}; " if notice.result else ""
    subject = f"$substring({literal(task)} & {notice.subject}, 0, {MOST_SUBJECT})"
    of_this_run = notice.is_of_this_run
    execution = {
        "execution": f"{EXECUTION}.Id" if of_this_run else or_empty("$states.input.detail.executionArn"),
        "id": f"{EXECUTION}.Name" if of_this_run else or_empty(ENDED_NAME),
        "started_at": f"{EXECUTION}.StartTime" if of_this_run else "''",
        "scheduled_at": or_empty(f"{EXECUTION}.Input.scheduled_at"),
    }
    facts = {**execution, **notice.facts, **({"result": "$r"} if notice.result else {})}
    members = ", ".join(f"'{name}': {value}" for name, value in facts.items())
    text = one_line(f"""$join($append(
      [$subject, {_origin() if of_this_run else "''"}, ''],
      $append({notice.lines}, [$execution = '' ? '' : 'Execution: ' & $execution])
    )[$ != ''], '\\n')""")
    composed = one_line(f"""(
      {result}
      $subject := {subject};
      $execution := {execution["execution"]};
      {{
        'version': {run_notice.VERSION},
        'kind': '{run_notice.KIND}',
        'outcome': '{notice.outcome}',
        'task': {literal(task)},
        'region': $split({EXECUTION}.Id, ':')[3],
        'subject': $subject,
        'text': {text},
        {members}
      }}
    )""")
    return {
        first(notice): {
            "Type": "Pass",
            "Assign": {"notice": expr(composed), "ending": notice.error, "untold": []},
            "Next": then,
        }
    }


def tell(name: str, targets: Sequence[sns.ITopic | NotificationTarget], role: iam.IRole, *, then: str) -> States:
    """One state a target, which reads `$notice`. When one cannot be told, the others are all the same.

    Args:
        name: Of the first state.
        targets: Who is told; none is no state.
        role: Gets the right to tell them.
        then: The state that follows when all were told.
    """
    if not targets:
        return {}
    check, untold = f"{name}: done?", f"{name}: not told"
    return {
        **tell_each(name, targets, role, then=check),
        check: {
            "Type": "Choice",
            "Choices": [choice("$count($untold) = 0", then=then)],
            "Default": untold,
        },
        untold: not_told(),
    }


def tell_each(name: str, targets: Sequence[sns.ITopic | NotificationTarget], role: iam.IRole, *, then: str) -> States:
    """As `tell`, but what follows has to look into `$untold`, a list of why somebody could not be told.

    Args:
        name: Of the first state.
        targets: Who is told; none is no state.
        role: Gets the right to tell them.
        then: The state that follows.
    """
    names = [name if number == 1 else f"{name} ({number})" for number in range(1, len(targets) + 1)]
    return {
        this: {
            **_bound(target).bind_notification(role),
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    # A timeout has no cause.
                    "Assign": {
                        "untold": expr(
                            "$append($untold, [$states.errorOutput.($exists(Cause) ? $string(Cause) : Error)])"
                        )
                    },
                    "Next": following,
                }
            ],
            "Next": following,
        }
        for this, following, target in zip(names, [*names[1:], then], targets, strict=False)
    }


def first(notice: Notice) -> str:
    """The state that composes a notice."""
    return f"Compose the notice: {notice.outcome}"


def failed() -> dict[str, Any]:
    """The last state of a task that failed."""
    return {"Type": "Fail", "Error": expr("$ending"), "Cause": expr("$notice.subject")}


def not_told() -> dict[str, Any]:
    """The last state of a task of whose ending not everybody could be told."""
    return {
        "Type": "Fail",
        "Error": NOT_TOLD,
        "Cause": expr("$notice.subject & '. This could not be told: ' & $join($untold, ' ')"),
    }


def came_to_no_verdict(*, then: str) -> dict[str, Any]:
    """The Catch for all errors, of which `ERROR` tells.

    Args:
        then: The state that follows.
    """
    cause = "$exists($states.errorOutput.Cause) ? $string($states.errorOutput.Cause) : ''"
    return {
        "ErrorEquals": ["States.ALL"],
        "Assign": {
            "outcome": {
                "status": report.FAILED,
                "error": expr("$states.errorOutput.Error"),
                "cause": expr(cause),
            }
        },
        "Next": then,
    }


def what_has_come(*, default: str) -> dict[str, Any]:
    """The first state of a task's machine: `EndingsRule` starts it to tell of endings and alarms, a schedule to run.

    Args:
        default: The first state of a run.
    """
    event = "$states.input"
    return {
        "Type": "Choice",
        "Choices": [
            choice(f"{event}.source = 'aws.states'", then=f"Compose the notice: {run_notice.ENDED}"),
            choice(f"{event}.source = 'aws.cloudwatch'", then=first(ALARM)),
        ],
        "Default": default,
    }


def _origin() -> str:
    scheduled = f"{EXECUTION}.Input.scheduled_at"
    return (
        f"($exists({scheduled}) ? 'Scheduled for ' & {scheduled} & ', ' : 'Started by hand, ')"
        f" & 'run ' & {EXECUTION}.Name & '.'"
    )


def _bound(target: sns.ITopic | NotificationTarget) -> NotificationTarget:
    return TopicNotification(cast("sns.ITopic", target)) if is_topic(target) else cast("NotificationTarget", target)
