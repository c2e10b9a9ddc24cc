"""From a Slack request to an answer, within the time that Slack leaves."""

from __future__ import annotations

from hashlib import sha256

from chatops_runtime.authorization import rule
from chatops_runtime.contracts import request_log
from chatops_runtime.dispatch import commands
from chatops_runtime.dispatch.answer import Answer, RefusedError
from chatops_runtime.dispatch.command_request import command_request, fits
from chatops_runtime.dispatch.command_start import CommandStart
from chatops_runtime.dispatch.http_request import HttpRequest
from chatops_runtime.slack import mrkdwn, response_url, slash_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from chatops_runtime.contracts.arguments import Value
    from chatops_runtime.contracts.commands_table import CommandEntry, CommandsTable
    from chatops_runtime.contracts.request import CommandRequest
    from chatops_runtime.dispatch.controls import Controls
    from chatops_runtime.dispatch.executions import Executions
    from chatops_runtime.dispatch.invocation import Invocation
    from chatops_runtime.dispatch.off_switch import OffSwitch
    from chatops_runtime.dispatch.verification import Verification
    from chatops_runtime.slack.event_callback import EventCallback
    from chatops_runtime.slack.handled_interaction import HandledInteraction
    from chatops_runtime.slack.interaction import Interaction
    from chatops_runtime.slack.slash_command import SlashCommand

    Sender = SlashCommand | Interaction | HandledInteraction | EventCallback

OTHER_TEAM = "another_team"
OTHER_APP = "another_app"

_READ_SECONDS = 1.0
# https://docs.slack.dev/interactivity/handling-user-interaction: a form with this one field.
_OF_AN_INTERACTION = b"payload="
# https://docs.slack.dev/apis/events-api#receiving-events: JSON, which no form begins like.
_OF_AN_EVENT = b"{"


