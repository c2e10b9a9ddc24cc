"""Starting what answers an event or an interaction. Imported when there is one."""

from __future__ import annotations

from chatops_runtime.authorization import rule
from chatops_runtime.contracts import request_log
from chatops_runtime.contracts.request import VERSION
from chatops_runtime.dispatch.answer import Answer, RefusedError
from chatops_runtime.dispatch.command_request import fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from chatops_runtime.contracts.commands_table import HandlerEntry
    from chatops_runtime.contracts.request import HandlerRequest
    from chatops_runtime.dispatch.dispatcher import Dispatcher
    from chatops_runtime.dispatch.invocation import Invocation
    from chatops_runtime.dispatch.quiet_start import QuietStart

    class Happened(Protocol):
        """What is known of an event or an interaction alike."""

        team_id: str
        channel_id: str
        user_id: str

        @property
        def is_of_a_stranger(self) -> bool:
            """Whether somebody of another workspace did it."""


TOO_LARGE = "occurrence_too_large"


class HandlerStart:
    """Starts the state machine of an entry, unless the off-switch or the entry's rule is against it."""

    def __init__(self, dispatcher: Dispatcher, quiet_start: QuietStart, key: str, entry: HandlerEntry) -> None:
        """Of one entry.

        Args:
            dispatcher: Keeps refusals.
            quiet_start: Starts state machines.
            key: The entry's name in the commands table.
            entry: The entry.
        """
        self._dispatcher = dispatcher
        self._quiet_start = quiet_start
        self._key = key
        self._entry = entry

    def request(self, happened: Happened, *, source: str, occurrence: dict[str, Any], **more: str) -> HandlerRequest:
        """The execution's input: a pure function of the request's body and of the commands table.

        Args:
            happened: The event or the interaction.
            source: What of both it is.
            occurrence: What only the function is to know.
            more: Fields that not all requests have anything in.
        """
        request: HandlerRequest = {
            "version": VERSION,
            "command": self._key,
            "text": "",
            "arguments": {},
            "source": source,
            "team_id": happened.team_id,
            "channel_id": happened.channel_id,
            "channel_name": "",
            "user_id": happened.user_id,
            "user_name": "",
            "response_url": "",
            "visible": self._entry["visible"],
            "script_environment": "",
            "thread_ts": "",
            "occurrence": occurrence,
        }
        request.update(more)  # type: ignore[typeddict-item]  # the callers' names are the request's
        return request

    def answer(self, happened: Happened, request: HandlerRequest, name: str, invocation: Invocation) -> Answer:
        """Start it, or keep a line of why not.

        Args:
            happened: The event or the interaction.
            request: The execution's input.
            name: The execution's name.
            invocation: Receives what the log line may say.

        Raises:
            RefusedError: It is larger than an execution's input may be.
        """
        switch = self._dispatcher.off_switch
        if not switch.is_on:
            self._dispatcher.keep_refusal(request_log.SWITCHED_OFF, request, name, invocation)
            return Answer(switch.outcome)
        if not self._may(happened):
            self._dispatcher.keep_refusal(request_log.NOT_ALLOWED, request, name, invocation)
            return Answer(request_log.NOT_ALLOWED)
        if not fits(request):
            raise RefusedError(413, TOO_LARGE)
        machine = self._entry["machine"]
        return Answer(self._quiet_start.outcome(machine, name, request, invocation, started=request_log.STARTED))

    def _may(self, happened: Happened) -> bool:
        if happened.is_of_a_stranger:
            return False
        found = rule.verdict(
            self._entry["allow"], user_id=happened.user_id, channel_id=happened.channel_id, arguments={}
        )
        # Of nobody, Slack could not be asked.
        return found is not False if happened.user_id else found is True
