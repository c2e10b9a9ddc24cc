"""What answers an event or an interaction: its state machine, its role, the function that it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.slack.endpoint_task import EndpointTask, TaskSettings

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from chatops_constructs.slack.admission_desk import AdmissionDesk
    from chatops_constructs.slack.handled import HandledEvent, HandledInteraction
    from chatops_constructs.slack.telling import Telling


class EndpointHandler(EndpointTask):
    """What a `SlackCommandEndpoint` starts for an event or an interaction.

    `add_event_handler` and `add_interaction_handler` return one. Creates a state machine and its role.

    Attributes:
        name: What is handled: `app_mention`, `block_actions:deploy_now`.
        machine_name: The state machine's name.
        machine_arn: The state machine's ARN.
        action: The one state that calls the function.
        role: The state machine's role.
        handled: What it answers, as the commands table and the template's mark have it.
        settings: For whom, and with which function.
        state_machine: The state machine; each event is one execution, named after Slack's id of it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        handled: HandledEvent | HandledInteraction,
        settings: TaskSettings,
        telling: Telling,
        policy: iam.IManagedPolicy,
        has_bot_token: bool,
        desk: AdmissionDesk,
    ) -> None:
        """Create it; use the endpoint's methods instead.

        Args:
            scope: The parent.
            id: The id in `scope`.
            handled: What it answers.
            settings: For whom, and with which function.
            telling: What the endpoint shares with its machines.
            policy: What telling takes.
            has_bot_token: Whether the endpoint has one, so that an answer may come late.
            desk: What the endpoint's commands share before they run.

        Raises:
            ValueError: The answer may come when Slack no longer takes it.
        """
        super().__init__(
            scope,
            id,
            name=handled.key,
            settings=settings,
            telling=telling,
            policy=policy,
            has_bot_token=has_bot_token,
            desk=desk,
        )
        self.handled = handled
        self.settings = settings
