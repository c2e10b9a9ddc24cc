"""What becomes of a click on a control of our messages. Imported when somebody clicks."""

from __future__ import annotations

from chatops_runtime.contracts import click, control, request_log
from chatops_runtime.dispatch.answer import Answer, RefusedError
from chatops_runtime.dispatch.aws_client import AwsError, AwsUnreachableError
from chatops_runtime.dispatch.command_request import LONGEST_INPUT_BYTES, input_text
from chatops_runtime.slack import interaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.contracts.click import Click, Say
    from chatops_runtime.dispatch.dispatcher import Dispatcher
    from chatops_runtime.dispatch.executions import Executions
    from chatops_runtime.dispatch.invocation import Invocation
    from chatops_runtime.slack.interaction import Interaction

TOO_LARGE = "click_too_large"


class Clicks:
    """Hands clicks to the decide machine, and runs the commands that buttons say."""

    def __init__(self, dispatcher: Dispatcher, executions: Executions, machine: str | None) -> None:
        """Of one endpoint.

        Args:
            dispatcher: Says who is let in, and runs commands.
            executions: Starts executions.
            machine: The decide machine of the commands table; None if it names none.
        """
        self._dispatcher = dispatcher
        self._executions = executions
        self._machine = machine

    def answer(self, body: bytes, name: str, invocation: Invocation) -> Answer:
        """The answer to the interaction in `body`: Slack shows nothing of it.

        Args:
            body: A request's, which is Slack's.
            name: The name of whatever execution it starts.
            invocation: Receives what the log line may say.

        Raises:
            RefusedError: It is no interaction, or not for this endpoint.
        """
        try:
            clicked = interaction.parse(body)
            invocation.note(team_id=clicked.team_id, user_id=clicked.user_id)
            self._dispatcher.admit(clicked)
            if not clicked.action_id:
                return Answer(request_log.IGNORED_CLICK)
            invocation.note(channel_id=clicked.channel_id, action=clicked.action_id, id=name)
            if clicked.action_id == control.RUN:
                return self._run(clicked, name, invocation)
        except interaction.MalformedInteractionError as error:
            raise RefusedError(400, str(error)) from None
        return self._decide(clicked, name, invocation)

    def _run(self, clicked: Interaction, name: str, invocation: Invocation) -> Answer:
        """What Slack would show of an answer to a typed command, the decide machine says."""
        answer = self._dispatcher.run(clicked.as_command(), name, invocation)
        say: Say = {
            "version": click.VERSION,
            "kind": "say",
            "id": name,
            "team_id": clicked.team_id,
            "response_url": clicked.response_url,
            "text": answer.text,
            "visible": "user",
            "cancel": answer.cancel,
        }
        said = self._start(say, name, invocation)
        if said not in {request_log.CLICK, request_log.ALREADY_RECEIVED}:
            invocation.note(**{request_log.NOT_SAID: said})
        return answer

    def _decide(self, clicked: Interaction, name: str, invocation: Invocation) -> Answer:
        content: Click = {
            "version": click.VERSION,
            "kind": "click",
            "id": name,
            "team_id": clicked.team_id,
            "user_id": clicked.user_id,
            "user_name": clicked.user_name,
            "user_team_id": clicked.user_team_id,
            "channel_id": clicked.channel_id,
            "message_ts": clicked.message_ts,
            "is_ephemeral": clicked.is_ephemeral,
            "response_url": clicked.response_url,
            "action_id": clicked.action_id,
            "value": clicked.value,
            "selected": clicked.selected,
            "switched_off": self._dispatcher.off_switch.words,
        }
        if len(input_text(content).encode()) > LONGEST_INPUT_BYTES:
            raise RefusedError(413, TOO_LARGE)
        return Answer(self._start(content, name, invocation))

    def _start(self, content: Click | Say, name: str, invocation: Invocation) -> str:
        """Start the decide machine; the outcome."""
        if self._machine is None:
            invocation.note(detail="the commands table names no state machine for clicks")
            return request_log.START_REFUSED
        arn = invocation.machine_arn(self._machine)
        try:
            started = self._executions.start(arn, name, content, invocation.deadline)
        except AwsUnreachableError as error:
            invocation.note(detail=str(error))
            return request_log.START_UNANSWERED
        except AwsError as error:
            invocation.note(detail=str(error))
            return request_log.START_REFUSED
        return request_log.CLICK if started else request_log.ALREADY_RECEIVED
