"""From a Slack request to an answer, within the time that Slack leaves."""

from __future__ import annotations

import time
from hashlib import sha256

from chatops_runtime.contracts import request_log
from chatops_runtime.dispatch import authorization, commands, help_text
from chatops_runtime.dispatch.answer import Answer, RefusedError
from chatops_runtime.dispatch.command_request import command_request, fits
from chatops_runtime.dispatch.http_request import HttpRequest
from chatops_runtime.slack import mrkdwn, response_url, signature, slash_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from chatops_runtime.contracts.commands_table import CommandEntry
    from chatops_runtime.dispatch.command_start import CommandStart
    from chatops_runtime.dispatch.deadline import Deadline
    from chatops_runtime.dispatch.invocation import Invocation
    from chatops_runtime.dispatch.signing_secret import SigningSecret
    from chatops_runtime.slack.slash_command import SlashCommand

OTHER_TEAM = "another_team"
OTHER_APP = "another_app"

_SECRET_SECONDS = 1.0


class Dispatcher:
    """Answers the requests of one Slack app in one workspace."""

    def __init__(
        self,
        *,
        team_id: str,
        app_id: str,
        table: dict[str, CommandEntry],
        signing_secret: SigningSecret,
        command_start: CommandStart,
    ) -> None:
        """Of what it serves.

        Args:
            team_id: The one workspace.
            app_id: The one app.
            table: The commands.
            signing_secret: What Slack signs with.
            command_start: Starts what a command runs.
        """
        self._team_id = team_id
        self._app_id = app_id
        self._table = table
        self._signing_secret = signing_secret
        self._command_start = command_start

    def warm_up(self, timeout: float) -> None:
        """Read the signing secret within `timeout` seconds, before the first request needs it.

        Raises:
            Exception: It could not be read; the first request tries again.
        """
        self._signing_secret.accepted(timeout)

    def answer(self, event: dict[str, Any], invocation: Invocation) -> Answer:
        """The answer to the request in `event`.

        Args:
            event: Lambda's event of an HTTP API or a Function URL.
            invocation: Receives what the log line may say about the request, as soon as it is known to be harmless.

        Raises:
            RefusedError: The request is not Slack's, no slash command, or not for this endpoint.
        """
        request = HttpRequest.from_event(event)
        if request.method != "POST":
            raise RefusedError(405, "method_not_allowed")
        if slash_command.is_ssl_check(request.body):
            return Answer("ssl_check")
        self._verify(request, invocation.deadline)
        command = _parse(request.body)
        invocation.note(team_id=command.team_id, channel_id=command.channel_id, user_id=command.user_id)
        self._admit(command)
        return self._run(command, sha256(request.body).hexdigest(), invocation)

    def _verify(self, request: HttpRequest, deadline: Deadline) -> None:
        """Refuse what Slack did not sign. A secret that may have been rotated since it was read is read again first."""
        refusal = self._signature_refusal(request, deadline)
        may_be_rotated = refusal in {signature.SIGNATURE_WRONG, signature.SECRET_UNUSABLE}
        if may_be_rotated and self._signing_secret.refetched(deadline.at_most(_SECRET_SECONDS)):
            refusal = self._signature_refusal(request, deadline)
        if refusal is not None:
            raise RefusedError(401, refusal)
        deadline.count_from(int(request.headers[signature.TIMESTAMP_HEADER]), time.time())

    def _signature_refusal(self, request: HttpRequest, deadline: Deadline) -> str | None:
        secrets = self._signing_secret.accepted(deadline.at_most(_SECRET_SECONDS))
        return signature.refusal(request.headers, request.body, secrets)

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
        if commands.asks_for_help(self._table, command.command, command.text):
            return Answer.ephemeral(request_log.HELP, help_text.help_text(self._table, command))
        routed = commands.route(self._table, command.command, command.text)
        if routed is None:
            return Answer.ephemeral(request_log.UNKNOWN_COMMAND, help_text.unknown_command(self._table, command))
        key, text = routed
        entry = self._table[key]
        invocation.note(command=key)
        if not authorization.is_allowed(entry["allow"], command):
            return Answer.ephemeral(request_log.NOT_ALLOWED, help_text.not_allowed(key, entry))
        if text and not entry["accepts_text"]:
            return Answer.ephemeral(request_log.USAGE, help_text.usage(key, entry))
        request = command_request(command, key, text, name)
        if not fits(request):
            return Answer.ephemeral(
                request_log.TEXT_TOO_LONG, f"{mrkdwn.code(key)} was not run: the text after it is too long."
            )
        invocation.note(execution=name)
        return self._command_start.answer(entry, request, name, invocation)


def _parse(body: bytes) -> SlashCommand:
    try:
        return slash_command.parse(body)
    except slash_command.MalformedCommandError as error:
        raise RefusedError(400, str(error)) from None
