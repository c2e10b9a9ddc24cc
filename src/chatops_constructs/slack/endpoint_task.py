"""What an endpoint starts for a command, an event or an interaction: a state machine, its role, its action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from chatops_constructs._asked_once import placed
from chatops_constructs._durations import in_seconds, of_seconds
from chatops_constructs._problems import check
from chatops_constructs.actions.action import ActionContext
from chatops_constructs.slack import command_states, report_states
from chatops_constructs.slack.admission import Admission, is_needed
from chatops_constructs.slack.admission import asks as asks_something
from chatops_constructs.slack.asking_states import Asking
from chatops_constructs.slack.concurrency import Concurrency
from chatops_constructs.slack.decisions import Clickable
from chatops_constructs.slack.progress import Progress
from chatops_constructs.workflow.asl import EXECUTION
from chatops_constructs.workflow.state_machine import StateMachine

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from chatops_constructs.actions.action import Action
    from chatops_constructs.slack.admission_desk import AdmissionDesk
    from chatops_constructs.slack.approval import Approval
    from chatops_constructs.slack.arguments.argument import Argument
    from chatops_constructs.slack.authorization import Allow, Visibility
    from chatops_constructs.slack.telling import Telling

# Slack takes answers through a response_url for 30 minutes
# (https://docs.slack.dev/interactivity/handling-user-interaction). Five of them are kept for being late.
ANSWERABLE_WITHOUT_BOT_TOKEN = of_seconds(25 * 60)

# The audit line and the report, behind the action: so many seconds.
TELLING = in_seconds(report_states.LONGEST) + 2 * 60


@dataclass(frozen=True)
class TaskSettings:
    """What it is to do, for whom, and what has to happen before."""

    action: Action
    description: str
    allow: Allow
    visible: Visibility
    arguments: tuple[Argument, ...] = ()
    approval: Approval | None = None
    confirm: bool = False
    concurrency: Concurrency = Concurrency.MANY


class EndpointTask(Construct):
    """A state machine of a `SlackCommandEndpoint`, its role, and what its action needs.

    Attributes:
        name: By which name it is in the commands table.
        machine_name: The state machine's name.
        machine_arn: The state machine's ARN.
        action: What the action became: its states and the resources it created.
        role: The state machine's role. Grant it more only for an action of your own.
        state_machine: The state machine; each request is one execution.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        settings: TaskSettings,
        telling: Telling,
        policy: iam.IManagedPolicy,
        has_bot_token: bool,
        desk: AdmissionDesk,
    ) -> None:
        """Create the state machine.

        Args:
            scope: The parent.
            id: The id in `scope`.
            name: By which name it is in the commands table.
            settings: What the endpoint's method was given.
            telling: What the endpoint shares with its machines.
            policy: What telling takes.
            has_bot_token: Whether the endpoint has one, so that an answer may come late.
            desk: What the endpoint's commands share before they run.

        Raises:
            ValueError: The result may come when Slack no longer takes it.
        """
        super().__init__(scope, id)
        placed(self, scope, id)
        self._task = settings
        self.name = name
        machine = StateMachine(
            self,
            "Machine",
            log_group=telling.log_group,
            encryption_key=telling.encryption_key,
            managed_policies=[policy],
        )
        self.role: iam.Role = machine.role
        self.machine_name: str = machine.name
        self.machine_arn: str = machine.arn
        asking = Asking(report_arn=telling.report_arn, machine=machine.name)
        is_admitted = is_needed(settings)
        request, used = ("$request", "$admitted.used") if is_admitted else (f"{EXECUTION}.Input", "0")
        self.action = settings.action.bind(
            self,
            ActionContext(
                role=machine.role,
                command=self.name,
                description=settings.description,
                encryption_key=telling.encryption_key,
                request=request,
                freezes=settings.approval is not None or settings.confirm,
                asking=asking if settings.action.asks else None,
                progress=Progress(telling.report_arn, request, used),
            ),
        )
        admission = Admission.of(settings, self.action, asking=asking, desk=desk) if is_admitted else None
        self._check_answerable(admission, has_bot_token=has_bot_token)
        if admission:
            admission.grant(machine.role)
        if self.clickable:
            desk.take_clicks()
        if settings.approval:
            desk.decisions.take_answers_to(settings.approval)
        longest = admission.longest_seconds if admission else in_seconds(self.action.longest)
        self.state_machine = machine.define(
            start_at=command_states.first_state(admission),
            states=command_states.states(self.action, telling=telling, admission=admission),
            comment=f"{self.name}: {settings.description}",
            timeout=of_seconds(longest + TELLING),
        )

    @property
    def clickable(self) -> Clickable | None:
        """What of it can be clicked on, if anything."""
        asks = asks_something(self._task)
        if not (asks or self.action.cancellable):
            return None
        return Clickable(
            machine=self.machine_name,
            asks=asks,
            cancellable=self.action.cancellable,
            has_documents=bool(self.action.documents) and not self.action.remote_calls,
            remote_calls=self.action.remote_calls,
        )

    def _check_answerable(self, admission: Admission | None, *, has_bot_token: bool) -> None:
        seconds = admission.answer_seconds + admission.action_seconds if admission else in_seconds(self.action.longest)
        if has_bot_token or seconds <= in_seconds(ANSWERABLE_WITHOUT_BOT_TOKEN):
            return
        check(
            False,
            self,
            "action",
            f"an action of up to {of_seconds(seconds).to_human_string()}, questions, timeouts and margins included",
            f"{ANSWERABLE_WITHOUT_BOT_TOKEN.to_human_string()} without a bot token, since Slack takes an answer to a"
            " command for 30 minutes only",
            "shorten its timeout, or give the endpoint SlackCredentials.from_parameters(…, bot_token=True)",
        )
