"""What has to happen before a command's action runs, if anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from chatops_constructs._acknowledge import acknowledge_resource
from chatops_constructs._durations import in_seconds
from chatops_constructs.slack import turn_states
from chatops_constructs.slack.arguments.choice import Choice
from chatops_constructs.slack.asking_states import ANSWER_SECONDS, TROUBLE_SECONDS, Asking
from chatops_constructs.slack.concurrency import Concurrency
from chatops_constructs.slack.rule_checks import is_judged_at_once

if TYPE_CHECKING:
    from chatops_constructs.actions.action import BoundAction
    from chatops_constructs.run_command.run_locks import RunLocks
    from chatops_constructs.slack.admission_desk import AdmissionDesk
    from chatops_constructs.slack.approval import Approval
    from chatops_constructs.slack.endpoint_task import TaskSettings

# Authorizing and taking the turn, retries included.
OTHER_SECONDS = 10 * 60


@dataclass(frozen=True)
class Admission:
    """What a command asks for before it runs.

    Attributes:
        asking: Asks on behalf of the command.
        menus: The arguments that are chosen from a menu if they are absent.
        rule: Who may run the command.
        authorizer_arn: The function that finds out whether the user may; empty if dispatch knows it.
        turns: The table of turns, if it runs once at a time.
        approval: Who has to agree.
        confirm: Whether the user is asked if it is meant.
        action_seconds: How long freezing and the action itself may take.
    """

    asking: Asking
    menus: tuple[Choice, ...]
    rule: dict[str, Any]
    authorizer_arn: str
    turns: RunLocks | None
    approval: Approval | None
    confirm: bool
    action_seconds: int

    @classmethod
    def of(cls, settings: TaskSettings, action: BoundAction, *, asking: Asking, desk: AdmissionDesk) -> Admission:
        """Of a command that `is_needed` for.

        Args:
            settings: What `add_command` was given.
            action: The action, bound.
            asking: Asks on behalf of the command.
            desk: What the commands of the endpoint share.
        """
        freezing = action.freeze.longest if action.freeze else None
        return cls(
            asking=asking,
            menus=menus_of(settings),
            rule=settings.allow.render(),
            authorizer_arn=_authorizer_arn(settings, desk),
            turns=desk.turns if settings.concurrency is Concurrency.ONE else None,
            approval=settings.approval,
            confirm=settings.confirm,
            action_seconds=int(in_seconds(action.longest) + (in_seconds(freezing) if freezing else 0)),
        )

    @property
    def answer_seconds(self) -> int:
        """How long people may take for their answers."""
        own = ANSWER_SECONDS * (len(self.menus) + self.confirm)
        return own + (self.approval.seconds if self.approval else 0)

    @property
    def longest_seconds(self) -> int:
        """How long it may take in all, and the action after it."""
        questions = len(self.menus) + self.confirm + bool(self.approval)
        return self.answer_seconds + questions * TROUBLE_SECONDS + OTHER_SECONDS + self.action_seconds

    def grant(self, role: iam.Role) -> None:
        """Let `role` ask who may, and take turns.

        Args:
            role: Of the command's state machine.
        """
        if self.authorizer_arn:
            role.add_to_policy(
                iam.PolicyStatement(sid="Authorize", actions=["lambda:InvokeFunction"], resources=[self.authorizer_arn])
            )
        if self.turns:
            machine = self.asking.machine
            for statement in turn_states.turn_statements(role, self.turns, machine):
                role.add_to_policy(statement)
            acknowledge_resource(
                role,
                turn_states.executions_of(role, machine),
                "whose turn it is stands in a table; it is an execution of this one state machine",
            )


def is_needed(settings: TaskSettings) -> bool:
    """Whether anything has to happen before the command's action runs."""
    return bool(asks(settings) or settings.confirm or _is_open(settings) or settings.concurrency is Concurrency.ONE)


def asks(settings: TaskSettings) -> bool:
    """Whether the command may ask somebody something."""
    return bool(menus_of(settings) or settings.approval or settings.confirm or settings.action.asks)


def menus_of(settings: TaskSettings) -> tuple[Choice, ...]:
    """The arguments that are chosen from a menu if they are absent."""
    return tuple(each for each in settings.arguments if isinstance(each, Choice) and each.is_required)


def _authorizer_arn(settings: TaskSettings, desk: AdmissionDesk) -> str:
    if not _is_open(settings):
        return ""
    desk.authorizer.judge(settings.allow)
    return desk.authorizer.function_arn


def _is_open(settings: TaskSettings) -> bool:
    """Whether dispatch may not know yet who may run it: Slack has to be asked, or an argument is still to be chosen."""
    return not is_judged_at_once(settings.allow, settings.arguments)
