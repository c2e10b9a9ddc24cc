"""The states before the action of a command that is not simply run: what is missing, who may, whose turn, who agrees.

    menus for absent choices -> authorize -> take the turn -> freeze -> approval or confirmation

They are the one branch of a Parallel state, whose result is

    {"admitted": true, "request": {…}, "approved_by": ["U…"], "used": 1, "frozen": {…}}
    {"admitted": false, "request": {…}, "approved_by": [], "used": 1, "result": {"kind": "declined", …}}

`request` has what was chosen from menus, `used` says how many messages the response_url has taken.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from chatops_constructs.slack.asking_states import ANSWER_SECONDS, Question, declined_unless
from chatops_constructs.slack.report_states import LAMBDA_CRASHED, LAMBDA_TRANSIENT
from chatops_constructs.slack.turn_states import TAKE, take_turn
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, integration, literal, retry
from chatops_constructs.workflow.declined import declined
from chatops_runtime.contracts import asking, authorization, report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_constructs.actions.action import Freeze
    from chatops_constructs.run_command.run_locks import RunLocks
    from chatops_constructs.slack.admission import Admission
    from chatops_constructs.slack.approval import Approval
    from chatops_constructs.slack.arguments.choice import Choice

NAME = "Admission"
FIRST = "Begin the admission"
ADMITTED = "Admitted"
NOT_ADMITTED = "Not admitted"

_ASKED = "$states.result[0]"
NOTHING_FROZEN = "Nothing is frozen: what runs is what there is when it runs."


def admission(plan: Admission, *, freeze: Freeze | None) -> dict[str, Any]:
    """The Parallel state, but for what comes after it.

    Args:
        plan: What the command asks for.
        freeze: The action's states that settle what will run, if it has any and they are wanted.
    """
    states: States = {}
    then = ADMITTED
    # From the last one on, since each has to know which one comes next.
    for first, step in reversed(list(_steps(plan, freeze))):
        states = {**step(then), **states}
        then = first
    known = "'request': $request, 'approved_by': [$approved_by], 'used': $used"
    ends = {
        ADMITTED: _end(f"{{'admitted': true, {known}, 'frozen': $frozen}}"),
        NOT_ADMITTED: _end(f"{{'admitted': false, {known}, 'result': $declined}}"),
    }
    return {"Type": "Parallel", "Branches": [{"StartAt": FIRST, "States": {FIRST: _begin(then), **states, **ends}}]}


def _steps(plan: Admission, freeze: Freeze | None) -> Iterator[tuple[str, Callable[[str], States]]]:
    """Each step's first state, and what makes its states, given the name of the state that follows."""
    for argument in plan.menus:
        yield f"Is {argument.name} given?", partial(_menu, plan, argument)
    if plan.authorizer_arn:
        yield "Authorize", partial(_authorize, plan)
    if plan.turns:
        yield TAKE, partial(_turn, plan, plan.turns)
    if freeze:
        yield "Freeze", partial(_freeze, freeze)
    if plan.approval:
        yield "Approval", partial(_approval, plan, plan.approval)
    if plan.confirm:
        yield "Confirmation", partial(_confirmation, plan)


def _begin(then: str) -> dict[str, Any]:
    return {
        "Type": "Pass",
        "Assign": {
            "request": expr(f"{EXECUTION}.Input"),
            "approved_by": [],
            "used": 0,
            "frozen": {"lines": [NOTHING_FROZEN]},
            "declined": {},
        },
        "Next": then,
    }


def _menu(plan: Admission, argument: Choice, then: str) -> States:
    options = [{"value": value, "label": value} for value in argument.choices]
    question = Question(
        topic=f"the choice of {argument.name}",
        kind=asking.CHOICE,
        members=literal({"name": argument.name, "help": argument.help, "options": options}),
        within=ANSWER_SECONDS,
        decision=(
            f"$by != $requester ? 'undecided' : $a.decision = '{asking.CANCELLED}' ? $a.decision"
            f" : $lookup($a.arguments, '{argument.name}') in $question.options.value ? '{asking.CHOSEN}' : 'undecided'"
        ),
    )
    chosen = f"{{'arguments': {_ASKED}.answer.arguments, 'script_environment': {_ASKED}.answer.script_environment}}"
    return {
        f"Is {argument.name} given?": {
            "Type": "Choice",
            # A required choice that is absent is null, and nothing else is.
            "Choices": [choice(f"$request.arguments.{argument.name} = null", then=f"Choose {argument.name}")],
            "Default": then,
        },
        f"Choose {argument.name}": {
            **plan.asking.ask(question),
            "Assign": {
                **_after_a_question(asking.CHOSEN),
                "request": expr(
                    f"{_ASKED}.decision = '{asking.CHOSEN}' ? $merge([$request, {chosen}]) : $request",
                ),
            },
            "Next": f"Is {argument.name} chosen?",
        },
        **_only_if(f"Is {argument.name} chosen?", then),
    }


