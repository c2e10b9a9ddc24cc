"""What becomes of a click on a control of our messages. Imported when somebody clicks."""

from __future__ import annotations

from chatops_runtime.contracts import click, control, request_log
from chatops_runtime.dispatch.answer import Answer, RefusedError
from chatops_runtime.dispatch.command_request import LONGEST_INPUT_BYTES, input_text
from chatops_runtime.dispatch.quiet_start import QuietStart
from chatops_runtime.slack import interaction
from chatops_runtime.slack.json_fields import MalformedPayloadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.contracts.click import Click, Say
    from chatops_runtime.contracts.commands_table import CommandsTable
    from chatops_runtime.dispatch.dispatcher import Dispatcher
    from chatops_runtime.dispatch.executions import Executions
    from chatops_runtime.dispatch.invocation import Invocation
    from chatops_runtime.slack.interaction import Interaction

TOO_LARGE = "click_too_large"


class Clicks:
    """Hands clicks to the decide machine, runs the commands that buttons say, and hands on what is not ours."""

    def __init__(self, dispatcher: Dispatcher, executions: Executions, table: CommandsTable) -> None:
        """Of one endpoint.

        Args:
            dispatcher: Says who is let in, and runs commands.
            executions: Starts executions.
            table: Names the decide machine, if there is one, and what answers interactions that are not ours.
        """
        self._dispatcher = dispatcher
        self._quiet_start = QuietStart(executions)
        self._machine = table.get("decisions")
        self._handlers = table.get("interactions")

    def answer(self, body: bytes, name: str, invocation: Invocation) -> Answer:
        """The answer to the interaction in `body`: Slack shows nothing of it.

        Args:
            body: A request's, which is Slack's.
            name: The name of whatever execution it starts.
            invocation: Receives what the log line may say.

        Raises:
            RefusedError: It is no interaction, not for this endpoint, or larger than what can be handed on.
        """
        try:
            clicked = interaction.parse(body)
            invocation.note(team_id=clicked.team_id, user_id=clicked.user_id)
            self._dispatcher.admit(clicked)
            if not clicked.action_id:
                return self._hand_on(clicked, name, invocation)
            invocation.note(channel_id=clicked.channel_id, action=clicked.action_id, id=name)
            if clicked.action_id == control.RUN:
                return self._run(clicked, name, invocation)
        except MalformedPayloadError as error:
            raise RefusedError(400, str(error)) from None
        return self._decide(clicked, name, invocation)

    def _hand_on(self, clicked: Interaction, name: str, invocation: Invocation) -> Answer:
        if not self._handlers:
            return Answer(request_log.IGNORED_CLICK)
        from chatops_runtime.dispatch.interactions import Interactions  # noqa: PLC0415 - of some endpoints only

        def say(response_url: str, text: str) -> None:
            self._say(clicked.team_id, response_url, text, name, invocation)

        return Interactions(self._dispatcher, self._quiet_start, self._handlers, say).answer(clicked, name, invocation)

    def _run(self, clicked: Interaction, name: str, invocation: Invocation) -> Answer:
        """What Slack would show of an answer to a typed command, the decide machine says."""
        answer = self._dispatcher.run(clicked.as_command(), name, invocation)
        self._say(clicked.team_id, clicked.response_url, answer.text, name, invocation, cancel=answer.cancel)
        return answer

    def _say(
        self, team_id: str, response_url: str, text: str, name: str, invocation: Invocation, *, cancel: str = ""
    ) -> None:
        say: Say = {
            "version": click.VERSION,
            "kind": "say",
            "id": name,
            "team_id": team_id,
            "response_url": response_url,
            "text": text,
            "visible": "user",
            "cancel": cancel,
        }
        said = self._start(say, name, invocation)
        if said not in {request_log.CLICK, request_log.ALREADY_RECEIVED}:
            invocation.note(**{request_log.NOT_SAID: said})

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
        return self._quiet_start.outcome(self._machine, name, content, invocation, started=request_log.CLICK)
