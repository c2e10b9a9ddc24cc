"""What every action has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_constructs.workflow.asl import EXECUTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Duration
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from constructs import Construct, IConstruct

    from chatops_constructs.slack.arguments.argument import Argument
    from chatops_constructs.slack.asking_states import Asking
    from chatops_constructs.slack.progress import Progress
    from chatops_constructs.workflow.asl import States


@dataclass(frozen=True)
class ActionContext:
    """What an action is given when it is bound to a command.

    Attributes:
        role: The role of the command's state machine. Whatever the states call is granted to it.
        command: The command, such as `/ps`.
        description: What the command does.
        encryption_key: Encrypts what the action stores, if the endpoint has a key.
        request: A JSONata expression for what was typed, `chatops_runtime.contracts.request`. Read it from here, in the
            action's states and in those that freeze: what is chosen from a menu is in it.
        freezes: Whether somebody is asked before the action runs, so that what runs has to be settled before: hand out
            `BoundAction.freeze` then, if there is anything that may change in between.
        asking: What asks the user something while the action freezes, for an action that `asks`; None for others.
        progress: What says the beginning of a result while the action goes on; its result has `used` then, as
            `BoundAction.tells_progress` says. None outside of an endpoint.
    """

    role: iam.Role
    command: str
    description: str
    encryption_key: kms.IKey | None
    request: str = f"{EXECUTION}.Input"
    freezes: bool = False
    asking: Asking | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Freeze:
    """The states that settle what will run, before anybody is asked to approve it.

    They run in a scope of their own: nothing that they assign is seen later, and they must not assign what the scope
    around them does (`request`, `approved_by`, `used`, `frozen`, `declined`, `holder`, `is_over`). The last one's
    output is an object, which the action's states find in the variable `$frozen`. It has either

    - `lines`: an array of plain texts, each of which the card shows on a line of its own: which version, which
      instances. Everything else in the object is the action's own;
    - or `result`: the command is over with this result, as described in `chatops_runtime.contracts.report`, because
      there is nothing to run on for instance;

    and beside either, if the action `asks`, what its last question left in `used`.

    Errors may go uncaught: they are reported, and nothing runs.

    Attributes:
        start_at: The first of the states.
        states: The states. Their names differ from those of the action's other states.
        longest: The longest that they may take, with the time for answers.
    """

    start_at: str
    states: States
    longest: Duration


@dataclass(frozen=True)
class BoundAction:
    """What an action became for one command.

    Attributes:
        start_at: The first of the states.
        states: States of the Amazon States Language, query language JSONata. The last one's output is a result as
            described in `chatops_runtime.contracts.report`. Errors may go uncaught: they are reported. With `freeze`
            they find what was frozen in the variable `$frozen`, and run that and nothing else.
        longest: The longest that the states may take.
        resources: What was created for the command, by name, such as `{"document": …}`.
        freeze: The states that settle what will run. They are run if `ActionContext.freezes`, or if the action `asks`.
            Default: there is nothing to settle, and the approval card says so.
        cancellable: Whether a stopped execution stops the action, so that people get a Cancel button. Default: False.
        documents: The names, in plain, of the SSM documents whose commands a cancel has to end as well.
        remote_calls: The name of the function through which those commands are looked for and ended, if they are in
            another account or region. Default: they are in the endpoint's.
        tells_progress: Whether its states may say the beginning of a result with `ActionContext.progress`. The result
            then has `used`, if they did: how many messages that makes. Default: False.
    """

    start_at: str
    states: States
    longest: Duration
    resources: dict[str, IConstruct]
    freeze: Freeze | None = None
    cancellable: bool = False
    documents: Sequence[str] = ()
    remote_calls: str | None = None
    tells_progress: bool = False


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
    def arguments(self) -> Sequence[Argument]:
        """What may be typed after the command, if that is the same for every command. Default: nothing is declared."""
        return ()

    @property
    def reads_mentions(self) -> bool:
        """Whether it tells people and channels apart by what Slack makes of `@name`: `<@U…>`. Default: False.

        Slack does so for commands with "escape channels, users, and links" only, and to links as well. Without it, text
        comes as it was typed.
        """
        return False

    @property
    def scopes(self) -> frozenset[str]:
        """What else the app's bot token has to be allowed for it, such as `users:read`. Default: nothing."""
        return frozenset()

    @property
    def asks(self) -> bool:
        """Whether it asks the user something itself, while it freezes. Default: False.

        It is given `ActionContext.asking` then, and `$frozen` in its states.
        """
        return False

    @abstractmethod
    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        """Create what the action needs in `scope` and grant `context.role` what its states call.

        Args:
            scope: The command's own scope.
            context: The command.
        """
