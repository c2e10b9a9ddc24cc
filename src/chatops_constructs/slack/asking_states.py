"""The states that ask somebody something and wait for the answer: the card, the click, the deadline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatops_constructs.slack.report_states import LAMBDA_CRASHED, LAMBDA_TRANSIENT
from chatops_constructs.workflow.asl import (
    EXECUTION,
    States,
    choice,
    expr,
    integration,
    literal,
    one_line,
    retry,
)
from chatops_constructs.workflow.declined import declined
from chatops_runtime.contracts import asking, control, report

UNDECIDED = "undecided"

# What is told of a decision with which a command does not run. Who declines or cancels is who asked for it.
_REASONS = {
    asking.DENIED: report.DENIED,
    asking.DECLINED: report.CANCELLED,
    asking.CANCELLED: report.CANCELLED,
    asking.EXPIRED: report.EXPIRED,
}

# When the state was entered, in seconds.
_NOW = "$floor($toMillis($states.context.State.EnteredTime) / 1000)"

ANSWER_SECONDS = 5 * 60
"""How long the user has to choose from a menu, or to confirm."""

TROUBLE_SECONDS = 15 * 60
"""Beside the time for the answer: while Slack is busy, the question is asked for ten minutes and closed for two."""


@dataclass(frozen=True)
class Question:
    """A question, and what its answers mean.

    Attributes:
        topic: What it is about, in the names of the states: "the approval".
        kind: Its kind in `chatops_runtime.contracts.asking`; an answer of another kind is none.
        members: A JSONata expression for an object with what the kind has beside `kind` and `until`.
        within: How many seconds there are for the answer.
        decision: A JSONata expression for what the answer `$a`, whose `by` is the text `$by`, decides: one of the
            contract's endings, or "undecided", and it is waited for another one. `$approvers` are those who approved so
            far, with this answer.
    """

    topic: str
    kind: str
    members: str
    within: int
    decision: str


@dataclass(frozen=True)
class Asking:
    """Asks on behalf of one command.

    Attributes:
        report_arn: Of the function that posts questions.
        machine: The name of the command's state machine, in the handle of every control.
        request: A JSONata expression for what was typed.
        used: A JSONata expression for how many messages the response_url has taken so far.
    """

    report_arn: str
    machine: str
    request: str = "$request"
    used: str = "$used"

    def ask(self, question: Question) -> dict[str, Any]:
        """A Parallel state, but for what follows, whose result is an array of one object.

            {"decision": "approved", "by": ["U…"], "approvers": ["U…"], "answer": {…}, "used": 1}

        `decision` is one of `chatops_runtime.contracts.asking.ENDINGS`, `by` who took it, `approvers` who had approved
        until then, `answer` what the click brought, and `used` how many messages the response_url has taken now.

        It is a scope of its own, so that one command may ask several questions.

        Args:
            question: What is asked.
        """
        return {
            "Type": "Parallel",
            "Branches": [{"StartAt": f"Prepare {question.topic}", "States": self._states(question)}],
        }

    def _states(self, question: Question) -> States:
        topic = question.topic
        end = f"Answer of {topic}"
        close = f"Close {topic}"
        settled = f"Is {topic} settled?"
        return {
            f"Prepare {topic}": {
                "Type": "Pass",
                "Assign": {
                    "nonce": expr("$uuid()"),
                    "deadline": expr(f"{_NOW} + {question.within}"),
                    "question": expr(self._question(question)),
                    "answer": {"decision": UNDECIDED, "by": [], "approvers": []},
                },
                "Next": f"Ask for {topic}",
            },
            f"Ask for {topic}": {
                **self._report(asking.ASK, question=expr("$question"), handle=self._handle, used=expr(self.used)),
                # While Slack is busy, for some ten minutes. What can never be asked is reported.
                "Retry": [*retry(asking.RETRYABLE, attempts=16, interval=2, most=60), *_retry_of_lambda()],
                "Assign": {"card": expr("$states.result.Payload")},
                "Next": f"Wait for {topic}",
            },
            f"Wait for {topic}": {
                **self._report(
                    asking.WAIT,
                    waiting=True,
                    question=expr("$question"),
                    handle=self._handle,
                    token=expr("$states.context.Task.Token"),
                    nonce=expr("$nonce"),
                    approved_by=expr("[$answer.approvers]"),
                    card=expr("$card"),
                ),
                # One deadline for all turns.
                "TimeoutSeconds": expr(f"$max([1, $deadline - {_NOW}])"),
                "Retry": _retry_of_lambda(),
                "Assign": {"answer": expr(_reading(question, self.request))},
                "Catch": [
                    {
                        "ErrorEquals": ["States.Timeout"],
                        "Assign": {
                            "answer": {
                                "decision": asking.EXPIRED,
                                "by": [],
                                "approvers": expr("[$answer.approvers]"),
                                "answer": {},
                            }
                        },
                        "Next": settled,
                    }
                ],
                "Next": settled,
            },
            settled: {
                "Type": "Choice",
                "Choices": [
                    choice(f"$answer.decision = '{UNDECIDED}'", then=f"Wait for {topic}"),
                    choice("$exists($card.message_ts)", then=close),
                ],
                "Default": end,
            },
            close: {
                **self._report(
                    asking.CLOSE,
                    question=expr("$question"),
                    card=expr("$card"),
                    approved_by=expr("[$answer.approvers]"),
                    ending=expr("{'state': $answer.decision, 'by': [$answer.by]}"),
                ),
                # Somebody waits for what was decided: two minutes at most, and then the card stays as it is. A click
                # on it is told that it is over.
                "Retry": retry(asking.RETRYABLE, *LAMBDA_TRANSIENT, *LAMBDA_CRASHED, attempts=6, interval=2),
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": end}],
                "Next": end,
            },
            end: {
                "Type": "Pass",
                "Output": expr(f"$merge([$answer, {{'used': {self.used} + ($exists($card.message_ts) ? 0 : 1)}}])"),
                "End": True,
            },
        }

    def _question(self, question: Question) -> str:
        until = f"$substring($fromMillis(({_NOW} + {question.within}) * 1000), 0, 19) & 'Z'"
        return f"$merge([{question.members}, {{'kind': '{question.kind}', 'until': {until}}}])"

    @property
    def _handle(self) -> str:
        of_machine = str(control.Handle(self.machine, "")).removesuffix(":")
        return expr(f"{literal(of_machine)} & {EXECUTION}.Name & ':' & $nonce")

    def _report(self, event: str, *, waiting: bool = False, **fields: str) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": integration("lambda:invoke.waitForTaskToken" if waiting else "lambda:invoke"),
            "Arguments": {
                "FunctionName": self.report_arn,
                "Payload": {
                    "version": report.VERSION,
                    "event": event,
                    "id": expr(f"{EXECUTION}.Name"),
                    "execution_arn": expr(f"{EXECUTION}.Id"),
                    "started_at": expr(f"{EXECUTION}.StartTime"),
                    "request": expr(self.request),
                    **fields,
                },
            },
        }


def declined_unless(wanted: str, asked: str) -> str:
    """A JSONata expression for the result of a command that does not run because of a decision, or `{}`.

    Args:
        wanted: The decision with which the command goes on.
        asked: A JSONata expression for the object that a question ended with.
    """
    reason = f"$lookup({literal(_REASONS)}, {asked}.decision)"
    return f"{asked}.decision = '{wanted}' ? {{}} : {declined(reason=reason, by=f'[{asked}.by]')}"


def _retry_of_lambda() -> list[dict[str, Any]]:
    return [
        *retry(*LAMBDA_TRANSIENT, attempts=16, interval=2, most=60),
        *retry(*LAMBDA_CRASHED, attempts=3, interval=2),
    ]


def _reading(question: Question, request: str) -> str:
    """What `$answer` is after an answer, be it one or not: the token may come back with anything."""
    return one_line(f"""(
      $a := $states.result;
      $by := $type($a.by) = 'string' ? $a.by : '';
      $requester := {request}.user_id;
      $counts := $a.kind = '{question.kind}' and $by != '';
      $new := $counts and $a.decision = '{asking.APPROVED}' and $by != $requester and $not($by in $answer.approvers);
      $approvers := $new ? [$append($answer.approvers, $by)] : [$answer.approvers];
      $decision := $counts ? ({question.decision}) : '{UNDECIDED}';
      {{
        'decision': $decision,
        'by': $decision = '{UNDECIDED}' ? [] : $decision = '{asking.APPROVED}' ? $approvers : [$by],
        'approvers': $approvers,
        'answer': $counts ? $a : {{}}
      }}
    )""")