def _authorize(plan: Admission, then: str) -> States:
    answer = "$states.result.Payload"
    # Whoever has to repair it is told what Slack said.
    who_may = f"{answer}.who_may & ({answer}.detail ? ' (' & {answer}.detail & ')' : '')"
    why = f"{answer}.why = '{authorization.NOT_ALLOWED}' ? '{report.NOT_ALLOWED}' : '{report.SLACK_UNAVAILABLE}'"
    return {
        "Authorize": {
            "Type": "Task",
            "Resource": integration("lambda:invoke"),
            "Arguments": {
                "FunctionName": plan.authorizer_arn,
                "Payload": {
                    "version": authorization.VERSION,
                    "id": expr(f"{EXECUTION}.Name"),
                    "rule": expr(literal(plan.rule)),
                    "user_id": expr("$request.user_id"),
                    "channel_id": expr("$request.channel_id"),
                    "team_id": expr("$request.team_id"),
                    "arguments": expr("$request.arguments"),
                    "gov": expr("$contains($request.response_url, '//hooks.slack-gov.com/')"),
                },
            },
            "Retry": [
                *retry(*LAMBDA_TRANSIENT, attempts=6),
                *retry(*LAMBDA_CRASHED, attempts=3),
            ],
            "Assign": {
                "declined": expr(
                    f"{answer}.allowed = true ? {{}} : {declined(reason=f'({why})', by='[]', detail=who_may)}"
                )
            },
            "Next": "Is it allowed?",
        },
        **_only_if("Is it allowed?", then),
    }


def _turn(plan: Admission, turns: RunLocks, then: str) -> States:
    return {
        **take_turn(turns, plan.asking.machine, longest_seconds=plan.longest_seconds, then=then, busy="It is busy"),
        "It is busy": {
            "Type": "Pass",
            "Assign": {
                "declined": expr(
                    declined(reason=f"'{report.BUSY}'", by="[$holder.user_id]", detail="$holder.since"),
                )
            },
            "Next": NOT_ADMITTED,
        },
    }


def _freeze(freeze: Freeze, then: str) -> States:
    return {
        "Freeze": {
            "Type": "Parallel",
            "Branches": [{"StartAt": freeze.start_at, "States": freeze.states}],
            "Assign": {
                "frozen": expr(_ASKED),
                "used": expr(f"$exists({_ASKED}.used) ? {_ASKED}.used : $used"),
                "declined": expr(f"$exists({_ASKED}.result) ? {_ASKED}.result : {{}}"),
            },
            "Next": "Is there anything to run?",
        },
        **_only_if("Is there anything to run?", then),
    }


def _approval(plan: Admission, approval: Approval, then: str) -> States:
    asked = {"channel_id": approval.channel, "by": approval.by.render(), "quorum": approval.quorum}
    question = Question(
        topic="the approval",
        kind=asking.APPROVAL,
        members=f"$merge([{literal(asked)}, {{'frozen': [$frozen.lines]}}])",
        within=approval.seconds,
        decision=(
            f"$a.decision in ['{asking.DENIED}', '{asking.CANCELLED}'] ? $a.decision"
            f" : $count($approvers) >= {approval.quorum} ? '{asking.APPROVED}' : 'undecided'"
        ),
    )
    return {
        "Approval": {
            **plan.asking.ask(question),
            "Assign": {**_after_a_question(asking.APPROVED), "approved_by": expr(f"[{_ASKED}.approvers]")},
            "Next": "Is it approved?",
        },
        **_only_if("Is it approved?", then),
    }


def _confirmation(plan: Admission, then: str) -> States:
    decisions = literal([asking.CONFIRMED, asking.DECLINED, asking.CANCELLED])
    question = Question(
        topic="the confirmation",
        kind=asking.CONFIRM,
        members="{'frozen': [$frozen.lines]}",
        within=ANSWER_SECONDS,
        decision=f"$by = $requester and $a.decision in {decisions} ? $a.decision : 'undecided'",
    )
    return {
        "Confirmation": {
            **plan.asking.ask(question),
            "Assign": _after_a_question(asking.CONFIRMED),
            "Next": "Is it confirmed?",
        },
        **_only_if("Is it confirmed?", then),
    }


def _after_a_question(wanted: str) -> dict[str, str]:
    return {"used": expr(f"{_ASKED}.used"), "declined": expr(declined_unless(wanted, _ASKED))}


def _only_if(question: str, then: str) -> States:
    """The Choice after a step: on, unless the command is declined."""
    rule = choice("$not($exists($declined.kind))", then=then)
    return {question: {"Type": "Choice", "Choices": [rule], "Default": NOT_ADMITTED}}


def _end(output: str) -> dict[str, Any]:
    return {"Type": "Pass", "Output": expr(output), "End": True}
