"""From a Slack request to an answer, within the time that Slack leaves."""

from __future__ import annotations

from hashlib import sha256

from chatops_runtime.contracts import request_log
from chatops_runtime.dispatch import authorization, commands, help_text
from chatops_runtime.dispatch.answer import Answer, RefusedError
from chatops_runtime.dispatch.command_request import command_request, fits
from chatops_runtime.dispatch.http_request import HttpRequest
from chatops_runtime.slack import mrkdwn, response_url, slash_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from chatops_runtime.contracts.commands_table import CommandEntry
    from chatops_runtime.dispatch.command_start import CommandStart
    from chatops_runtime.dispatch.controls import Controls
    from chatops_runtime.dispatch.invocation import Invocation
    from chatops_runtime.dispatch.refusal_audit import RefusalAudit
    from chatops_runtime.dispatch.verification import Verification
    from chatops_runtime.slack.slash_command import SlashCommand

OTHER_TEAM = "another_team"
OTHER_APP = "another_app"

_READ_SECONDS = 1.0


class Dispatcher:
    """Answers the requests of one Slack app in one workspace."""

    def __init__(
        self,
        *,
        team_id: str,
        app_id: str,
        table: dict[str, CommandEntry],
        controls: Controls,
        verification: Verification,
        command_start: CommandStart,
        refusal_audit: RefusalAudit,
    ) -> None:
        """Of what it serves.

        Args:
            team_id: The one workspace.
            app_id: The one app.
            table: The commands.
            controls: The signing secret and the off-switch.
            verification: Refuses what is not Slack's.
            command_start: Starts what a command runs.
            refusal_audit: Keeps a line of a genuine command that is refused.
        """
        self._team_id = team_id
        self._app_id = app_id
        self._table = table
        self._controls = controls
        self._verification = verification
        self._command_start = command_start
        self._refusal_audit = refusal_audit

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
            RefusedError: The request is not Slack's, no slash command, or not for this endpoint.
            SecretMissingError: There is no signing secret to tell by.
        """
        request = HttpRequest.from_event(event)
        if request.method != "POST":
            raise RefusedError(405, "method_not_allowed")
        if slash_command.is_ssl_check(request.body):
            return Answer("ssl_check")
        self._controls.refresh(invocation.deadline.at_most(_READ_SECONDS))
        self._verification.check(request, invocation.deadline)
        command = _parse(request.body)
        invocation.note(team_id=command.team_id, channel_id=command.channel_id, user_id=command.user_id)
        self._admit(command)
        return self._run(command, sha256(request.body).hexdigest(), invocation)

    def _admit(self, command: SlashCommand) -> None:
        """Refuse what is signed but not for this endpoint, or would have us answer somewhere else."""
        if command.team_id != self._team_id:
            raise RefusedError(403, OTHER_TEAM)
        if command.app_id != self._app_id:
            raise RefusedError(403, OTHER_APP)
        # An app that is installed to a whole Enterprise organisation may answer at the organisation's URLs.
        refusal = response_url.refusal(command.response_url, {self._team_id, command.enterprise_id} - {""})
        if refusal is not None:
            raise RefusedError(403, refusal)

    def _run(self, command: SlashCommand, name: str, invocation: Invocation) -> Answer:
        switch = self._controls.off_switch
        if commands.asks_for_help(self._table, command.command, command.text):
            text = help_text.help_text(self._table, command)
            return Answer.ephemeral(request_log.HELP, text if switch.is_on else f"{switch.words}\n{text}")
        routed = commands.route(self._table, command.command, command.text)
        if routed is None:
            return Answer.ephemeral(request_log.UNKNOWN_COMMAND, help_text.unknown_command(self._table, command))
        return self._run_routed(command, *routed, name, invocation)

    def _run_routed(self, command: SlashCommand, key: str, text: str, name: str, invocation: Invocation) -> Answer:
        switch, entry = self._controls.off_switch, self._table[key]
        invocation.note(command=key, id=name)
        request = command_request(command, key, text, name, entry["visible"])
        if not switch.is_on:
            self._refusal_audit.keep(request_log.SWITCHED_OFF, request, name, invocation)
            return Answer.ephemeral(switch.outcome, f"{mrkdwn.code(key)} was not run. {switch.words}")
        if not authorization.is_allowed(entry["allow"], command):
            self._refusal_audit.keep(request_log.NOT_ALLOWED, request, name, invocation)
            return Answer.ephemeral(request_log.NOT_ALLOWED, help_text.not_allowed(key, entry))
        if text and not entry["accepts_text"]:
            return Answer.ephemeral(request_log.USAGE, help_text.usage(key, entry))
        if not fits(request):
            return Answer.ephemeral(
                request_log.TEXT_TOO_LONG, f"{mrkdwn.code(key)} was not run: the text after it is too long."
            )
        return self._command_start.answer(entry, request, name, invocation)


def _parse(body: bytes) -> SlashCommand:
    try:
        return slash_command.parse(body)
    except slash_command.MalformedCommandError as error:
        raise RefusedError(400, str(error)) from None
