"""What every action has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from constructs import Construct, IConstruct

    from chatops_constructs.workflow.asl import States


@dataclass(frozen=True)
class ActionContext:
    """What an action is given when it is bound to a command.

    Attributes:
        role: The role of the command's state machine. Whatever the states call is granted to it.
        command: The command, such as `/ps`.
        description: What the command does.
        encryption_key: Encrypts what the action stores, if the endpoint has a key.
    """

    role: iam.Role
    command: str
    description: str
    encryption_key: kms.IKey | None


@dataclass(frozen=True)
class BoundAction:
    """What an action became for one command.

    Attributes:
        start_at: The first of the states.
        states: States of the Amazon States Language, query language JSONata. The last one's output is a result as
            described in `chatops_runtime.contracts.report`. Errors may go uncaught: they are reported.
        longest: The longest that the states may take.
        resources: What was created for the command, by name, such as `{"document": …}`.
    """

    start_at: str
    states: States
    longest: Duration
    resources: dict[str, IConstruct]


class Action(ABC):
    """What a slash command does.

    An action is bound once for every command it is added to, each time to a scope of its own, so one object may serve
    several commands.
    """

    @property
    @abstractmethod
    def accepts_text(self) -> bool:
        """Whether anything may be typed after the command. Otherwise it is refused at once, with the usage."""

    @property
    def reads_mentions(self) -> bool:
        """Whether it tells people and channels apart by what Slack makes of `@name`: `<@U…>`. Default: False.

        Slack does so for commands with "escape channels, users, and links" only, and to links as well. Without it, text
        comes as it was typed.
        """
        return False

    @abstractmethod
    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        """Create what the action needs in `scope` and grant `context.role` what its states call.

        Args:
            scope: The command's own scope.
            context: The command.
        """