class Dispatcher:
    """Answers the requests of one Slack app in one workspace."""

    def __init__(
        self,
        *,
        team_id: str,
        app_id: str,
        table: CommandsTable,
        controls: Controls,
        verification: Verification,
        executions: Executions,
    ) -> None:
        """Of what it serves.

        Args:
            team_id: The one workspace.
            app_id: The one app.
            table: The commands.
            controls: The signing secret and the off-switch.
            verification: Refuses what is not Slack's.
            executions: Starts what a command runs, and what keeps a line of one that is refused.
        """
        self._team_id = team_id
        self._app_id = app_id
        self._table = table
        self._controls = controls
        self._verification = verification
        self._executions = executions
        self._command_start = CommandStart(executions)

    @property
    def off_switch(self) -> OffSwitch:
        """As it was last read."""
        return self._controls.off_switch

    def warm_up(self, timeout: float) -> None:
        """Read signing secret and off-switch within `timeout` seconds, before the first request needs them.

        Raises:
            Exception: They could not be read; the first request tries again.
        """
        self._controls.refresh(timeout)

    def answer(self, event: dict[str, Any], invocation: Invocation) -> Answer:
        """The answer to the request in `event`.

        Args:
            event: Lambda's event of an HTTP API or a Function URL.
            invocation: Receives what the log line may say about the request, as soon as it is known to be harmless.

        Raises:
            RefusedError: The request is not Slack's, nothing that Slack sends, or not for this endpoint.
            SecretMissingError: There is no signing secret to tell by.
        """
        request = HttpRequest.from_event(event)
        if request.method != "POST":
            raise RefusedError(405, "method_not_allowed")
        if slash_command.is_ssl_check(request.body):
            return Answer("ssl_check")
        invocation.is_click = request.body.startswith(_OF_AN_INTERACTION)
        invocation.is_event = request.body.startswith(_OF_AN_EVENT)
        self._controls.refresh(invocation.deadline.at_most(_READ_SECONDS))
        self._verification.check(request, invocation.deadline)
        name = sha256(request.body).hexdigest()
        if invocation.is_click:
            from chatops_runtime.dispatch.clicks import Clicks  # noqa: PLC0415 - no slash command needs it

            clicks = Clicks(self, self._executions, self._table)
            return clicks.answer(request.body, name, invocation)
        if invocation.is_event:
            from chatops_runtime.dispatch.events import Events  # noqa: PLC0415 - no slash command needs it

            return Events(self, self._executions, self._table.get("events", {})).answer(request, invocation)
        command = _parse(request.body)
        invocation.note(team_id=command.team_id, channel_id=command.channel_id, user_id=command.user_id)
        self.admit(command)
        return self.run(command, name, invocation)

    def admit(self, sender: Sender) -> None:
        """Refuse what is signed but not for this endpoint, or would have us answer somewhere else.

        Raises:
            RefusedError: It is of another workspace or another app, or its response_url is not Slack's for it.
        """
        if sender.team_id != self._team_id:
            raise RefusedError(403, OTHER_TEAM)
        # A shortcut names no app; it is signed with this one's secret.
        if sender.app_id not in (self._app_id, ""):
            raise RefusedError(403, OTHER_APP)
        # An app that is installed to a whole Enterprise organisation may answer at the organisation's URLs.
        if sender.response_url:  # what is no click and no command may have none, and is not answered there
            refusal = response_url.refusal(sender.response_url, {self._team_id, sender.enterprise_id} - {""})
            if refusal is not None:
                raise RefusedError(403, refusal)

    def run(self, command: SlashCommand, name: str, invocation: Invocation) -> Answer:
        """The answer to a command that is admitted.

        Args:
            command: The command.
            name: The name of its execution.
            invocation: Receives what the log line may say.
        """
        entries = self._table["commands"]
        if commands.asks_for_help(entries, command.command, command.text):
            text = _words().help_text(self._table, command)
            return Answer.ephemeral(
                request_log.HELP, text if self.off_switch.is_on else f"{self.off_switch.words}\n{text}"
            )
        meant = commands.resolved(self._table.get("aliases", {}), command.command, command.text)
        routed = commands.route(entries, *meant)
        if routed is None:
            return Answer.ephemeral(request_log.UNKNOWN_COMMAND, _words().unknown_command(self._table, command))
        return self._run_routed(command, *routed, name, invocation)

    def _run_routed(self, command: SlashCommand, key: str, text: str, name: str, invocation: Invocation) -> Answer:
        switch, entry = self.off_switch, self._table["commands"][key]
        invocation.note(command=key, id=name)
        arguments, mistake = _arguments(entry, text)
        request = command_request(command, key, text, arguments or {}, name=name, visible=entry["visible"])
        if not switch.is_on:
            self.keep_refusal(request_log.SWITCHED_OFF, request, name, invocation)
            return Answer.ephemeral(switch.outcome, f"{mrkdwn.code(key)} was not run. {switch.words}")
        if not _may_run(command, entry, arguments):
            self.keep_refusal(request_log.NOT_ALLOWED, request, name, invocation)
            return Answer.ephemeral(request_log.NOT_ALLOWED, _words().not_allowed(key, entry, command))
        if mistake:
            return Answer.ephemeral(request_log.USAGE, _words().wrong_arguments(key, entry, mistake))
        if text and not entry["accepts_text"]:
            return Answer.ephemeral(request_log.USAGE, _words().usage(key, entry))
        if not fits(request):
            return Answer.ephemeral(
                request_log.TEXT_TOO_LONG, f"{mrkdwn.code(key)} was not run: the text after it is too long."
            )
        return self._command_start.answer(entry, request, name, invocation)

    def keep_refusal(self, reason: str, request: CommandRequest, name: str, invocation: Invocation) -> None:
        """Have an audit line written of a request that is refused.

        Args:
            reason: Why, of `chatops_runtime.contracts.request_log`.
            request: What would have been the execution's input.
            name: What would have been the execution's name.
            invocation: Receives what the log line may say.
        """
        from chatops_runtime.dispatch.refusal_audit import RefusalAudit  # noqa: PLC0415 - few are refused

        RefusalAudit(self._executions, self._table.get("refusals")).keep(reason, request, name, invocation)


def _arguments(entry: CommandEntry, text: str) -> tuple[dict[str, Value] | None, str]:
    """The values of the command's arguments, or what is wrong with them."""
    if "arguments" not in entry:
        return {}, ""
    from chatops_runtime.arguments import ArgumentError, parse  # noqa: PLC0415 - of some commands only

    try:
        return parse(entry["arguments"], text), ""
    except ArgumentError as error:
        return None, str(error)


def _may_run(command: SlashCommand, entry: CommandEntry, arguments: dict[str, Value] | None) -> bool:
    """Whether nothing that is known here forbids it; what only Slack knows, the execution asks."""
    if command.is_of_a_stranger:
        return False
    found = rule.verdict(entry["allow"], user_id=command.user_id, channel_id=command.channel_id, arguments=arguments)
    return found is not False


def _words() -> ModuleType:
    """What to say of what does not run."""
    from chatops_runtime.dispatch import help_text  # noqa: PLC0415 - most commands run

    return help_text


def _parse(body: bytes) -> SlashCommand:
    try:
        return slash_command.parse(body)
    except slash_command.MalformedCommandError as error:
        raise RefusedError(400, str(error)) from None
